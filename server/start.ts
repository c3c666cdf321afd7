/** The language server over any connection: documents in, answers out. */
import {
  type ClientCapabilities,
  type Connection,
  DiagnosticRefreshRequest,
  DidChangeWorkspaceFoldersNotification,
  type InitializeParams,
  type InitializeResult,
  InlayHintRefreshRequest,
  PositionEncodingKind,
  TextDocuments,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { engineVersion } from '../engine/version.ts';
import type { Diagnostic } from '../grammar/diagnostics/diagnostic.ts';
import type { Analysis } from './analysis/analysis.ts';
import { FiguresStore } from './analysis/figures-store.ts';
import { measuredFindings, whatIsMeasured } from './analysis/measured-findings.ts';
import { builtInOptions } from './built-in-options.ts';
import { pulls, reportOf } from './features/diagnostics.ts';
import { type Desk, errorText } from './features/feature.ts';
import { capabilitiesFor, features } from './features/registry.ts';
import { pathOfUri } from './paths.ts';
import { recipesAround } from './headers/recipes-around.ts';
import { type RecipeText, recipeTexts } from './headers/workspace-recipes.ts';
import { MeasuredNotification, type ServerOptions, TrustNotification } from './protocol.ts';
import { Session } from './session.ts';
import { defaultSettings, followSettings, isSameAllowance, settingsFrom } from './settings.ts';

/** Attaches the server to a connection and listens; it lives as long as the connection does. */
export function startServer(connection: Connection): void {
  const documents = new TextDocuments(TextDocument);
  let client: ClientCapabilities = {};
  let options: ServerOptions = {};
  let folders: readonly string[] = [];
  let settings = defaultSettings;
  const figures = new FiguresStore();

  const session = new Session({
    trust: { trusted: true, folders },
    changed: (uri) => announce(uri),
    failed: (error) => connection.console.error(`headers: ${errorText(error)}`),
  });
  const recipesOfWorkspace = (): Promise<readonly RecipeText[]> =>
    recipeTexts(folders, new Map(documents.all().map((of) => [of.uri, of.getText()])));
  const measuredIn = (analysis: Analysis): readonly Diagnostic[] =>
    measuredFindings(analysis, figures.of(analysis.uri, analysis.version), settings.allow);
  const desk: Desk = {
    analysisOf: (uri) => session.analysisOf(uri),
    versionOf: (uri) => session.versionOf(uri),
    textAnalysisOf: (uri) => session.textAnalysisOf(uri),
    findingsOf: (uri) => {
      const found = session.findingsOf(uri);
      return found && { ...found, findings: [...found.findings, ...measuredIn(found.analysis)] };
    },
    measuredFindingsIn: measuredIn,
    surroundingsOf: (uri) => session.surroundingsOf(uri),
    folderOf: (uri) => session.folderOf(uri),
    measuredOf: (uri) => figures.of(uri, session.versionOf(uri)),
    recipesOfWorkspace,
    recipesAround: async (path) =>
      recipesAround(path, {
        recipes: await recipesOfWorkspace(),
        imports: session.allImports(),
        recipeAt: (of) => session.recipeAt(of),
      }),
    settings: () => settings,
    client: () => client,
    options: () => options,
  };

  /** Tells the client that a recipe's findings may have changed: a client that pulls is asked to pull again. */
  function announce(uri: string): void {
    refreshHints();
    if (!pulls(client)) return push(uri);
    if (client.workspace?.diagnostics?.refreshSupport !== true) return;
    connection.sendRequest(DiagnosticRefreshRequest.type).catch(() => undefined);
  }

  /** Hints that stand in the text may be others now, though the text is the same. */
  function refreshHints(): void {
    if (client.workspace?.inlayHint?.refreshSupport !== true) return;
    connection.sendRequest(InlayHintRefreshRequest.type).catch(() => undefined);
  }

  function push(uri: string): void {
    const document = documents.get(uri);
    if (document === undefined) return;
    const { version } = document;
    try {
      const diagnostics = reportOf(desk, uri);
      connection.sendDiagnostics({ uri, version, diagnostics }).catch(() => undefined);
    } catch (error) {
      connection.console.error(`diagnostics: ${errorText(error)}`);
    }
  }

  connection.onInitialize((params): InitializeResult => {
    client = params.capabilities;
    options = { ...builtInOptions(), ...(params.initializationOptions as ServerOptions | null) };
    folders = foldersOf(params);
    settings = settingsFrom(undefined, options);
    session.setAllowed(settings.allow);
    session.setTrust({ trusted: options.trusted !== false, folders });
    const { workspace, ...capabilities } = capabilitiesFor(client);
    return {
      serverInfo: { name: 'mergewright', version: engineVersion },
      capabilities: {
        positionEncoding: PositionEncodingKind.UTF16,
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        workspace: {
          workspaceFolders: { supported: true, changeNotifications: true },
          ...workspace,
        },
        ...capabilities,
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
  connection.onInitialized(() => {
    followSettings(connection, client, (given) => {
      const before = settings;
      settings = settingsFrom(given, options);
      if (isSameAllowance(before, settings)) refreshHints();
      else session.setAllowed(settings.allow);
    }).catch((error: unknown) => connection.console.error(`settings: ${errorText(error)}`));
  });
  connection.onNotification(MeasuredNotification.type, (measured) => {
    const { uri, textVersion, step } = measured;
    const analysis = session.textAnalysisOf(uri);
    const of = analysis?.version === textVersion ? whatIsMeasured(analysis, step) : undefined;
    figures.tell({ ...measured, ...(of === undefined ? {} : { of }) });
    announce(uri);
  });
  connection.onNotification(TrustNotification.type, ({ trusted }) => session.setTrust({ trusted }));

  documents.onDidChangeContent(({ document }) => {
    session.changed(document);
    if (!pulls(client)) push(document.uri);
  });
  documents.onDidClose(({ document: { uri } }) => {
    session.closed(uri);
    figures.drop(uri);
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
