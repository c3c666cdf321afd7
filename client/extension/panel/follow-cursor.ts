/** The cursor on a rule lights its cells on the map. */
import { window, type Disposable } from 'vscode';
import { bufferOf } from '../recipes.ts';
import type { Measurer } from '../measure/measurer.ts';
import type { Panel } from './panel.ts';

const afterMs = 80;

export function followCursor(panel: Panel, measurer: Measurer): Disposable {
  let timer: NodeJS.Timeout | undefined;
  let shown = '';
  const follow = async (): Promise<void> => {
    const editor = window.activeTextEditor;
    const session = panel.session;
    if (editor === undefined || session?.document !== editor.document) return;
    if (session.state.map === undefined) return;
    const line = editor.selection.active.line + 1;
    const { places } = await measurer.placesAt(bufferOf(editor.document), line);
    const key = JSON.stringify(places);
    if (key === shown) return;
    shown = key;
    panel.highlight(places);
  };
  const listening = window.onDidChangeTextEditorSelection(() => {
    clearTimeout(timer);
    timer = setTimeout(() => void follow(), afterMs);
  });
  return {
    dispose() {
      clearTimeout(timer);
      listening.dispose();
    },
  };
}
