/** The built server as a child process, and the client's end of the wire. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import {
  type ClientCapabilities,
  ConfigurationRequest,
  createProtocolConnection,
  type Diagnostic,
  DiagnosticRefreshRequest,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  type InitializeResult,
  IPCMessageReader,
  IPCMessageWriter,
  LogMessageNotification,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type Range,
  RegistrationRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import type { ServerOptions } from '../../server/protocol.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Bundles the server into one file, as it is shipped; its path. What a test prints is easier to read if it is not minified. */
export async function buildServer({
  minify = false,
}: { readonly minify?: boolean } = {}): Promise<string> {
  const outfile = join(mkdtempSync(join(tmpdir(), 'mergewright-server-')), 'server.mjs');
  await build({
    absWorkingDir: root,
    entryPoints: ['server/main.ts'],
    outfile,
    bundle: true,
    minify,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    // The protocol's library is written for `require`, which a module does not have by itself.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  return outfile;
}

export interface StartOptions {
  readonly server: string;
  /** The workspace's; undefined: none is open. */
  readonly folder: string | undefined;
  /** What the client answers where the server asks for its settings. */
  readonly settings?: () => unknown;
  readonly capabilities?: ClientCapabilities;
  readonly options?: ServerOptions;
  readonly env?: NodeJS.ProcessEnv;
  readonly over?: 'stdio' | 'ipc';
  /** Further arguments of the process. */
  readonly args?: readonly string[];
}

/** A client of one server; `end` leaves no process behind. */
export interface Client {
  readonly connection: ProtocolConnection;
  readonly initialized: InitializeResult;
  /** What the server logged. */
  readonly log: readonly string[];
  /** What was pushed, by the document. */
  readonly pushed: ReadonlyMap<string, readonly Diagnostic[]>;
  /** How often the server asked to be pulled again. */
  readonly refreshes: () => number;
  readonly uriOf: (name: string) => string;
  readonly open: (name: string, text: string) => Promise<string>;
  readonly change: (uri: string, changes: readonly Change[]) => Promise<void>;
  readonly close: (uri: string) => Promise<void>;
  readonly pull: (uri: string) => Promise<readonly Diagnostic[]>;
  readonly end: () => Promise<void>;
}

type Change = { readonly text: string; readonly range?: Range };

/** What an editor that can do everything says of itself. */
export const ableClient: ClientCapabilities = {
  textDocument: {
    diagnostic: {},
    completion: { completionItem: { snippetSupport: true } },
    definition: { linkSupport: true },
  },
  workspace: { diagnostics: { refreshSupport: true } },
};

export async function startClient({
  server,
  folder,
  settings = () => null,
  capabilities = ableClient,
  options,
  env = {},
  over = 'stdio',
  args = [],
}: StartOptions): Promise<Client> {
  const childEnv = { ...process.env, ...env };
  const child =
    over === 'ipc'
      ? fork(server, ['--node-ipc', ...args], { env: childEnv, silent: true })
      : spawn(process.execPath, [server, '--stdio', ...args], { env: childEnv });
  const connection = connectionTo(child, over);
  const log: string[] = [];
  const pushed = new Map<string, readonly Diagnostic[]>();
  let refreshes = 0;
  child.stderr?.on('data', (bytes: Buffer) => {
    log.push(bytes.toString());
  });
  connection.onNotification(LogMessageNotification.type, ({ message }) => {
    log.push(message);
  });
  connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }) => {
    pushed.set(uri, diagnostics);
  });
  connection.onRequest(DiagnosticRefreshRequest.type, () => {
    refreshes += 1;
  });
  connection.onRequest(ConfigurationRequest.type, ({ items }) => items.map(settings));
  connection.onRequest(RegistrationRequest.type, () => undefined);
  connection.listen();
  const initialized = await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    workspaceFolders:
      folder === undefined ? null : [{ uri: pathToFileURL(folder).href, name: 'recipes' }],
    capabilities,
    ...(options === undefined ? {} : { initializationOptions: options }),
  });
  await connection.sendNotification(InitializedNotification.type, {});

  const versions = new Map<string, number>();
  const uriOf = (name: string): string =>
    name.includes(':') ? name : pathToFileURL(join(folder ?? tmpdir(), name)).href;
  return {
    connection,
    initialized,
    log,
    pushed,
    refreshes: () => refreshes,
    uriOf,
    open: async (name, text) => {
      const uri = uriOf(name);
      versions.set(uri, 1);
      const textDocument = { uri, languageId: 'merge', version: 1, text };
      await connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument });
      return uri;
    },
    change: async (uri, changes) => {
      const version = (versions.get(uri) ?? 0) + 1;
      versions.set(uri, version);
      await connection.sendNotification(DidChangeTextDocumentNotification.type, {
        textDocument: { uri, version },
        contentChanges: changes.map(({ text, range }) =>
          range === undefined ? { text } : { text, range },
        ),
      });
    },
    close: (uri) =>
      connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } }),
    pull: async (uri) => {
      const report = await connection.sendRequest(DocumentDiagnosticRequest.type, {
        textDocument: { uri },
      });
      if (report.kind !== 'full') throw new Error('a first pull can be no unchanged report');
      return report.items;
    },
    end: () => ended(connection, child),
  };
}

function connectionTo(child: ChildProcess, over: 'stdio' | 'ipc'): ProtocolConnection {
  return over === 'ipc'
    ? createProtocolConnection(new IPCMessageReader(child), new IPCMessageWriter(child))
    : createProtocolConnection(
        new StreamMessageReader(child.stdout!),
        new StreamMessageWriter(child.stdin!),
      );
}

async function ended(connection: ProtocolConnection, child: ChildProcess): Promise<void> {
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await connection.sendRequest(ShutdownRequest.type);
  await connection.sendNotification(ExitNotification.type);
  await exited;
  connection.dispose();
}

/** Waits until something holds; fails with what was last seen. */
export async function eventually<T>(
  look: () => T | Promise<T>,
  holds: (seen: T) => boolean,
  within = 10_000,
): Promise<T> {
  const end = Date.now() + within;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > end) throw new Error(`it never came to hold: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
