/** The language server for mergekit's YAML: a process of its own, started with the first file that is one of mergekit's. */
import {
  languages,
  workspace,
  type Disposable,
  type LogOutputChannel,
  type TextDocument,
} from 'vscode';
import {
  LanguageClient,
  TransportKind,
  type LanguageClientOptions,
} from 'vscode-languageclient/node';
import { looksLikeMergekit } from '../../../grammar/mergekit/looks.ts';
import type { ServerOptions, TrustParams } from '../../../server/protocol.ts';

const selector = [
  { language: 'yaml', scheme: 'file' },
  { language: 'yaml', scheme: 'untitled' },
];

/** Only its name is written here: the server's own module stays out of the extension. */
const trustMethod = 'mergewright/trust';

export class YamlServer implements Disposable {
  readonly #program: string;
  readonly #log: LogOutputChannel;
  readonly #watching: Disposable[] = [];
  #client: LanguageClient | undefined;

  constructor(program: string, log: LogOutputChannel) {
    this.#program = program;
    this.#log = log;
    this.#watching.push(
      workspace.onDidOpenTextDocument((document) => this.#look(document)),
      workspace.onDidChangeTextDocument(({ document }) => this.#look(document)),
      workspace.onDidGrantWorkspaceTrust(() => this.#trusted()),
    );
    for (const document of workspace.textDocuments) this.#look(document);
  }

  dispose(): void {
    for (const watching of this.#watching.splice(0)) watching.dispose();
    // A server that does not answer is left behind.
    void this.#client?.dispose(2000).catch(() => undefined);
    this.#client = undefined;
  }

  /** Most YAML is not mergekit's, and nothing is started for it. */
  #look(document: TextDocument): void {
    if (this.#client !== undefined || languages.match(selector, document) === 0) return;
    if (looksLikeMergekit(document.getText())) void this.#start();
  }

  async #start(): Promise<void> {
    const module = { module: this.#program, transport: TransportKind.ipc, args: ['--yaml'] };
    const options: LanguageClientOptions = {
      documentSelector: selector,
      outputChannel: this.#log,
      initializationOptions: { trusted: workspace.isTrusted } satisfies ServerOptions,
      diagnosticPullOptions: { onChange: true, onSave: true },
    };
    this.#client = new LanguageClient(
      'mergewrightYaml',
      'Mergewright (YAML)',
      { run: module, debug: module },
      options,
    );
    try {
      await this.#client.start();
    } catch (error) {
      this.#log.error(error instanceof Error ? error : String(error));
    }
  }

  #trusted(): void {
    const params: TrustParams = { trusted: true };
    void this.#client?.sendNotification(trustMethod, params);
  }
}
