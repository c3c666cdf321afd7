/** The language server of this window, over its channel; it starts nothing itself. */
import {
  EventEmitter,
  workspace,
  type Disposable,
  type Event,
  type LogOutputChannel,
} from 'vscode';
import {
  LanguageClient,
  State,
  TransportKind,
  type LanguageClientOptions,
} from 'vscode-languageclient/node';
import type {
  ExpandedPlanParams,
  ExportedYaml,
  ExportedYamlParams,
  MeasuredParams,
  ServerOptions,
  TrustParams,
} from '../../../server/protocol.ts';
import { languageId } from '../recipes.ts';

/** Only their names are written here: the server's own module stays out of the extension. */
const trustMethod = 'mergewright/trust';
const measuredMethod = 'mergewright/measured';
const expandedPlanMethod = 'mergewright/expandedPlan';
const exportedYamlMethod = 'mergewright/exportedYaml';

export type ServerState = 'starting' | 'running' | 'stopped';

export class LanguageServer implements Disposable {
  readonly #program: string;
  readonly #log: LogOutputChannel;
  readonly #changes = new EventEmitter<ServerState>();
  readonly onDidChange: Event<ServerState> = this.#changes.event;
  #client: LanguageClient | undefined;
  #state: ServerState = 'stopped';

  constructor(program: string, log: LogOutputChannel) {
    this.#program = program;
    this.#log = log;
  }

  get state(): ServerState {
    return this.#state;
  }

  async start(): Promise<void> {
    const module = { module: this.#program, transport: TransportKind.ipc };
    const client = new LanguageClient(
      'mergewright',
      'Mergewright',
      { run: module, debug: module },
      this.#clientOptions(),
    );
    this.#client = client;
    client.onDidChangeState(({ newState }) => this.#set(stateOf(newState)));
    try {
      await client.start();
    } catch (error) {
      this.#log.error(error instanceof Error ? error : String(error));
      this.#set('stopped');
    }
  }

  async restart(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    // A server that does not answer is left behind.
    await client?.dispose(2000).catch(() => undefined);
    await this.start();
  }

  /** Headers outside the folder may be read from now on. */
  async trustGranted(): Promise<void> {
    const params: TrustParams = { trusted: true };
    await this.#client?.sendNotification(trustMethod, params);
  }

  /** What a preview found, for hovers and hints. */
  async measured(figures: MeasuredParams): Promise<void> {
    if (this.#state === 'running') await this.#client?.sendNotification(measuredMethod, figures);
  }

  /** The expanded plan of an open recipe. */
  async expandedPlan(uri: string): Promise<string> {
    if (this.#client === undefined) return '// The language server is not running.\n';
    const params: ExpandedPlanParams = { uri };
    return this.#client.sendRequest<string>(expandedPlanMethod, params);
  }

  /** An open recipe as mergekit's YAML, else why it can't be said there. */
  async exportedYaml(uri: string): Promise<string> {
    if (this.#client === undefined) return '# The language server is not running.\n';
    const params: ExportedYamlParams = { uri };
    return (await this.#client.sendRequest<ExportedYaml>(exportedYamlMethod, params)).text;
  }

  async stop(): Promise<void> {
    await this.#client?.dispose(2000).catch(() => undefined);
    this.#client = undefined;
  }

  dispose(): void {
    void this.stop();
    this.#changes.dispose();
  }

  #clientOptions(): LanguageClientOptions {
    return {
      documentSelector: [
        { language: languageId, scheme: 'file' },
        { language: languageId, scheme: 'untitled' },
        { language: languageId, scheme: 'vscode-notebook-cell' },
      ],
      outputChannel: this.#log,
      initializationOptions: {
        trusted: workspace.isTrusted,
        suggestCommand: 'editor.action.triggerSuggest',
        fetchCommand: 'mergewright.fetchModels',
      } satisfies ServerOptions,
      diagnosticPullOptions: { onChange: true, onSave: true },
    };
  }

  #set(state: ServerState): void {
    this.#state = state;
    this.#changes.fire(state);
  }
}

function stateOf(state: State): ServerState {
  switch (state) {
    case State.Running:
      return 'running';
    case State.Starting:
      return 'starting';
    case State.Stopped:
    case State.StartFailed:
      return 'stopped';
  }
}
