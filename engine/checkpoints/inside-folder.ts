import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { raise } from '../faults/fault.ts';
import { pathLeavesFolder } from '../faults/path-leaves-folder.ts';
import { shown, shownPlain } from '../faults/shown.ts';
import { reading } from '../faults/system-fault.ts';

/** A model's folder and the only places where its files may really lie. */
export interface FolderBounds {
  /** As the user named it. */
  readonly folder: string;
  /** Folders, links resolved. The second, if any, is the blobs of a Hugging Face cache. */
  readonly roots: readonly string[];
}

export async function boundsOf(folder: string): Promise<FolderBounds> {
  const real = await reading(folder, () => realpath(folder));
  const blobs = blobsBeside(real);
  return { folder, roots: blobs === undefined ? [real] : [real, blobs] };
}

/** Where the links of a snapshot may lead: `models--org--name/snapshots/<commit>` to `models--org--name/blobs`. */
function blobsBeside(realFolder: string): string | undefined {
  const snapshots = dirname(realFolder);
  const repository = dirname(snapshots);
  if (basename(snapshots) !== 'snapshots') return undefined;
  if (!basename(repository).startsWith('models--')) return undefined;
  return join(repository, 'blobs');
}

/**
 * The real path of a file that a listing or an index names, proved to lie in the folder (or in its cache's blobs).
 * Throws MW4534 for a name with `..`, an absolute one, or a link that leads out; MW4501 where nothing is there.
 */
export async function fileInside(name: string, { folder, roots }: FolderBounds): Promise<string> {
  if (!isPlainName(name)) raise(pathLeavesFolder, leaving(folder, name));
  const path = join(folder, name);
  const real = await reading(path, () => realpath(path));
  if (!roots.some((root) => isInside(real, root))) raise(pathLeavesFolder, leaving(folder, name));
  return real;
}

/** A relative name with `/` between its parts, none of which climbs or is empty. */
export function isPlainName(name: string): boolean {
  if (name === '' || name.includes('\0') || name.includes('\\') || /^[A-Za-z]:/.test(name))
    return false;
  return name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

export function isInside(path: string, root: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function leaving(folder: string, name: string): { message: string; help: string; file: string } {
  return {
    file: folder,
    message: `${shown(name)} leads out of the model's folder ${shownPlain(folder)}.`,
    help: 'Copy the file into the folder, or name the file itself in the recipe if it is meant.',
  };
}
