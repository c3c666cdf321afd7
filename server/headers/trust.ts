/** Which models may be looked at: before trust is given, those that lie in the workspace and nowhere else. */
import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { boundsOf, isInside } from '../../engine/checkpoints/inside-folder.ts';
import type { CheckpointSource } from '../../engine/checkpoints/source.ts';

export interface Trust {
  readonly trusted: boolean;
  /** The workspace's folders, absolute. */
  readonly folders: readonly string[];
}

/**
 * Whether a source's files may be touched. An untrusted path is compared as it is written before anything is asked of the
 * file system, since asking alone would reach a network share; then it is followed through its links.
 */
export async function mayRead(source: CheckpointSource, trust: Trust): Promise<boolean> {
  if (trust.trusted) return true;
  return source.kind === 'local' && (await isInWorkspace(source.path, trust));
}

/** Whether an absolute path is a regular file or a folder of the workspace, and all its files may lie there only. */
export async function isInWorkspace(path: string, { folders }: Trust): Promise<boolean> {
  if (!folders.some((folder) => isInside(path, folder))) return false;
  try {
    const roots = await Promise.all(folders.map((folder) => realpath(folder)));
    const isHeld = (real: string): boolean => roots.some((root) => isInside(real, root));
    const real = await realpath(path);
    if (!isHeld(real)) return false;
    const status = await stat(real);
    if (!status.isFile() && !status.isDirectory()) return false;
    // A folder's own links may lead no further than these; the blobs of a hub cache lie beside its snapshots.
    const around = status.isDirectory() ? [path] : [dirname(path), dirname(real)];
    const bounds = await Promise.all(around.map((folder) => boundsOf(folder)));
    return bounds.every((of) => of.roots.every(isHeld));
  } catch {
    // What is not there may be looked for, as long as it would lie in the workspace.
    return true;
  }
}
