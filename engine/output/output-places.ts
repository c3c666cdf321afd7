import { lstat, realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isInside } from '../checkpoints/inside-folder.ts';
import { raise } from '../faults/fault.ts';
import { outputIsInput } from '../faults/output-is-input.ts';
import { outputNotFolder } from '../faults/output-not-folder.ts';
import { shownPlain } from '../faults/shown.ts';
import { systemCode, writing } from '../faults/system-fault.ts';

/** An output's folder and what stands beside it while a run is at work. All on one file system, so that renames are whole. */
export interface OutputPlaces {
  readonly out: string;
  readonly parent: string;
  readonly part: string;
  readonly old: string;
  readonly lock: string;
}

/** The places of an output; where its own is a link to a folder, those beside that folder. Throws MW6106. */
export async function placesOf(folder: string): Promise<OutputPlaces> {
  const out = await throughLink(resolve(folder));
  const parent = dirname(out);
  if (parent === out) {
    raise(outputNotFolder, {
      file: out,
      message: `${shownPlain(out)} is the root of a disk and cannot be an output.`,
      help: 'Give a folder of its own with --out.',
    });
  }
  return { out, parent, part: `${out}.part`, old: `${out}.old`, lock: `${out}.lock` };
}

async function throughLink(out: string): Promise<string> {
  return writing(out, async () => {
    try {
      return (await kindOf(out)) === 'link' ? await realpath(out) : out;
    } catch (error) {
      const code = systemCode(error);
      if (code === 'ENOTDIR') {
        raise(outputNotFolder, {
          file: out,
          message: `A file stands in the way of the folder ${shownPlain(out)}.`,
          help: 'Give another folder with --out.',
        });
      }
      if (code !== 'ENOENT' && code !== 'ELOOP') throw error;
      raise(outputNotFolder, {
        file: out,
        message: `${shownPlain(out)} is a link that leads nowhere.`,
        help: 'Remove the link, or give another folder with --out.',
      });
    }
  });
}

/** What stands at a path, links not followed. */
export async function kindOf(path: string): Promise<'absent' | 'folder' | 'file' | 'link'> {
  try {
    const status = await lstat(path);
    if (status.isSymbolicLink()) return 'link';
    return status.isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return 'absent';
    throw error;
  }
}

/** Throws MW6105 where an input lies in a folder that publishing would replace or clear. */
export async function proveNoInputInside(
  { out, part, old }: OutputPlaces,
  inputs: readonly string[],
): Promise<void> {
  const roots = await Promise.all([out, part, old].map(realOrSame));
  for (const input of inputs) {
    const real = await realOrSame(resolve(input));
    if (!roots.some((root) => isInside(real, root))) continue;
    raise(outputIsInput, {
      file: input,
      message: `The output ${shownPlain(out)} would replace ${shownPlain(input)}, which this recipe reads.`,
      help: 'Give the output a folder of its own.',
    });
  }
}

async function realOrSame(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return path;
  }
}
