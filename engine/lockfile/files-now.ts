import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { configName as adapterConfigName } from '../adapters/peft-config.ts';
import type { Checkpoint, SideFile } from '../checkpoints/checkpoint.ts';
import { reading } from '../faults/system-fault.ts';

/** A file of a model as it is now. */
export interface FileNow {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly size: number;
  readonly mtimeNs: string;
  /** Of a weights file. */
  readonly headerHash?: string;
  /** As a cache names it, where it names a SHA-256. */
  readonly blobHash?: string;
}

function besideAs(folder: string, name: string): Pick<SideFile, 'name' | 'path'> {
  return { name, path: join(folder, name) };
}

/** Adapters of some trainers have no configuration. */
async function isThere(folder: string, name: string): Promise<boolean> {
  return (await reading(folder, () => readdir(folder))).includes(name);
}

/** All files of a model that may decide an output: weights, configuration, and what stands beside. Throws faults of reading. */
export async function filesNow(checkpoint: Checkpoint): Promise<readonly FileNow[]> {
  const { folder, files, configText, carried, code = [], adapter } = checkpoint;
  const beside: readonly Pick<SideFile, 'name' | 'path'>[] = [
    ...(configText === undefined ? [] : [besideAs(folder, 'config.json')]),
    ...(adapter !== undefined && (await isThere(folder, adapterConfigName))
      ? [besideAs(folder, adapterConfigName)]
      : []),
    ...carried,
    ...code,
  ];
  return [
    ...files.map(({ name, path, size, mtimeNs, headerHash, blobHash }) => ({
      name,
      path,
      size,
      mtimeNs,
      headerHash,
      ...(blobHash === undefined ? {} : { blobHash }),
    })),
    ...(await Promise.all(
      beside.map(async ({ name, path }) => {
        const status = await reading(path, () => stat(path, { bigint: true }));
        return { name, path, size: Number(status.size), mtimeNs: String(status.mtimeNs) };
      }),
    )),
  ];
}
