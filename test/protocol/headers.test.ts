/** Models as the running server sees them: their headers are watched, read only as far as trust goes, and found from any text. */
import { mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Hover, HoverRequest } from 'vscode-languageserver/node';
import { TrustNotification } from '../../server/protocol.ts';
import { writeSmallModel } from './models.ts';
import { buildServer, type Client, eventually, startClient } from './server-process.ts';

let server: string;
let folder: string;
const clients: Client[] = [];

beforeAll(async () => {
  server = await buildServer();
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mergewright-headers-'));
  writeSmallModel(folder, 'base');
});

afterEach(async () => {
  for (const client of clients.splice(0)) {
    const { log } = client;
    await client.end();
    expect(log).toEqual([]);
  }
  rmSync(folder, { recursive: true, force: true });
});

afterAll(() => rmSync(join(server, '..'), { recursive: true, force: true }));

async function start(options: Partial<Parameters<typeof startClient>[0]> = {}): Promise<Client> {
  const env = { HF_HUB_CACHE: join(folder, 'hub') };
  const client = await startClient({ server, folder, env, ...options });
  clients.push(client);
  return client;
}

const codesOf = (diagnostics: readonly { readonly code?: unknown }[]): readonly unknown[] =>
  diagnostics.map(({ code }) => code);

/** Opens a recipe and waits until its headers have been read. */
async function opened(client: Client, text: string, name = 'a.merge'): Promise<string> {
  const before = client.refreshes();
  const uri = await client.open(name, text);
  await eventually(client.refreshes, (count) => count > before);
  return uri;
}

describe('headers', () => {
  it('are noticed when a folder appears, changes or goes', async () => {
    const client = await start();
    const uri = await opened(client, 'model late = "./late"\nmerge m = scale(late, by: 1)\n');
    expect(codesOf(await client.pull(uri))).toEqual(['MW4501']);

    writeSmallModel(folder, 'late');
    expect(
      await eventually(
        () => client.pull(uri),
        (found) => found.length === 0,
      ),
    ).toEqual([]);
    const seen = async () => {
      const answer = await client.connection.sendRequest(HoverRequest.type, {
        textDocument: { uri },
        position: { line: 0, character: 7 },
      });
      return ((answer as Hover).contents as { readonly value: string }).value;
    };
    expect(await seen()).toContain('2 layers');

    writeSmallModel(folder, 'late', { layers: 3 });
    expect(await eventually(seen, (text) => text.includes('3 layers'))).toContain('3 layers');

    renameSync(join(folder, 'late'), join(folder, 'gone'));
    const found = await eventually(
      () => client.pull(uri),
      (told) => told.length > 0,
    );
    expect(codesOf(found)).toEqual(['MW4501']);
  });

  it('are not read outside the workspace before it is trusted', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'mergewright-outside-'));
    writeSmallModel(outside, 'secret');
    symlinkSync(join(outside, 'secret'), join(folder, 'link'));
    try {
      const client = await start({ options: { trusted: false } });
      const uri = await opened(
        client,
        `model base = "./base"\nmodel far = ${JSON.stringify(join(outside, 'secret'))}\nmodel link = "./link"\n`,
      );
      const at = async (line: number) => {
        const answer = await client.connection.sendRequest(HoverRequest.type, {
          textDocument: { uri },
          position: { line, character: 7 },
        });
        return ((answer as Hover).contents as { readonly value: string }).value;
      };
      expect(await at(0)).toContain('2 layers');
      expect(await at(1)).toContain('once the workspace is trusted');
      expect(await at(2)).toContain('once the workspace is trusted');
      expect(await client.pull(uri)).toEqual([]);
      await client.connection.sendNotification(TrustNotification.type, { trusted: true });
      await eventually(
        () => at(1),
        (text) => text.includes('2 layers'),
      );
      expect(await at(2)).toContain('2 layers');
    } finally {
      rmSync(outside, { recursive: true, force: true });
    }
  });
});

describe('texts that are no files', () => {
  it('start at the workspace where they are untitled', async () => {
    const client = await start();
    const uri = await opened(client, 'model base = "./base"\n', 'untitled:Untitled-1');
    const answer = await client.connection.sendRequest(HoverRequest.type, {
      textDocument: { uri },
      position: { line: 0, character: 7 },
    });
    expect(JSON.stringify(answer)).toContain('2 layers');
  });

  it('start at their notebook, or say that they lie nowhere', async () => {
    const page = async (of: Client, uri: string) => {
      const answer = await of.connection.sendRequest(HoverRequest.type, {
        textDocument: { uri },
        position: { line: 0, character: 7 },
      });
      return JSON.stringify(answer);
    };
    const client = await start();
    const cell = await client.open(
      `vscode-notebook-cell:${pathToFileURL(join(folder, 'notes.ipynb')).pathname}#W0`,
      'model base = "./base"\n',
    );
    await eventually(
      () => page(client, cell),
      (text) => text.includes('2 layers'),
    );
    const alone = await start({ folder: undefined });
    const uri = await alone.open(
      'untitled:Untitled-1',
      'model base = "./base"\nmerge m = nobody\n',
    );
    await eventually(
      () => page(alone, uri),
      (text) => text.includes('this text lies in none'),
    );
    expect((await alone.pull(uri)).map(({ code }) => code)).toEqual(['MW2001']);
  });
});
