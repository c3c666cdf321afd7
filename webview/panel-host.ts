/** The editor as a webview sees it. */
import type { FromPanel } from '../engine/protocol/panel.ts';
import type { ViewState } from './state/view-state.ts';

export interface PanelHost {
  readonly post: (message: FromPanel) => void;
  /** Kept over hiding and reloading. */
  readonly save: (view: ViewState) => void;
  readonly saved: () => unknown;
}

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  setState(state: unknown): void;
  getState(): unknown;
};

/** May be asked for once in the life of a page. */
export function editorHost(): PanelHost {
  const editor = acquireVsCodeApi();
  return {
    post: (message) => editor.postMessage(message),
    save: (view) => editor.setState(view),
    saved: () => editor.getState(),
  };
}
