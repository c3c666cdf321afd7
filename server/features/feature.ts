/**
 * A feature of the server: its name, what `initialize` answers for it, and its handlers.
 * The registry lists them; nothing else says what the server can do.
 */
import {
  type CancellationToken,
  type ClientCapabilities,
  type Connection,
  LSPErrorCodes,
  type ProtocolRequestType,
  ResponseError,
  type ServerCapabilities,
} from 'vscode-languageserver';
import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.ts';
import type { Analysis } from '../analysis/analysis.ts';
import type { Measured } from '../analysis/figures-store.ts';
import type { Surroundings } from '../completion/surroundings.ts';
import type { RecipesAround } from '../headers/recipes-around.ts';
import type { RecipeText } from '../headers/workspace-recipes.ts';
import type { ServerOptions } from '../protocol.ts';
import type { ServerSettings } from '../settings.ts';

/** What features are given of the server's state. */
export interface Desk {
  /** What is known of an open recipe, headers included; undefined where it is not open. */
  readonly analysisOf: (uri: string) => Analysis | undefined;
  /** The same as far as its text tells, which takes a fraction of the time right after a change. */
  readonly textAnalysisOf: (uri: string) => Analysis | undefined;
  readonly versionOf: (uri: string) => number | undefined;
  /** What is wrong with it, told without waiting for headers. */
  readonly findingsOf: (
    uri: string,
  ) => { readonly analysis: Analysis; readonly findings: readonly Diagnostic[] } | undefined;
  /** Of those, what the preview's figures tell. */
  readonly measuredFindingsIn: (analysis: Analysis) => readonly Diagnostic[];
  readonly surroundingsOf: (uri: string) => Surroundings;
  /** Where a recipe's relative paths start; an untitled one's in the workspace. */
  readonly folderOf: (uri: string) => string | undefined;
  /** What the preview found of it, by step. */
  readonly measuredOf: (uri: string) => ReadonlyMap<string, Measured>;
  /** Every recipe in the workspace's folders and every open one. */
  readonly recipesOfWorkspace: () => Promise<readonly RecipeText[]>;
  /** The recipe at a path and every known one that uses it. */
  readonly recipesAround: (path: string) => Promise<RecipesAround>;
  readonly settings: () => ServerSettings;
  readonly client: () => ClientCapabilities;
  readonly options: () => ServerOptions;
}

export interface Feature {
  readonly name: string;
  /** What an author has of it, in one sentence. */
  readonly about: string;
  /** The requests and notifications of the protocol that it answers. */
  readonly methods: readonly string[];
  readonly capabilities: (client: ClientCapabilities) => ServerCapabilities;
  readonly attach: (connection: Connection, desk: Desk) => void;
}

interface InDocument {
  readonly textDocument: { readonly uri: string };
}

interface DocumentFeature<P extends InDocument, R, PR, E, RO> {
  readonly name: string;
  readonly about: string;
  readonly capabilities: ServerCapabilities;
  readonly request: ProtocolRequestType<P, R, PR, E, RO>;
  /** What it is made from: the text alone, or the headers too. */
  readonly reads: 'text' | 'headers';
  /** The answer where the recipe is not open, and where a bug keeps the feature from giving one. */
  readonly empty: R;
  readonly answer: (
    analysis: Analysis,
    params: P,
    desk: Desk,
  ) => R | ResponseError | Promise<R | ResponseError>;
}

/** A feature that answers one request about an open recipe. */
export function documentFeature<P extends InDocument, R, PR, E, RO>(
  feature: DocumentFeature<P, R, PR, E, RO>,
): Feature {
  const { name, about, capabilities, request, reads, empty, answer } = feature;
  return {
    name,
    about,
    methods: [request.method],
    capabilities: () => capabilities,
    attach: (connection, desk) => {
      connection.onRequest(request.method, (params: P, token: CancellationToken) => {
        const { uri } = params.textDocument;
        const isStale = staleness(desk, uri);
        return guarded<R | ResponseError>(connection, { name, empty, token, isStale }, () => {
          const analysis = reads === 'text' ? desk.textAnalysisOf(uri) : desk.analysisOf(uri);
          return analysis === undefined ? empty : answer(analysis, params, desk);
        });
      });
    },
  };
}

interface Guard<R> {
  readonly name: string;
  readonly empty: R;
  readonly token: CancellationToken;
  /** Whether the text has changed since it was asked about. */
  readonly isStale?: () => boolean;
}

/** Tells later whether a recipe is still the one of now: positions of another text would mislead. */
export function staleness(desk: Desk, uri: string): () => boolean {
  const version = desk.versionOf(uri);
  return () => desk.versionOf(uri) !== version;
}

/** Runs a handler: a request that was cancelled meanwhile is not worked on, and a bug is logged and costs one answer only. */
export async function guarded<R>(
  connection: Connection,
  { name, empty, token, isStale = () => false }: Guard<R>,
  work: () => R | Promise<R>,
): Promise<R | ResponseError> {
  await cancellationsRead();
  if (token.isCancellationRequested) return cancelled();
  if (isStale()) return new ResponseError(LSPErrorCodes.ContentModified, 'the text has changed');
  try {
    const answer = await work();
    return token.isCancellationRequested ? cancelled() : answer;
  } catch (error) {
    connection.console.error(`${name}: ${errorText(error)}`);
    return empty;
  }
}

/** A bug as it is logged. */
export function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function cancelled(): ResponseError {
  return new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
}

/** A cancellation that came in right behind its request is read two turns later. */
async function cancellationsRead(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
