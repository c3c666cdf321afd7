/** What the hub tells of a model: which commit a revision is, and what files that holds. Loaded only where the hub is asked. */
import { HUB_URL, listFiles, modelInfo } from '@huggingface/hub';
import { raise } from '../faults/fault.ts';
import { hubAnswerMalformed } from '../faults/hub-answer-malformed.ts';
import { hubUnreachable } from '../faults/hub-unreachable.ts';
import { hubToken, hubTimeouts, namedEndpoint } from './environment.ts';
import type { Environment } from './environment.ts';
import { askHub, wholeBody } from './ask-hub.ts';
import { BrokenOff, hubName, standardPauses } from './hub-line.ts';
import type { HubLine } from './hub-line.ts';
import { commitPattern } from './repository.ts';
import type { HubReference } from './repository.ts';
import { provedFile } from './tree.ts';
import type { RepositoryFile } from './tree.ts';

/** A page of a list of files has some hundred kilobytes. */
const mostBytes = 50_000_000;
const mostFiles = 200_000;

/** The line that the environment describes. Throws MW6303 for an address that is none. */
export async function openLine(
  env: Environment,
  options: Partial<Pick<HubLine, 'fetch' | 'pauses' | 'signal'>> = {},
): Promise<HubLine> {
  const endpoint = namedEndpoint(env) ?? HUB_URL;
  const url = URL.parse(endpoint);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    raise(hubAnswerMalformed, {
      message: 'HF_ENDPOINT does not hold an address.',
      help: 'Write it as https://host, or unset it for the hub that everybody uses.',
    });
  }
  const token = await hubToken(env);
  return {
    endpoint,
    ...(token === undefined ? {} : { token }),
    timeouts: hubTimeouts(env),
    pauses: options.pauses ?? standardPauses,
    fetch: options.fetch ?? fetch,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
}

/** The commit that a revision is now; a whole commit is itself. Throws MW4581 to MW4583, MW6301 to MW6303. */
export async function commitOf(line: HubLine, reference: HubReference): Promise<string> {
  const { id, revision } = reference;
  if (commitPattern.test(revision)) return revision;
  const { sha } = await asked(line, reference, (fetch) =>
    modelInfo({
      name: id,
      revision,
      additionalFields: ['sha'],
      hubUrl: line.endpoint,
      fetch,
    }),
  );
  if (typeof sha !== 'string' || !commitPattern.test(sha)) refuse(line, 'names no commit');
  return sha;
}

/** The files of a commit. Throws the same. */
export async function filesOf(
  line: HubLine,
  reference: HubReference,
  commit: string,
): Promise<readonly RepositoryFile[]> {
  const listed = await asked(line, reference, async (fetch) => {
    const repo = { type: 'model', name: reference.id } as const;
    const entries = [];
    const pages = listFiles({
      repo,
      revision: commit,
      recursive: true,
      hubUrl: line.endpoint,
      fetch,
    });
    for await (const entry of pages) {
      if (entry.type !== 'file') continue;
      entries.push(entry);
      if (entries.length > mostFiles) refuse(line, 'lists more files than any model has');
    }
    return entries;
  });
  const paths = new Set<string>();
  return listed.map(({ path, size, oid, lfs, xetHash }) => {
    const file = provedFile({
      path,
      size: lfs?.size ?? size,
      gitHash: oid,
      sha256: lfs?.oid,
      xetHash,
    });
    if (file === undefined) refuse(line, 'lists a file that cannot be one of a model');
    if (paths.has(file.path)) refuse(line, 'lists one file twice');
    paths.add(file.path);
    return file;
  });
}

/** Carries a fault or a cancel through the library, which would take it for an error of its own. */
type Failure = { readonly error: unknown };

/**
 * Runs the library's routes over our own requests, so that they have our timeouts, redirects and words. What it makes of an
 * answer is not trusted: whatever it throws at one is a malformed answer.
 */
async function asked<T>(
  line: HubLine,
  about: HubReference,
  ask: (fetch: typeof globalThis.fetch) => Promise<T>,
): Promise<T> {
  const failures: Failure[] = [];
  const route: typeof globalThis.fetch = async (input, init) => {
    try {
      const url = input instanceof Request ? input.url : String(input);
      return await bufferedAnswer(line, about, url, new Headers(init?.headers));
    } catch (error) {
      failures.push({ error });
      throw error;
    }
  };
  try {
    return await ask(route);
  } catch (error) {
    const [failure] = failures;
    if (failure !== undefined) throw failure.error;
    if (!(error instanceof Error)) throw error;
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    return refuse(line, 'does not tell what a hub tells of a model');
  }
}

/** A body that broke off is asked for again: it is small. */
async function bufferedAnswer(
  line: HubLine,
  about: HubReference,
  url: string,
  headers: Headers,
): Promise<Response> {
  for (let attempt = 0; attempt <= line.pauses.length; attempt += 1) {
    const asks = { url, about, headers: Object.fromEntries(headers) };
    const answer = await askHub(line, asks);
    try {
      const body = await wholeBody(line, answer, mostBytes);
      const { status } = answer;
      const kept = ['content-type', 'link'].flatMap((name): [string, string][] => {
        const value = answer.headers.get(name);
        return value === null ? [] : [[name, value]];
      });
      return new Response(new Uint8Array(body), { status, headers: kept });
    } catch (error) {
      if (!(error instanceof BrokenOff)) throw error;
    }
  }
  raise(hubUnreachable, {
    message: `${hubName(line)} breaks off again and again.`,
    help: 'Look at the network, and fetch again.',
  });
}

function refuse(line: HubLine, what: string): never {
  raise(hubAnswerMalformed, {
    message: `${hubName(line)} ${what}.`,
    help: 'Look whether HF_ENDPOINT names a hub, and whether a proxy stands between.',
  });
}
