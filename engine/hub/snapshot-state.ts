/** Whether a snapshot holds all that a merge needs, told without asking the hub. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  indexName,
  singleName,
  torchIndexName,
  torchSingleName,
} from '../checkpoints/pick-weights.ts';
import { raise } from '../faults/fault.ts';
import { noWeights } from '../faults/no-weights.ts';
import { partInCache } from '../faults/part-in-cache.ts';
import { shown, shownBytes, shownList } from '../faults/shown.ts';
import type { Snapshot } from './find-snapshot.ts';
import { chooseNeeded } from './needed-files.ts';
import type { NeededFiles } from './needed-files.ts';
import { writtenReference } from './repository.ts';
import type { HubReference } from './repository.ts';
import { readTree } from './tree.ts';
import type { RepositoryFile } from './tree.ts';

/** What is known of a file of a snapshot. */
export type FileState =
  | { readonly kind: 'present'; readonly size: number }
  /** The hub was asked for it once, and had none. */
  | { readonly kind: 'known-absent' }
  | { readonly kind: 'unknown' };

/** Looks a file up as it stands in the cache. A link that leads nowhere is no file. */
export async function lookUpFile(snapshot: Snapshot, path: string): Promise<FileState> {
  const size = await sizeOf(join(snapshot.folder, path));
  if (size !== undefined) return { kind: 'present', size };
  const marker = join(snapshot.repository, '.no_exist', snapshot.revision, path);
  return (await sizeOf(marker)) === undefined ? { kind: 'unknown' } : { kind: 'known-absent' };
}

/** The length of a regular file, links followed. */
export async function sizeOf(path: string): Promise<number | undefined> {
  try {
    const status = await stat(path);
    return status.isFile() ? status.size : undefined;
  } catch {
    return undefined;
  }
}

/** What the merge itself takes from a snapshot; the card and the licence may be missing. */
export function mergedFiles({ weights, carried }: NeededFiles): readonly string[] {
  return [...weights, ...carried];
}

/** Files of the list that a merge needs and the snapshot lacks, or holds at another length; none where there is no list. */
export async function missingFiles(snapshot: Snapshot): Promise<readonly RepositoryFile[]> {
  const tree = await readTree(snapshot.repository, snapshot.revision);
  if (tree === undefined) return [];
  const choice = chooseNeeded(tree.map(({ path }) => path));
  if (choice.kind !== 'chosen') return [];
  const needed = new Set(mergedFiles(choice.files));
  const files = tree.filter(({ path }) => needed.has(path));
  const sizes = await Promise.all(files.map(({ path }) => sizeOf(join(snapshot.folder, path))));
  return files.filter(({ size }, at) => sizes[at] !== size);
}

/** Throws MW4553 where the list of the revision's files shows that the snapshot is not whole. */
export async function proveWhole(snapshot: Snapshot, reference: HubReference): Promise<void> {
  const missing = await missingFiles(snapshot);
  if (missing.length === 0) return;
  const bytes = missing.reduce((sum, { size }) => sum + size, 0);
  const names = shownList(missing.map(({ path }) => path));
  raise(partInCache, {
    file: snapshot.folder,
    message: `The local Hugging Face cache holds ${shown(reference.id)} in part: ${names} (${shownBytes(bytes)}) ${missing.length === 1 ? 'is' : 'are'} missing.`,
    help: restHelp(reference),
  });
}

/** Throws MW4520 where the hub itself was found to have no weights that can be read: fetching would bring none. */
export async function proveOffered(snapshot: Snapshot, { id }: HubReference): Promise<void> {
  const states = await Promise.all(
    [singleName, indexName, torchSingleName, torchIndexName].map((name) =>
      lookUpFile(snapshot, name),
    ),
  );
  if (!states.every(({ kind }) => kind === 'known-absent')) return;
  raise(noWeights, {
    file: snapshot.folder,
    message: `${shown(id)} has no weights at this revision: the hub was asked for them before, and had none.`,
    help: 'Name another model, or a revision that has weights.',
  });
}

/** The way out where a part is missing. */
export function restHelp(reference: HubReference): string {
  return `Fetch the rest: mergewright fetch ${writtenReference(reference)}.`;
}
