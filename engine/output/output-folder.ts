import { lstat, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, success } from '../faults/fault.ts';
import type { Result } from '../faults/fault.ts';
import { foreignFiles } from '../faults/foreign-files.ts';
import { needsOverwrite } from '../faults/needs-overwrite.ts';
import { outputNotFolder } from '../faults/output-not-folder.ts';
import { shown, shownList, shownPlain } from '../faults/shown.ts';
import { systemCode, writing } from '../faults/system-fault.ts';
import { foldersOf, isWithin, namesIn } from './output-names.ts';
import { kindOf } from './output-places.ts';
import { readReport, reportName } from './report.ts';
import type { MergeReport } from './report.ts';

/** Put into an output just before it is set aside, so that a folder of another origin is never taken for one. */
export const replacedMark = '.mergewright-replaced';

/** What publishing may do at an output's place. */
export type PlaceState =
  | { readonly kind: 'free' }
  | { readonly kind: 'replace'; readonly report: MergeReport }
  | { readonly kind: 'up-to-date'; readonly report: MergeReport };

export interface PlaceQuestion {
  readonly out: string;
  readonly planHash: string;
  readonly overwrite: boolean;
}

/**
 * Looks at an output's place without touching it. An output of this very plan is up to date, unless it is to be made anew
 * (`overwrite`). Faults: MW6102, MW6103, MW6106.
 */
export async function judgePlace(question: PlaceQuestion): Promise<Result<PlaceState>> {
  const { out, planHash, overwrite } = question;
  const name = shownPlain(out);
  const kind = await writing(out, () => kindOf(out));
  if (kind === 'absent') return success({ kind: 'free' });
  if (kind !== 'folder') {
    return failure(outputNotFolder, {
      file: out,
      message: `${name} is a file; an output is a folder.`,
      help: 'Give a folder with --out, or move the file.',
    });
  }
  const top = await namesOf(out, []);
  if (top.length === 0) return success({ kind: 'free' });
  const report = await readReport(out);
  if (!report.ok) {
    return failure(foreignFiles, {
      file: out,
      message: `${name} holds files that no run made: ${shownList(top)}.`,
      help: 'Give an empty or new folder with --out; not even --overwrite deletes what is somebody else’s.',
    });
  }
  const listed = new Set([reportName, ...report.value.files.map((file) => file.name)]);
  const names = await namesOf(out, foldersOf([...listed]));
  const foreign = names.filter((entry) => !listed.has(entry));
  if (foreign.length > 0) {
    return failure(foreignFiles, {
      file: out,
      message: `${name} holds files that the run which made it did not write: ${shownList(foreign)}.`,
      help: 'Move them away, or give another folder with --out.',
    });
  }
  if (overwrite) return success({ kind: 'replace', report: report.value });
  if (report.value.planHash !== planHash) {
    return failure(needsOverwrite, {
      file: out,
      message: `${name} is there already, made from another recipe, other inputs or another version.`,
      help: 'Add --overwrite to replace it, or give another folder with --out.',
    });
  }
  const changed = await changedFile(out, report.value);
  if (changed !== undefined) {
    return failure(needsOverwrite, {
      file: join(out, changed),
      message: `${name} was made by this recipe, but ${shown(changed)} was changed or removed since.`,
      help: 'Add --overwrite to make it anew, or give another folder with --out.',
    });
  }
  return success({ kind: 'up-to-date', report: report.value });
}

function namesOf(out: string, folders: readonly string[]): Promise<readonly string[]> {
  return writing(out, async () => {
    const names = await namesIn(out, folders);
    return names.filter((entry) => entry !== replacedMark);
  });
}

/** The first listed file that is missing or has another size. */
export async function changedFile(
  folder: string,
  report: MergeReport,
): Promise<string | undefined> {
  for (const { name, size } of report.files) {
    try {
      const status = await lstat(join(folder, name));
      const isThere = status.isFile() && (await isWithin(folder, name));
      if (!isThere || status.size !== size) return name;
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
      return name;
    }
  }
  return undefined;
}

/**
 * Deletes a replaced output: the files that its report lists and their folders, then report, mark and folder. Whatever else
 * is in it stays, and so does the folder then. Gives whether it is gone; being killed in between loses nothing but time.
 */
export async function removeReplaced(folder: string): Promise<boolean> {
  return writing(folder, async () => {
    const report = await readReport(folder);
    const listed = report.ok ? report.value.files.map(({ name }) => name) : [];
    const removable = report.ok ? [...listed, reportName, replacedMark] : [replacedMark];
    for (const name of removable)
      if (await isWithin(folder, name)) await unlinkIfThere(join(folder, name));
    for (const inner of foldersOf(listed)) await removeIfEmpty(join(folder, inner));
    return removeIfEmpty(folder);
  });
}

/** Gives whether nothing stands there any more: what holds something stays, and so does what is no folder. */
export async function removeIfEmpty(path: string): Promise<boolean> {
  const kind = await kindOf(path);
  if (kind !== 'folder') return kind === 'absent';
  try {
    await rmdir(path);
    return true;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    throw error;
  }
}

export async function unlinkIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}
