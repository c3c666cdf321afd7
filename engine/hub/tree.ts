import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isPlainName } from '../checkpoints/inside-folder.ts';
import { isJsonObject, readJsonFile } from '../checkpoints/read-json.ts';
import { settle } from '../faults/fault.ts';
import { writing } from '../faults/system-fault.ts';

/** A file of a repository at a commit, as the hub lists it. */
export interface RepositoryFile {
  /** With `/` between its parts. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** What git calls it: SHA-1 over a head and the content, or over the pointer that stands for a large file. */
  readonly gitHash: string;
  /** SHA-256 of the content; only large files have it. */
  readonly sha256?: string;
  /** Its name in the hub's own store of chunks. It is kept for other programs, and has no use here. */
  readonly xetHash?: string;
}

const gitHashPattern = /^[0-9a-f]{40}$/;
const sha256Pattern = /^[0-9a-f]{64}$/;

/** The name of a file's bytes in the cache, which is its checksum. */
export function blobName({ sha256, gitHash }: RepositoryFile): string {
  return sha256 ?? gitHash;
}

/** A listed file with every part proved; undefined where one is not what it must be. */
export function provedFile(file: {
  readonly path: unknown;
  readonly size: unknown;
  readonly gitHash: unknown;
  readonly sha256: unknown;
  readonly xetHash: unknown;
}): RepositoryFile | undefined {
  const { path, size, gitHash, sha256, xetHash } = file;
  if (typeof path !== 'string' || !isPlainName(path) || path.length > 1000) return undefined;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return undefined;
  if (typeof gitHash !== 'string' || !gitHashPattern.test(gitHash)) return undefined;
  const isLarge = sha256 !== undefined && sha256 !== null;
  if (isLarge && (typeof sha256 !== 'string' || !sha256Pattern.test(sha256))) return undefined;
  const hasXet = typeof xetHash === 'string' && sha256Pattern.test(xetHash);
  return {
    path,
    size,
    gitHash,
    ...(isLarge ? { sha256: sha256 as string } : {}),
    ...(hasXet ? { xetHash } : {}),
  };
}

/** Lists of half a million files are read; deeper JSON is none. */
const treeBounds = { mostBytes: 100_000_000, deepest: 8 };
const formatVersion = 1;

function treePath(repository: string, commit: string): string {
  return join(repository, 'trees', `${commit}.json`);
}

/** The list of a commit's files that an earlier download left in the cache; one that cannot be read is as if it were not there. */
export async function readTree(
  repository: string,
  commit: string,
): Promise<readonly RepositoryFile[] | undefined> {
  const read = await settle(() => readJsonFile(treePath(repository, commit), treeBounds));
  if (!read.ok || !read.value.ok || !isJsonObject(read.value.json)) return undefined;
  const { format_version: version, files } = read.value.json;
  if (version !== formatVersion || !isJsonObject(files)) return undefined;
  const proved = Object.entries(files).map(([path, file]) =>
    isJsonObject(file)
      ? provedFile({
          path,
          size: file['lfs_size'] ?? file['size'],
          gitHash: file['blob_id'],
          sha256: file['lfs_sha256'],
          xetHash: file['xet_hash'],
        })
      : undefined,
  );
  return proved.every((file) => file !== undefined) ? proved : undefined;
}

/** Leaves the list in the cache in the form that other programs read there, in one step. Throws MW6001 to MW6004. */
export async function writeTree(
  repository: string,
  commit: string,
  files: readonly RepositoryFile[],
): Promise<void> {
  const entries = files
    .toSorted((one, other) => (one.path < other.path ? -1 : 1))
    .map(({ path, size, gitHash, sha256, xetHash }): [string, unknown] => [
      path,
      {
        size,
        blob_id: gitHash,
        ...(sha256 === undefined ? {} : { lfs_sha256: sha256, lfs_size: size }),
        ...(xetHash === undefined ? {} : { xet_hash: xetHash }),
      },
    ]);
  const tree = { format_version: formatVersion, files: Object.fromEntries(entries) };
  await writeWhole(treePath(repository, commit), JSON.stringify(tree, null, 1));
}

/** Writes a small file beside its place and renames it, so that nobody reads it half. Throws MW6001 to MW6004. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const beside = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  await writing(path, async () => {
    await mkdir(dirname(path), { recursive: true });
    try {
      await writeFile(beside, text);
      await rename(beside, path);
    } catch (error) {
      await rm(beside, { force: true });
      throw error;
    }
  });
}
