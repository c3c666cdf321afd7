/** The editor as a webview sees it. */
import type { FromPage } from '../engine/protocol/compute.ts';
import type { FromPanel } from '../engine/protocol/panel.ts';
import type { ViewState } from './state/view-state.ts';

export interface PanelHost {
  readonly post: (message: FromPanel) => void;
  /** Kept over hiding and reloading. */
  readonly save: (view: ViewState) => void;
  readonly saved: () => unknown;
}

export interface EditorHost extends PanelHost {
  /** Passes on what the thread that computes says; buffers are handed over. */
  readonly passOn: (message: FromPage, transfer?: readonly ArrayBuffer[]) => void;
}

declare function acquireVsCodeApi(): {
  postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  setState(state: unknown): void;
  getState(): unknown;
};

/** May be asked for once in the life of a page. */
export function editorHost(): EditorHost {
  const editor = acquireVsCodeApi();
  return {
    post: (message) => editor.postMessage(message),
    passOn: (message, transfer) => editor.postMessage(message, transfer),
    save: (view) => editor.setState(view),
    saved: () => editor.getState(),
  };
}
