/** The server for mergekit's YAML over the wire, as an editor starts it: `mergewright lsp --yaml`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import {
  CodeActionRequest,
  CompletionRequest,
  createProtocolConnection,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  ExitNotification,
  HoverRequest,
  InitializedNotification,
  InitializeRequest,
  type InitializeResult,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  ResourceOperationKind,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { command } from '../kit/command.ts';
import { testFolder } from '../kit/merge.ts';

const slerp = `merge_method: slerp
base_model: org/a
models:
  - model: org/b
parameters:
  t: 0.5
  normalize: true
dtype: bfloat
`;

interface Served {
  readonly connection: ProtocolConnection;
  readonly initialized: InitializeResult;
  readonly process: ChildProcess;
}

let served: Served | undefined;

afterEach(async () => {
  if (served === undefined) return;
  const { connection, process: child } = served;
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await connection.sendRequest(ShutdownRequest.type);
  await connection.sendNotification(ExitNotification.type);
  await exited;
  connection.dispose();
  served = undefined;
});

async function serve({ pulls }: { readonly pulls: boolean }): Promise<Served> {
  const child = spawn(process.execPath, [command.entry, 'lsp', '--yaml']);
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.listen();
  const initialized = await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    workspaceFolders: null,
    capabilities: {
      textDocument: pulls ? { diagnostic: {} } : {},
      workspace: { workspaceEdit: { resourceOperations: [ResourceOperationKind.Create] } },
    },
  });
  await connection.sendNotification(InitializedNotification.type, {});
  served = { connection, initialized, process: child };
  return served;
}

async function opened({ connection }: Served, uri: string, text: string): Promise<void> {
  const textDocument = { uri, languageId: 'yaml', version: 1, text };
  await connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument });
}

describe('the server for YAML', () => {
  test('can do what another extension for YAML does not', async () => {
    const { capabilities } = (await serve({ pulls: true })).initialized;
    expect(Object.keys(capabilities).sort()).toMatchInlineSnapshot(`
      [
        "codeActionProvider",
        "completionProvider",
        "diagnosticProvider",
        "hoverProvider",
        "positionEncoding",
        "textDocumentSync",
      ]
    `);
  });

  test('tells findings, hovers, completes, and offers the file as a recipe', async () => {
    using folder = testFolder();
    const uri = pathToFileURL(join(folder.path, 'blend.yml')).href;
    const one = await serve({ pulls: true });
    await opened(one, uri, slerp);
    const textDocument = { uri };
    const report = await one.connection.sendRequest(DocumentDiagnosticRequest.type, {
      textDocument,
    });
    expect(report).toMatchObject({
      items: [
        { code: 'MW7102', source: 'mergewright', range: { start: { line: 6, character: 2 } } },
        {
          code: 'MW7010',
          range: { start: { line: 7, character: 7 }, end: { line: 7, character: 13 } },
        },
      ],
    });
    const hover = await one.connection.sendRequest(HoverRequest.type, {
      textDocument,
      position: { line: 0, character: 16 },
    });
    expect(JSON.stringify(hover)).toContain('Spherical interpolation');
    const items = await one.connection.sendRequest(CompletionRequest.type, {
      textDocument,
      position: { line: 7, character: 13 },
    });
    expect(JSON.stringify(items)).toContain('bfloat16');
    const mended = slerp.replace('bfloat', 'bfloat16');
    writeFileSync(join(folder.path, 'blend.merge'), '');
    const other = pathToFileURL(join(folder.path, 'mended.yml')).href;
    await opened(one, other, mended);
    const actions = await one.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri: other },
      range: { start: { line: 6, character: 3 }, end: { line: 6, character: 3 } },
      context: { diagnostics: [] },
    });
    expect(actions).toMatchObject([{ title: 'Convert to recipe', kind: 'quickfix' }]);
    expect(JSON.stringify(actions)).toContain('mended.merge');
  });

  test('pushes to a client that cannot pull, and says nothing of other YAML', async () => {
    const one = await serve({ pulls: false });
    const pushed = new Map<string, number>();
    const told = new Promise<void>((resolve) => {
      one.connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }) => {
        pushed.set(uri, diagnostics.length);
        if (pushed.size === 2) resolve();
      });
    });
    await opened(one, 'untitled:other', 'services:\n  web: {}\nmodules: [a]\n');
    await opened(one, 'untitled:ours', slerp);
    await told;
    expect([...pushed]).toEqual([
      ['untitled:other', 0],
      ['untitled:ours', 2],
    ]);
  });
});
