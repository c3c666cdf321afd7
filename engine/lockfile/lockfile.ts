/** A recipe's lock: which very files its models are. One JSON text beside the recipe, the same for the same state. */
import { isJsonObject, parseJson, readBoundedText } from '../checkpoints/read-json.ts';
import { failure, settle, success, type Result } from '../faults/fault.ts';
import { malformedLockfile } from '../faults/malformed-lockfile.ts';
import { noLockfile } from '../faults/no-lockfile.ts';
import { shownPlain } from '../faults/shown.ts';
import { sourceNotFound } from '../faults/source-not-found.ts';
import { reading } from '../faults/system-fault.ts';
import { byteOrder } from '../safetensors/byte-order.ts';

export interface Lockfile {
  readonly mark: 'mergewright lock';
  readonly version: 1;
  readonly engineVersion: string;
  /** The recipes that are used, by their paths from the recipe's folder. */
  readonly recipes: readonly LockedRecipe[];
  /** By their names in the recipe. */
  readonly sources: readonly LockedSource[];
}

export interface LockedRecipe {
  readonly path: string;
  readonly sha256: string;
}

export interface LockedSource {
  readonly name: string;
  /** As the recipe writes it: a path, or an id of the hub with the revision that was asked for. */
  readonly path?: string;
  readonly hub?: string;
  readonly revision?: string;
  /** What the revision led to. */
  readonly commit?: string;
  readonly files: readonly LockedFile[];
}

export interface LockedFile {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  /** Of a weights file: SHA-256 of its header with the length before it. */
  readonly headerHash?: string;
  /** While size, header and time are these, the file is not read again. */
  readonly mtimeNs: string;
}

/** `merge.merge` has its lock in `merge.merge.lock`. */
export function lockfilePath(recipe: string): string {
  return `${recipe}.lock`;
}

export function printLockfile({ recipes, sources, engineVersion }: Lockfile): string {
  const inOrder: Lockfile = {
    mark: 'mergewright lock',
    version: 1,
    engineVersion,
    recipes: recipes
      .toSorted((a, b) => byteOrder(a.path, b.path))
      .map(({ path, sha256 }) => ({ path, sha256 })),
    sources: sources
      .toSorted((a, b) => byteOrder(a.name, b.name))
      .map(({ name, path, hub, revision, commit, files }) => ({
        name,
        ...(path === undefined ? {} : { path }),
        ...(hub === undefined ? {} : { hub }),
        ...(revision === undefined ? {} : { revision }),
        ...(commit === undefined ? {} : { commit }),
        files: files
          .toSorted((a, b) => byteOrder(a.name, b.name))
          .map(({ name: file, size, sha256, headerHash, mtimeNs }) => ({
            name: file,
            size,
            sha256,
            ...(headerHash === undefined ? {} : { headerHash }),
            mtimeNs,
          })),
      })),
  };
  return `${JSON.stringify(inOrder, null, 2)}\n`;
}

/** Faults: MW6401 where there is none, MW6402 where it is no lock. */
export async function readLockfile(recipe: string): Promise<Result<Lockfile>> {
  const path = lockfilePath(recipe);
  const text = await settle(() => reading(path, () => readBoundedText(path, 64_000_000)));
  if (!text.ok) {
    if (text.fault.code !== sourceNotFound.code) return text;
    return failure(noLockfile, {
      file: path,
      message: `There is no lock at ${shownPlain(path)}.`,
      help: `Make it: mergewright lock ${shownPlain(recipe)}.`,
    });
  }
  if (typeof text.value !== 'string') return malformed(path, text.value.what);
  return parseLockfile(text.value, path);
}

export function parseLockfile(text: string, path: string): Result<Lockfile> {
  const parsed = parseJson(text, { deepest: 8 });
  if (!parsed.ok) return malformed(path, parsed.what);
  const flaw = lockfileFlaw(parsed.json);
  return flaw === undefined ? success(parsed.json as Lockfile) : malformed(path, flaw);
}

function malformed(path: string, what: string): Result<never> {
  return failure(malformedLockfile, {
    file: path,
    message: `The lock ${shownPlain(path)} ${shownPlain(what)}.`,
    help: 'Move it away, and make it anew with `mergewright lock`.',
  });
}

type Shape = (value: unknown) => boolean;

const text: Shape = (value) => typeof value === 'string';
const hash: Shape = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const commit: Shape = (value) => typeof value === 'string' && /^[0-9a-f]{40}$/.test(value);
const time: Shape = (value) => typeof value === 'string' && /^-?\d{1,25}$/.test(value);
const size: Shape = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const optional =
  (shape: Shape): Shape =>
  (value) =>
    value === undefined || shape(value);
const listOf =
  (shape: Shape): Shape =>
  (value) =>
    Array.isArray(value) && value.every(shape);
const record =
  (shapes: Readonly<Record<string, Shape>>): Shape =>
  (value) =>
    isJsonObject(value) && Object.entries(shapes).every(([key, shape]) => shape(value[key]));

const lockfileShapes: Readonly<Record<keyof Lockfile, Shape>> = {
  mark: (value) => value === 'mergewright lock',
  version: (value) => value === 1,
  engineVersion: text,
  recipes: listOf(record({ path: text, sha256: hash })),
  sources: listOf(
    record({
      name: text,
      path: optional(text),
      hub: optional(text),
      revision: optional(text),
      commit: optional(commit),
      files: listOf(
        record({ name: text, size, sha256: hash, headerHash: optional(hash), mtimeNs: time }),
      ),
    }),
  ),
};

function lockfileFlaw(json: unknown): string | undefined {
  if (!isJsonObject(json)) return 'is not a JSON object';
  const wrong = Object.entries(lockfileShapes).find(([key, shape]) => !shape(json[key]));
  return wrong === undefined ? undefined : `has no proper "${wrong[0]}"`;
}
