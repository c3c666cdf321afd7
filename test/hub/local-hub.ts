/**
 * A hub on this machine: its routes on one port, and on another the storage that large files are given from. A test scripts what
 * goes wrong, and reads afterwards what was asked for and with which token.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** What a request for a file's bytes meets; each of a script is met once, in its order. */
export type Mishap =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Record<string, string> }
  /** The connection breaks after so many bytes of the answer. */
  | { readonly kind: 'breaks'; readonly after: number }
  /** Nothing more comes after so many bytes. */
  | { readonly kind: 'stalls'; readonly after: number }
  | { readonly kind: 'ignores-range' }
  /** Another range than the one that was asked for. */
  | { readonly kind: 'shifts-range' }
  | { readonly kind: 'wrong-bytes' }
  /** More bytes than there are. */
  | { readonly kind: 'goes-on' };

export interface HubModel {
  /** By commit: content by path. What is longer than `largeFrom` is a large file. */
  readonly commits: Readonly<Record<string, Readonly<Record<string, Buffer>>>>;
  /** Names of revisions, by commit. */
  readonly revisions: Readonly<Record<string, string>>;
  /** The only token that opens it. */
  readonly gatedFor?: string;
}

export interface Asked {
  readonly at: 'hub' | 'storage';
  readonly path: string;
  readonly token: string | undefined;
  readonly range: string | undefined;
}

export interface LocalHub {
  readonly endpoint: string;
  readonly models: Map<string, HubModel>;
  readonly asked: Asked[];
  /** Mishaps to come, by the file's path, or by `api` for the routes that tell of models. */
  readonly script: Map<string, Mishap[]>;
  close(): Promise<void>;
}

const largeFrom = 1000;
/** Few, so that small models have more than one page. */
const filesOnPage = 3;

export function sha256Of(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

export function gitHashOf(content: Buffer): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}

export function isLarge(content: Buffer): boolean {
  return content.length > largeFrom;
}

/** The files at the top of a folder. */
export function filesIn(folder: string): Record<string, Buffer> {
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]),
  );
}

export async function startHub(): Promise<LocalHub> {
  const models = new Map<string, HubModel>();
  const asked: Asked[] = [];
  const script = new Map<string, Mishap[]>();
  const storage = await listening((request, response) => {
    const url = new URL(request.url!, 'http://storage');
    asked.push(askedOf('storage', request, url.pathname));
    const content = [...models.values()]
      .flatMap(({ commits }) => Object.values(commits).flatMap((files) => Object.values(files)))
      .find((of) => `/${sha256Of(of)}` === url.pathname);
    if (content === undefined) return void response.writeHead(404).end();
    const mishap = script.get(url.searchParams.get('name')!)?.shift();
    giveBytes(request, response, content, mishap);
  });
  const hub = await listening((request, response) => {
    const url = new URL(request.url!, addressOf(hub));
    asked.push(askedOf('hub', request, url.pathname));
    const api = /^\/api\/models\/(.+?)\/(revision|tree)\/([^?]+)$/.exec(url.pathname);
    if (api !== null) {
      const mishap = script.get('api')?.shift();
      if (mishap !== undefined) return giveBytes(request, response, Buffer.alloc(0), mishap);
      const [, id, route, revision] = api;
      return tell(response, url, models.get(id!), { id: id!, route: route!, revision: revision! });
    }
    const file = /^\/(.+?)\/resolve\/([0-9a-f]{40})\/(.+)$/.exec(url.pathname);
    if (file === null) return void response.writeHead(404).end();
    const [, id, commit, path] = file;
    const name = decodeURIComponent(path!);
    const model = models.get(id!);
    if (model?.gatedFor !== undefined && model.gatedFor !== tokenOf(request)) {
      return void response
        .writeHead(tokenOf(request) === undefined ? 401 : 403, { 'x-error-code': 'GatedRepo' })
        .end();
    }
    const content = model?.commits[commit!]?.[name];
    if (content === undefined) {
      return void response.writeHead(404, { 'x-error-code': 'EntryNotFound' }).end();
    }
    if (!isLarge(content)) return giveBytes(request, response, content, script.get(name)?.shift());
    const location = `${addressOf(storage)}/${sha256Of(content)}?name=${encodeURIComponent(name)}`;
    response.writeHead(302, { location, 'x-linked-etag': `"${sha256Of(content)}"` }).end();
  });
  return {
    endpoint: addressOf(hub),
    models,
    asked,
    script,
    async close() {
      await Promise.all([hub, storage].map(closed));
    },
  };
}

function tell(
  response: ServerResponse,
  url: URL,
  model: HubModel | undefined,
  { id, route, revision }: Readonly<Record<'id' | 'route' | 'revision', string>>,
): void {
  if (model === undefined)
    return void response.writeHead(401, { 'x-error-code': 'RepoNotFound' }).end();
  const named = decodeURIComponent(revision);
  const commit = named in model.commits ? named : model.revisions[named];
  const files = commit === undefined ? undefined : model.commits[commit];
  if (files === undefined)
    return void response.writeHead(404, { 'x-error-code': 'RevisionNotFound' }).end();
  if (route === 'revision') {
    const gated = model.gatedFor === undefined ? false : 'manual';
    return giveJson(response, { _id: '1', id, sha: commit, gated, private: false, likes: 0 });
  }
  const from = Number(url.searchParams.get('cursor') ?? 0);
  const entries = Object.entries(files).map(([path, content]) => ({
    type: 'file',
    path,
    size: content.length,
    oid: gitHashOf(isLarge(content) ? Buffer.from(`pointer to ${path}`) : content),
    ...(isLarge(content)
      ? { lfs: { oid: sha256Of(content), size: content.length, pointerSize: 130 } }
      : {}),
  }));
  const next = new URL(url);
  next.searchParams.set('cursor', String(from + filesOnPage));
  const more = from + filesOnPage < entries.length;
  giveJson(
    response,
    [{ type: 'directory', path: 'folder', size: 0 }, ...entries.slice(from, from + filesOnPage)],
    more ? { link: `<${next.href}>; rel="next"` } : {},
  );
}

function giveJson(
  response: ServerResponse,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(value));
}

function giveBytes(
  request: IncomingMessage,
  response: ServerResponse,
  content: Buffer,
  mishap: Mishap | undefined,
): void {
  if (mishap?.kind === 'status') {
    return void response.writeHead(mishap.status, mishap.headers ?? {}).end();
  }
  const asksFrom = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const isRange = asksFrom > 0 && mishap?.kind !== 'ignores-range';
  const from = !isRange ? 0 : mishap?.kind === 'shifts-range' ? asksFrom - 1 : asksFrom;
  const part = Buffer.from(content.subarray(from));
  if (mishap?.kind === 'wrong-bytes') part[part.length >> 1]! ^= 0xff;
  const body = mishap?.kind === 'goes-on' ? Buffer.concat([part, part]) : part;
  const range = `bytes ${from}-${content.length - 1}/${content.length}`;
  response.writeHead(isRange ? 206 : 200, {
    'content-length': body.length,
    ...(isRange ? { 'content-range': range } : {}),
  });
  if (mishap?.kind !== 'breaks' && mishap?.kind !== 'stalls') return void response.end(body);
  const { after, kind } = mishap;
  response.write(body.subarray(0, after), () => {
    if (kind === 'breaks') setTimeout(() => response.destroy(), 10);
  });
}

function tokenOf({ headers }: IncomingMessage): string | undefined {
  return headers.authorization?.replace(/^Bearer /, '');
}

function askedOf(at: Asked['at'], request: IncomingMessage, path: string): Asked {
  return { at, path, token: tokenOf(request), range: request.headers.range };
}

function listening(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Server> {
  const server = createServer(answer);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
