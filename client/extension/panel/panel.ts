/** The panel beside the editor: one of a window, on the recipe that was previewed last. */
import {
  Uri,
  ViewColumn,
  window,
  workspace,
  type Disposable,
  type ExtensionContext,
  type TextDocument,
  type WebviewPanel,
} from 'vscode';
import {
  panelProtocolVersion,
  type FromPanel,
  type PanelCommand,
  type PanelState,
  type ToPanel,
} from '../../../engine/protocol/panel.ts';
import type { FromPage, ToPage } from '../../../engine/protocol/compute.ts';
import type { MapPlace } from '../../../engine/protocol/measure.ts';
import { Disposables } from '../disposables.ts';
import { PageLine } from './page-line.ts';
import { panelHtml } from './panel-html.ts';
import { RecipeSession, type SessionOptions } from './recipe-session.ts';

const panelViewType = 'mergewright.panel';
/** The panel's recipe, by which it is restored after a reload. */
const recipeKey = 'mergewright.panel.recipe';

export interface PanelOptions extends Omit<SessionOptions, 'document'> {
  readonly context: ExtensionContext;
  /** Whether merges run in the panel, which must then stay loaded while it is hidden. */
  computes(): boolean;
  command(command: PanelCommand, session: RecipeSession): Promise<void>;
}

export class Panel implements Disposable {
  readonly #options: PanelOptions;
  readonly #held = new Disposables();
  #shown: { readonly view: WebviewPanel; readonly held: Disposables } | undefined;
  #session: { readonly session: RecipeSession; readonly held: Disposables } | undefined;
  /** Messages wait until the page said that it listens. */
  #isReady = false;
  /** To the merge that the page computes. */
  #line: PageLine | undefined;

  constructor(options: PanelOptions) {
    this.#options = options;
    this.#held.add(
      window.registerWebviewPanelSerializer(panelViewType, {
        deserializeWebviewPanel: (view) => this.#restore(view),
      }),
    );
  }

  get session(): RecipeSession | undefined {
    return this.#session?.session;
  }

  get state(): PanelState | undefined {
    return this.#session?.session.state;
  }

  /** Whether the user sees this recipe's panel now. */
  isWatching(uri: string): boolean {
    return (
      window.state.focused &&
      this.#shown?.view.visible === true &&
      this.#session?.session.document.uri.toString() === uri
    );
  }

  /** Opens or reveals the panel beside the editor, without taking the focus. */
  show(document: TextDocument): RecipeSession {
    if (this.#shown === undefined) {
      const place = { viewColumn: ViewColumn.Beside, preserveFocus: true };
      const retainContextWhenHidden = this.#options.computes();
      const options = { ...this.#viewOptions(), retainContextWhenHidden };
      this.#adopt(window.createWebviewPanel(panelViewType, 'Mergewright', place, options));
    } else if (!this.#shown.view.visible) {
      this.#shown.view.reveal(undefined, true);
    }
    return this.#turnTo(document);
  }

  get isOpen(): boolean {
    return this.#shown !== undefined;
  }

  /** A line to a program that computes in the page of the open panel. */
  computeLine(run: string, program: string): PageLine {
    const line = new PageLine(run, program, (message) => this.#post(message));
    this.#line?.pageWent('another merge took the panel');
    this.#line = line;
    if (this.#shown === undefined) line.pageWent('the panel was closed');
    else if (this.#isReady) line.pageCame();
    return line;
  }

  /** Lights places of the map. */
  highlight(places: readonly MapPlace[]): void {
    this.#send({ kind: 'highlight', places });
  }

  dispose(): void {
    this.#shown?.held.dispose();
    this.#endSession();
    this.#held.dispose();
  }

  async #restore(view: WebviewPanel): Promise<void> {
    view.webview.options = this.#viewOptions();
    this.#adopt(view);
    const uri = this.#options.context.workspaceState.get<string>(recipeKey);
    if (uri === undefined) return;
    try {
      await this.#turnTo(await workspace.openTextDocument(Uri.parse(uri))).refresh();
    } catch {
      // The recipe is gone: the panel stays empty and says how to open another.
      await this.#options.context.workspaceState.update(recipeKey, undefined);
    }
  }

  #viewOptions() {
    return { enableScripts: true, localResourceRoots: [this.#dist()] };
  }

  #dist(): Uri {
    return Uri.joinPath(this.#options.context.extensionUri, 'dist');
  }

  #adopt(view: WebviewPanel): void {
    this.#shown?.held.dispose();
    const held = new Disposables();
    this.#shown = { view, held };
    this.#isReady = false;
    const icon = (theme: string): Uri =>
      Uri.joinPath(this.#options.context.extensionUri, 'icons', `recipe-${theme}.svg`);
    view.iconPath = { light: icon('light'), dark: icon('dark') };
    held.add(
      view.webview.onDidReceiveMessage((message: FromPanel | FromPage) => this.#hear(message)),
    );
    held.add(
      view.onDidChangeViewState(() => {
        this.#session?.session.setVisible(view.visible);
        if (!view.visible && view.options.retainContextWhenHidden !== true)
          this.#line?.pageWent('the panel was hidden');
      }),
    );
    held.add(
      view.onDidDispose(() => {
        this.#shown = undefined;
        this.#isReady = false;
        this.#line?.pageWent('the panel was closed');
        held.dispose();
        this.#endSession();
        void this.#options.context.workspaceState.update(recipeKey, undefined);
      }),
    );
    view.webview.html = panelHtml(view.webview, this.#dist());
  }

  #hear(message: FromPanel | FromPage): void {
    switch (message.kind) {
      case 'compute':
      case 'compute-failed':
        return this.#line?.hear(message);
      case 'ready':
        this.#isReady = true;
        this.#line?.pageCame();
        if (message.version !== panelProtocolVersion) return;
        if (this.#session === undefined) this.#sendEmpty();
        else this.#session.session.sendAll();
        return;
      case 'command':
        if (this.#session !== undefined)
          void this.#options.command(message.command, this.#session.session);
        return;
      default:
        message satisfies never;
    }
  }

  #turnTo(document: TextDocument): RecipeSession {
    const known = this.#session?.session;
    if (known?.document === document) return known;
    this.#endSession();
    const held = new Disposables();
    const session = new RecipeSession({ ...this.#options, document });
    held.add(session.onMessage((message) => this.#send(message)));
    this.#session = { session, held };
    session.setVisible(this.#shown?.view.visible ?? false);
    void this.#options.context.workspaceState.update(recipeKey, document.uri.toString());
    if (this.#shown !== undefined)
      this.#shown.view.title = `Merge: ${document.uri.path.split('/').at(-1)}`;
    session.sendAll();
    return session;
  }

  #endSession(): void {
    this.#session?.held.dispose();
    this.#session?.session.dispose();
    this.#session = undefined;
  }

  #sendEmpty(): void {
    const state: PanelState = { run: { kind: 'idle' }, notices: [] };
    this.#send({ kind: 'state', version: panelProtocolVersion, state });
  }

  #send(message: ToPanel): void {
    this.#post(message);
  }

  #post(message: ToPanel | ToPage): void {
    if (this.#isReady) void this.#shown?.view.webview.postMessage(message);
  }
}
