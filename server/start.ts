/** The language server over any connection: documents in, answers out. */
import {
  type ClientCapabilities,
  type Connection,
  DiagnosticRefreshRequest,
  DidChangeWorkspaceFoldersNotification,
  type InitializeParams,
  type InitializeResult,
  PositionEncodingKind,
  TextDocuments,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { engineVersion } from '../engine/version.ts';
import { pulls, reportOf } from './features/diagnostics.ts';
import type { Desk } from './features/feature.ts';
import { capabilitiesFor, features } from './features/registry.ts';
import { pathOfUri } from './paths.ts';
import { type ServerOptions, TrustNotification } from './protocol.ts';
import { Session } from './session.ts';

/** Attaches the server to a connection and listens; it lives as long as the connection does. */
export function startServer(connection: Connection): void {
  const documents = new TextDocuments(TextDocument);
  let client: ClientCapabilities = {};
  let options: ServerOptions = {};
  let folders: readonly string[] = [];

  const session = new Session({
    trust: { trusted: true, folders },
    changed: (uri) => announce(uri),
    failed: (error) => connection.console.error(`headers: ${told(error)}`),
  });
  const desk: Desk = {
    analysisOf: (uri) => session.analysisOf(uri),
    versionOf: (uri) => session.versionOf(uri),
    textAnalysisOf: (uri) => session.textAnalysisOf(uri),
    findingsOf: (uri) => session.findingsOf(uri),
    surroundingsOf: (uri) => session.surroundingsOf(uri),
    folderOf: (uri) => session.folderOf(uri),
    client: () => client,
    options: () => options,
  };

  /** Tells the client that a recipe's findings may have changed: a client that pulls is asked to pull again. */
  function announce(uri: string): void {
    if (!pulls(client)) return push(uri);
    if (client.workspace?.diagnostics?.refreshSupport !== true) return;
    connection.sendRequest(DiagnosticRefreshRequest.type).catch(() => undefined);
  }

  function push(uri: string): void {
    const document = documents.get(uri);
    if (document === undefined) return;
    const { version } = document;
    try {
      const diagnostics = reportOf(desk, uri);
      connection.sendDiagnostics({ uri, version, diagnostics }).catch(() => undefined);
    } catch (error) {
      connection.console.error(`diagnostics: ${told(error)}`);
    }
  }

  connection.onInitialize((params): InitializeResult => {
    client = params.capabilities;
    options = (params.initializationOptions as ServerOptions | undefined) ?? {};
    folders = foldersOf(params);
    session.setTrust({ trusted: options.trusted !== false, folders });
    return {
      serverInfo: { name: 'mergewright', version: engineVersion },
      capabilities: {
        positionEncoding: PositionEncodingKind.UTF16,
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
        ...capabilitiesFor(client),
      },
    };
  });
  connection.onNotification(DidChangeWorkspaceFoldersNotification.type, ({ event }) => {
    const removed = new Set(event.removed.flatMap(({ uri }) => pathOf(uri)));
    folders = [
      ...folders.filter((folder) => !removed.has(folder)),
      ...event.added.flatMap(({ uri }) => pathOf(uri)),
    ];
    session.setTrust({ folders });
  });
  connection.onNotification(TrustNotification.type, ({ trusted }) => session.setTrust({ trusted }));

  documents.onDidChangeContent(({ document }) => {
    session.changed(document);
    if (!pulls(client)) push(document.uri);
  });
  documents.onDidClose(({ document: { uri } }) => {
    session.closed(uri);
    if (!pulls(client)) connection.sendDiagnostics({ uri, diagnostics: [] }).catch(() => undefined);
  });
  for (const feature of features) feature.attach(connection, desk);
  connection.onShutdown(() => session.end());
  documents.listen(connection);
  connection.listen();
}

function foldersOf({
  workspaceFolders,
  rootUri,
}: Pick<InitializeParams, 'workspaceFolders' | 'rootUri'>) {
  const uris = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri === null ? [] : [rootUri]);
  return uris.flatMap(pathOf);
}

/** Folders of other file systems have no path here. */
function pathOf(uri: string): readonly string[] {
  const path = pathOfUri(uri);
  return path === undefined ? [] : [path];
}

function told(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
