/** What an author sets, over the wire of the built server: as the client's settings say it, else as the server was started. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientCapabilities, InlayHintRequest } from 'vscode-languageserver/node';
import { writeSmallModel } from './models.ts';
import { ableClient, buildServer, type Client, eventually, startClient } from './server-process.ts';

/** A client that answers when it is asked for settings. */
const able: ClientCapabilities = {
  ...ableClient,
  workspace: {
    ...ableClient.workspace,
    configuration: true,
    didChangeConfiguration: { dynamicRegistration: true },
  },
};

const prelude = 'model base = "./base"\nmodel math = "./math"\nmodel code = "./code"\n';

let server: string;
let folder: string;

beforeAll(async () => {
  server = await buildServer();
  folder = mkdtempSync(join(tmpdir(), 'mergewright-settings-'));
  for (const name of ['base', 'math', 'code']) writeSmallModel(folder, name);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(join(server, '..'), { recursive: true, force: true });
});

describe('the setting of hints', () => {
  it('is asked for, and followed', async () => {
    const told: string[] = ['all'];
    const own = await startClient({
      server,
      folder,
      capabilities: able,
      settings: () => ({ inlayHints: told.at(-1) }),
    });
    try {
      const uri = await own.open('set.merge', `${prelude}merge m = ties(base, [math])\n`);
      const range = { start: { line: 3, character: 0 }, end: { line: 4, character: 0 } };
      const labels = async () => {
        const hints = await own.connection.sendRequest(InlayHintRequest.type, {
          textDocument: { uri },
          range,
        });
        return (hints ?? []).map(({ label }) => label as string);
      };
      await eventually(labels, (now) => now.some((label) => label.includes('density: 20%')));
      told.push('off');
      await own.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
      await eventually(labels, (now) => now.length === 0);
    } finally {
      await own.end();
    }
  });
});

describe('the setting of codes that are allowed', () => {
  const recipe = `${prelude}merge m = ties(base, [math, code], combine: sum, scale: 1)\noutput m to "./out"\n`;
  const codesOf = async (of: Client, uri: string): Promise<string[]> =>
    (await of.pull(uri)).map(({ code }) => String(code));

  it('is followed, and silences no error', async () => {
    let allow: unknown = [];
    const settings = () => ({ diagnostics: { allow } });
    const own = await startClient({ server, folder, capabilities: able, settings });
    try {
      const uri = await own.open('allow.merge', recipe);
      const before = await eventually(
        () => codesOf(own, uri),
        (codes) => codes.length > 0,
      );
      const changed = async (to: unknown): Promise<void> => {
        allow = to;
        const refreshes = own.refreshes();
        await own.connection.sendNotification('workspace/didChangeConfiguration', {
          settings: null,
        });
        await eventually(own.refreshes, (now) => now > refreshes);
      };
      await changed(before);
      expect(await codesOf(own, uri)).toEqual([]);
      await changed(null);
      expect(await codesOf(own, uri)).toEqual(before);
      await changed(['MW1', 7, { toString: 1 }, 'MW30022', 'MW3002', ...before]);
      expect(await codesOf(own, uri)).toEqual([]);
      const broken = await own.open(
        'broken.merge',
        `${prelude}merge m = ties(base, [math], density: 20)\n`,
      );
      expect(await codesOf(own, broken)).toContain('MW3002');
    } finally {
      await own.end();
    }
  });

  it('may come with the start', async () => {
    const options = { diagnostics: { allow: ['MW3104'] } };
    const own = await startClient({ server, folder, options });
    try {
      const uri = await own.open('start.merge', recipe);
      expect(await codesOf(own, uri)).toEqual([]);
    } finally {
      await own.end();
    }
  });

  it('is honoured in mergekit’s YAML', async () => {
    let allow: readonly string[] = [];
    const settings = () => ({ diagnostics: { allow } });
    const own = await startClient({
      server,
      folder,
      capabilities: able,
      settings,
      args: ['--yaml'],
    });
    try {
      const text =
        'merge_method: linear\nmodels:\n  - model: org/a\n    parameters: { weight: 1 }\n  - model: org/b\n    parameters: { weight: 1 }\nnonsense: 3\n';
      const uri = await own.open('set.yaml', text);
      const before = await codesOf(own, uri);
      expect(before.length).toBeGreaterThan(0);
      allow = before;
      await own.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
      await eventually(
        () => codesOf(own, uri),
        (codes) => codes.length === 0,
      );
    } finally {
      await own.end();
    }
  });
});
