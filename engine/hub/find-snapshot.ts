import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readBoundedText } from '../checkpoints/read-json.ts';
import { FaultError, raise, settle } from '../faults/fault.ts';
import { notARegularFile } from '../faults/not-a-regular-file.ts';
import { notInCache } from '../faults/not-in-cache.ts';
import { shown, shownPlain } from '../faults/shown.ts';
import { sourceNotFound } from '../faults/source-not-found.ts';
import { reading, systemCode } from '../faults/system-fault.ts';
import { hubCacheFolder } from './environment.ts';
import type { Environment } from './environment.ts';
import {
  commitPattern,
  defaultRevision,
  proveReference,
  repositoryFolder,
  writtenReference,
} from './repository.ts';
import type { HubReference } from './repository.ts';

/** A snapshot in the local cache. */
export interface Snapshot {
  readonly folder: string;
  /** The commit, 40 hexadecimal digits. */
  readonly revision: string;
  /** The folder of the model in the cache, which holds this snapshot beside others. */
  readonly repository: string;
}

const shortCommit = /^[0-9a-f]{7,39}$/;

/**
 * Finds the snapshot of an id at a revision (a branch, a tag, a nested reference, a commit, or the first seven or more digits
 * of one that the cache holds). Nothing is fetched and no other revision is taken instead. Throws MW4550 and MW4551.
 */
export async function findSnapshot(
  id: string,
  revision: string,
  env: Environment,
): Promise<Snapshot> {
  const reference = { id, revision };
  proveReference(reference);
  const cache = hubCacheFolder(env);
  const repository = repositoryFolder(cache, id);
  if (!(await isFolder(repository))) {
    raise(notInCache, {
      file: repository,
      message: (await isFolder(cache))
        ? `The local Hugging Face cache (${shownPlain(cache)}) does not hold ${shown(id)}.`
        : `There is no local Hugging Face cache at ${shownPlain(cache)}, so ${shown(id)} is not there.`,
      help: `${fetchHelp(reference)} Another cache is named by HF_HUB_CACHE or HF_HOME.`,
    });
  }
  const commits = await commitsIn(repository);
  const found = await resolveRevision(repository, revision, commits);
  const folder = found === undefined ? undefined : join(repository, 'snapshots', found);
  if (found === undefined || folder === undefined || !(await isFolder(folder))) {
    const held = await heldRevisions(repository, commits);
    raise(notInCache, {
      file: repository,
      message:
        `The local Hugging Face cache holds ${shown(id)}, but not its revision ${shown(revision)}` +
        `${held === '' ? '' : ` (it has ${held})`}.`,
      help: fetchHelp(reference),
    });
  }
  return { folder, revision: found, repository };
}

/** The way out where the cache lacks something. */
export function fetchHelp(reference: HubReference): string {
  return `Fetch it first: mergewright fetch ${writtenReference(reference)}.`;
}

async function resolveRevision(
  repository: string,
  revision: string,
  commits: readonly string[],
): Promise<string | undefined> {
  if (commitPattern.test(revision)) return revision;
  const reference = await readReference(join(repository, 'refs', revision));
  if (reference !== undefined) return reference;
  if (!shortCommit.test(revision)) return undefined;
  const fitting = commits.filter((name) => name.startsWith(revision));
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** The commit in a file of `refs/`; anything but a commit is as if the file were not there. */
async function readReference(path: string): Promise<string | undefined> {
  const text = await settle(() => reading(path, () => readBoundedText(path, 200)));
  if (!text.ok) {
    const absent: readonly string[] = [sourceNotFound.code, notARegularFile.code];
    if (absent.includes(text.fault.code)) return undefined;
    throw new FaultError(text.fault);
  }
  if (typeof text.value !== 'string') return undefined;
  const commit = text.value.trim();
  return commitPattern.test(commit) ? commit : undefined;
}

async function commitsIn(repository: string): Promise<readonly string[]> {
  return (await namesIn(join(repository, 'snapshots'))).filter((name) => commitPattern.test(name));
}

/** What could be meant instead: references by their names, `main` first, nested ones among them, and short commits. */
async function heldRevisions(repository: string, commits: readonly string[]): Promise<string> {
  const named = (await referencesIn(join(repository, 'refs'), ''))
    .toSorted((one, other) => Number(other === defaultRevision) - Number(one === defaultRevision))
    .map((name) => shown(name));
  const short = commits.map((name) => name.slice(0, 7));
  return [...named, ...short].slice(0, 6).join(', ');
}

/** Deep enough for `refs/pr/1`, and for branches with a slash. */
const deepestReference = 5;

async function referencesIn(folder: string, prefix: string, depth = 0): Promise<string[]> {
  const names = await namesIn(folder);
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      if (depth < deepestReference && (await isFolder(path)))
        return referencesIn(path, `${prefix}${name}/`, depth + 1);
      return [prefix + name];
    }),
  );
  return found.flat();
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    return reading(path, () => Promise.reject(error));
  }
}

async function namesIn(path: string): Promise<string[]> {
  if (!(await isFolder(path))) return [];
  return (await reading(path, () => readdir(path))).sort();
}
