/**
 * The language server for mergekit's YAML: findings, hover, completion and fixes, and nothing that another extension for YAML does.
 * It is a server of its own, so that what it can do is said of YAML alone.
 */
import { existsSync } from 'node:fs';
import {
  type CancellationToken,
  type ClientCapabilities,
  CodeActionKind,
  CodeActionRequest,
  CompletionRequest,
  type Connection,
  DiagnosticRefreshRequest,
  type Diagnostic,
  type DocumentDiagnosticParams,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
  DocumentDiagnosticRequest,
  HoverRequest,
  type InitializeResult,
  MarkupKind,
  PositionEncodingKind,
  ResourceOperationKind,
  TextDocuments,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { catalogue } from '../../engine/methods/catalogue.ts';
import { engineVersion } from '../../engine/version.ts';
import { looksLikeMergekit } from '../../grammar/mergekit/looks.ts';
import { builtInOptions } from '../built-in-options.ts';
import { offsetAt, rangeOf } from '../analysis/positions.ts';
import { pulls } from '../features/diagnostics.ts';
import { errorText, guarded } from '../features/feature.ts';
import { protocolDiagnostic } from '../features/protocol-diagnostic.ts';
import { pathOfUri } from '../paths.ts';
import { type ServerOptions, TrustNotification } from '../protocol.ts';
import { defaultSettings, followSettings, isSameAllowance, settingsFrom } from '../settings.ts';
import { actionsIn } from './code-actions.ts';
import { completionIn } from './completion.ts';
import { hoverIn } from './hover.ts';
import { YamlShelf } from './shelf.ts';

/** Attaches the server to a connection and listens; it lives as long as the connection does. */
export function startYamlServer(connection: Connection): void {
  const documents = new TextDocuments(TextDocument);
  let client: ClientCapabilities = {};
  let options: ServerOptions = {};
  let settings = defaultSettings;
  const shelf = new YamlShelf({
    trust: { trusted: true, folders: [] },
    changed: (uri) => announce(uri),
    failed: (error) => connection.console.error(`headers: ${errorText(error)}`),
  });

  function announce(uri: string): void {
    if (!pulls(client)) return push(uri);
    if (client.workspace?.diagnostics?.refreshSupport !== true) return;
    connection.sendRequest(DiagnosticRefreshRequest.type).catch(() => undefined);
  }

  function push(uri: string): void {
    connection.sendDiagnostics({ uri, diagnostics: reportOf(uri) }).catch(() => undefined);
  }

  function reportOf(uri: string): Diagnostic[] {
    const analysis = shelf.analysisOf(uri);
    if (analysis === undefined) return [];
    return analysis.findings.map((finding) => protocolDiagnostic(analysis, finding, options));
  }

  connection.onInitialize((params): InitializeResult => {
    client = params.capabilities;
    options = { ...builtInOptions(), ...(params.initializationOptions as ServerOptions | null) };
    settings = settingsFrom(undefined, options);
    shelf.setAllowed(settings.allow);
    const folders = (params.workspaceFolders ?? []).flatMap(({ uri }) => pathOfUri(uri) ?? []);
    shelf.setTrust({ trusted: options.trusted !== false, folders });
    return {
      serverInfo: { name: 'mergewright-yaml', version: engineVersion },
      capabilities: {
        positionEncoding: PositionEncodingKind.UTF16,
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        hoverProvider: true,
        completionProvider: { triggerCharacters: [' ', ':', '-'] },
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
        ...(pulls(client)
          ? {
              diagnosticProvider: {
                identifier: 'mergewright-yaml',
                interFileDependencies: false,
                workspaceDiagnostics: false,
              },
            }
          : {}),
      },
    };
  });
  connection.onInitialized(() => {
    followSettings(connection, client, (given) => {
      const before = settings;
      settings = settingsFrom(given, options);
      if (!isSameAllowance(before, settings)) shelf.setAllowed(settings.allow);
    }).catch((error: unknown) => connection.console.error(`settings: ${errorText(error)}`));
  });
  connection.onNotification(TrustNotification.type, ({ trusted }) => shelf.setTrust({ trusted }));
  connection.onRequest(
    DocumentDiagnosticRequest.method,
    ({ textDocument: { uri } }: DocumentDiagnosticParams, token: CancellationToken) => {
      const full = (items: Diagnostic[]): DocumentDiagnosticReport => ({
        kind: DocumentDiagnosticReportKind.Full,
        items,
      });
      return guarded(connection, { name: 'diagnostics', empty: full([]), token }, () =>
        full(reportOf(uri)),
      );
    },
  );
  connection.onRequest(HoverRequest.type, ({ textDocument: { uri }, position }, token) =>
    guarded(connection, { name: 'hover', empty: null, token }, () => {
      const analysis = shelf.analysisOf(uri);
      const hover = analysis && hoverIn(analysis, offsetAt(analysis, position));
      if (analysis === undefined || hover === undefined) return null;
      const contents = { kind: MarkupKind.Markdown, value: hover.markdown };
      return { contents, range: rangeOf(analysis, hover.span) };
    }),
  );
  connection.onRequest(CompletionRequest.type, ({ textDocument: { uri }, position }, token) =>
    guarded(connection, { name: 'completion', empty: [], token }, () => {
      const document = documents.get(uri);
      const text = document?.getText() ?? '';
      if (document === undefined || !looksLikeMergekit(text)) return [];
      return [...completionIn(text, document.offsetAt(position), catalogue)];
    }),
  );
  connection.onRequest(CodeActionRequest.type, (params, token) =>
    guarded(connection, { name: 'code actions', empty: [], token }, () => {
      const analysis = shelf.analysisOf(params.textDocument.uri);
      if (analysis === undefined) return [];
      const can = client.workspace?.workspaceEdit?.resourceOperations ?? [];
      return [
        ...actionsIn(analysis, params, {
          options,
          canCreate: shelf.isTrusted && can.includes(ResourceOperationKind.Create),
          exists: (uri) => documents.get(uri) !== undefined || isFile(uri),
        }),
      ];
    }),
  );
  documents.onDidChangeContent(({ document }) => {
    shelf.changed(document);
    if (!pulls(client)) push(document.uri);
  });
  documents.onDidClose(({ document: { uri } }) => {
    shelf.closed(uri);
    if (!pulls(client)) connection.sendDiagnostics({ uri, diagnostics: [] }).catch(() => undefined);
  });
  connection.onShutdown(() => shelf.end());
  documents.listen(connection);
  connection.listen();
}

function isFile(uri: string): boolean {
  const path = pathOfUri(uri);
  return path !== undefined && existsSync(path);
}
