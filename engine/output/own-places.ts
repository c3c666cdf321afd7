/** What a claim makes sure of before it touches a place: that nobody else's file or folder is there. */
import { lstat, rmdir } from 'node:fs/promises';
import { raise } from '../faults/fault.ts';
import { systemCode, writing } from '../faults/system-fault.ts';
import { workFolderForeign } from '../faults/work-folder-foreign.ts';
import { foreign, isReplaced } from './leftovers.ts';
import { kindOf, type OutputPlaces } from './output-places.ts';

/** A regular file under this name alone: what lies in a work folder may have been put there. */
export async function isOwnFile(path: string): Promise<boolean> {
  const status = await lstat(path).catch((error: unknown) => {
    if (systemCode(error) !== 'ENOENT') throw error;
    return undefined;
  });
  return status?.isFile() === true && status.nlink === 1;
}

/** A replaced output is set aside under this name, so that nothing else may stand there. */
export async function proveOldIsFree({ old }: OutputPlaces): Promise<void> {
  await writing(old, async () => {
    if ((await kindOf(old)) === 'absent' || (await isReplaced(old))) return;
    raise(workFolderForeign, foreign(old));
  });
}

/** Takes back folders that a claim made, as far as they are empty. */
export async function removeEmpty(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    try {
      await rmdir(folder);
    } catch {
      return;
    }
  }
}
