/** The lock of a recipe as its models are now. */
import { createHash } from 'node:crypto';
import { dirname, relative } from 'node:path';
import type { SourceReference } from '../../grammar/check/checked.ts';
import type { Imports } from '../../grammar/check/imports.ts';
import { sourcesOf } from '../../grammar/check/sources.ts';
import { settle, valueOf, type Result } from '../faults/fault.ts';
import type { OpenedRecipe } from '../recipe/open-recipe.ts';
import { filesNow, type FileNow } from './files-now.ts';
import { hashFiles, type HashOptions } from './hash-files.ts';
import type { LockedFile, LockedRecipe, LockedSource, Lockfile } from './lockfile.ts';

export interface LockOptions extends HashOptions {
  readonly engineVersion: string;
  /** The lock that is there: what is as it says is not read again. */
  readonly before?: Lockfile;
}

export interface MadeLock {
  readonly lock: Lockfile;
  /** Bytes that were read for it. */
  readonly bytesRead: number;
}

/** Undefined: cancelled. Faults: those of reading. */
export function makeLock(
  opened: OpenedRecipe,
  options: LockOptions,
): Promise<Result<MadeLock | undefined>> {
  return settle(async () => {
    const sources = await sourcesNow(opened);
    const known = (source: SourceNow, file: FileNow): string | undefined =>
      file.blobHash ?? knownBefore(source, file, options.before);
    const unread = sources.flatMap((source) =>
      source.files.filter((file) => known(source, file) === undefined),
    );
    const hashes = valueOf(await hashFiles(unread, options));
    if (hashes === undefined) return undefined;
    const lock: Lockfile = {
      mark: 'mergewright lock',
      version: 1,
      engineVersion: options.engineVersion,
      recipes: recipesNow(opened),
      sources: sources.map((source) => ({
        ...source.reference,
        files: source.files.map((file) =>
          lockedFile(file, known(source, file) ?? hashes.get(file.path)!),
        ),
      })),
    };
    return { lock, bytesRead: unread.reduce((sum, { size }) => sum + size, 0) };
  });
}

function lockedFile({ name, size, mtimeNs, headerHash }: FileNow, sha256: string): LockedFile {
  return { name, size, sha256, ...(headerHash === undefined ? {} : { headerHash }), mtimeNs };
}

function knownBefore(
  { reference }: SourceNow,
  file: FileNow,
  before: Lockfile | undefined,
): string | undefined {
  const source = before?.sources.find((of) => isSamePlace(of, reference));
  const locked = source?.files.find(({ name }) => name === file.name);
  return locked !== undefined && isAsLocked(file, locked) ? locked.sha256 : undefined;
}

/** Whether nothing speaks for a file having changed. */
export function isAsLocked(file: FileNow, locked: LockedFile): boolean {
  return (
    file.size === locked.size &&
    file.headerHash === locked.headerHash &&
    file.mtimeNs === locked.mtimeNs
  );
}

/** Where a source is read from. */
export type LockedReference = Omit<LockedSource, 'files'>;

export function isSamePlace(one: LockedReference, other: LockedReference): boolean {
  return one.path === other.path && one.hub === other.hub && one.revision === other.revision;
}

export interface SourceNow {
  readonly reference: LockedReference;
  readonly files: readonly FileNow[];
}

/** Every source that was opened. Throws faults of reading. */
export async function sourcesNow(opened: OpenedRecipe): Promise<readonly SourceNow[]> {
  const { checked, imports, checkpoints } = opened;
  const sources: SourceNow[] = [];
  for (const { name, reference } of sourcesOf(checked.recipe, imports)) {
    const checkpoint = checkpoints.get(name);
    if (checkpoint === undefined) continue;
    sources.push({
      reference: placeOf(name, reference, checkpoint.revision),
      files: await filesNow(checkpoint),
    });
  }
  return sources;
}

function placeOf(
  name: string,
  reference: SourceReference,
  commit: string | undefined,
): LockedReference {
  if (reference.kind === 'path') return { name, path: reference.path };
  const { id, revision } = reference;
  return {
    name,
    hub: id,
    ...(revision === undefined ? {} : { revision }),
    ...(commit === undefined ? {} : { commit }),
  };
}

export function recipesNow({
  path,
  imports,
}: {
  readonly path: string;
  readonly imports: Imports;
}): readonly LockedRecipe[] {
  return [...imports.files].map(([file, { text }]) => ({
    path: relative(dirname(path), file).replaceAll('\\', '/'),
    sha256: createHash('sha256').update(text, 'utf8').digest('hex'),
  }));
}
