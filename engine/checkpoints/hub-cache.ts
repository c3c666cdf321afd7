import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { FaultError, raise, settle } from '../faults/fault.ts';
import { malformedHubId } from '../faults/malformed-hub-id.ts';
import { notARegularFile } from '../faults/not-a-regular-file.ts';
import { notInCache } from '../faults/not-in-cache.ts';
import { shown, shownPlain } from '../faults/shown.ts';
import { sourceNotFound } from '../faults/source-not-found.ts';
import { reading, systemCode } from '../faults/system-fault.ts';
import { isPlainName } from './inside-folder.ts';
import { readBoundedText } from './read-json.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A snapshot in the local cache. */
export interface Snapshot {
  readonly folder: string;
  /** The commit, 40 hexadecimal digits. */
  readonly revision: string;
}

const commit = /^[0-9a-f]{40}$/;
const shortCommit = /^[0-9a-f]{7,39}$/;

/** Where the cache is, by the variables that Hugging Face's own tools read, in their order. */
export function hubCacheFolder(env: Environment): string {
  const home = env['HOME'] ?? env['USERPROFILE'] ?? homedir();
  const expanded = (value: string | undefined): string | undefined =>
    value === undefined || value === '' ? undefined : expand(value, env, home);
  const direct = expanded(env['HF_HUB_CACHE']) ?? expanded(env['HUGGINGFACE_HUB_CACHE']);
  if (direct !== undefined) return direct;
  const hfHome = expanded(env['HF_HOME']);
  if (hfHome !== undefined) return join(hfHome, 'hub');
  return join(expanded(env['XDG_CACHE_HOME']) ?? join(home, '.cache'), 'huggingface', 'hub');
}

function expand(value: string, env: Environment, home: string): string {
  const withHome = value === '~' || value.startsWith('~/') ? home + value.slice(1) : value;
  return withHome.replace(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (whole, braced: string | undefined, plain: string | undefined) =>
      env[braced ?? plain ?? ''] ?? whole,
  );
}

/**
 * Finds the snapshot of an id at a revision (a branch, a tag, a commit, or the first seven or more digits of one that the
 * cache holds). Nothing is fetched and no other revision is taken instead. Throws MW4550 and MW4551.
 */
export async function findSnapshot(
  id: string,
  revision: string,
  env: Environment,
): Promise<Snapshot> {
  if (!isHubId(id)) {
    raise(malformedHubId, {
      message: `${shown(id)} is not a Hugging Face id.`,
      help: 'Write an id as "org/name", and a path with "./" before it or with `local("…")`.',
    });
  }
  if (!isPlainName(revision)) {
    raise(malformedHubId, {
      message: `${shown(revision)} is not a revision.`,
      help: 'Name a branch, a tag or a commit.',
    });
  }
  const cache = hubCacheFolder(env);
  const repository = join(cache, `models--${id.replaceAll('/', '--')}`);
  const fetchIt = `Download it first: hf download ${id}${revision === 'main' ? '' : ` --revision ${revision}`}.`;
  if (!(await isFolder(repository))) {
    raise(notInCache, {
      file: repository,
      message: (await isFolder(cache))
        ? `The local Hugging Face cache (${shownPlain(cache)}) does not hold ${shown(id)}.`
        : `There is no local Hugging Face cache at ${shownPlain(cache)}, so ${shown(id)} is not there.`,
      help: `${fetchIt} Another cache is named by HF_HUB_CACHE or HF_HOME.`,
    });
  }
  const commits = await namesIn(join(repository, 'snapshots'));
  const found = await resolveRevision(repository, revision, commits);
  const folder = found === undefined ? undefined : join(repository, 'snapshots', found);
  if (found === undefined || folder === undefined || !(await isFolder(folder))) {
    const held = await heldRevisions(repository, commits);
    raise(notInCache, {
      file: repository,
      message:
        `The local Hugging Face cache holds ${shown(id)}, but not its revision ${shown(revision)}` +
        `${held === '' ? '' : ` (it has ${held})`}.`,
      help: fetchIt,
    });
  }
  return { folder, revision: found };
}

function isHubId(id: string): boolean {
  const parts = id.split('/');
  if (parts.length > 2 || id.length > 96 || id.includes('--') || id.includes('..')) return false;
  return parts.every((part) => /^[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?$/.test(part));
}

async function resolveRevision(
  repository: string,
  revision: string,
  commits: readonly string[],
): Promise<string | undefined> {
  if (commit.test(revision)) return revision;
  const reference = await readReference(join(repository, 'refs', revision));
  if (reference !== undefined) return reference;
  if (!shortCommit.test(revision)) return undefined;
  const fitting = commits.filter((name) => commit.test(name) && name.startsWith(revision));
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
  const reference = text.value.trim();
  return commit.test(reference) ? reference : undefined;
}

async function heldRevisions(repository: string, commits: readonly string[]): Promise<string> {
  const named = (await namesIn(join(repository, 'refs'))).map((name) => shown(name));
  const short = commits.filter((name) => commit.test(name)).map((name) => name.slice(0, 7));
  return [...named, ...short].slice(0, 6).join(', ');
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
