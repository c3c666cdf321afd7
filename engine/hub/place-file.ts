import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { systemCode, writing } from '../faults/system-fault.ts';

export interface SnapshotPlace {
  /** The model's folder in the cache. */
  readonly repository: string;
  readonly commit: string;
  /** The file's path in the repository. */
  readonly path: string;
}

export function snapshotPath({ repository, commit, path }: SnapshotPlace): string {
  return join(repository, 'snapshots', commit, path);
}

export interface Placing {
  readonly blob: string;
  /** Whether no other snapshot may refer to the blob yet: then it can be moved where there are no links. */
  readonly isNew: boolean;
  readonly mayLink: boolean;
}

/**
 * Gives a blob its name in a snapshot: a relative link, or where there are none (some Windows, some disks) the file itself.
 * What stood there is replaced in one step. Throws MW6001 to MW6004.
 */
export async function placeFile(
  place: SnapshotPlace,
  { blob, isNew, mayLink }: Placing,
): Promise<void> {
  const target = snapshotPath(place);
  const beside = `${target}.${randomUUID().slice(0, 8)}.tmp`;
  await writing(target, async () => {
    await mkdir(dirname(target), { recursive: true });
    try {
      const isLinked = mayLink && (await link(relative(dirname(target), blob), beside));
      if (!isLinked && isNew) return await rename(blob, target);
      if (!isLinked) await copyFile(blob, beside);
      await rename(beside, target);
    } catch (error) {
      await rm(beside, { force: true });
      throw error;
    }
  });
}

/** False where this system or disk has no links, or does not let this user make them. */
async function link(to: string, at: string): Promise<boolean> {
  try {
    await symlink(to, at, 'file');
    return true;
  } catch (error) {
    const code = systemCode(error);
    if (code !== undefined && ['EPERM', 'EACCES', 'ENOSYS', 'ENOTSUP', 'EINVAL'].includes(code))
      return false;
    throw error;
  }
}
