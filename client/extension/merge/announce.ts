/** Tells an ending that nobody was looking at, in one message with one button. */
import { window } from 'vscode';
import type { RunEnding } from './merges.ts';
import { computedBy } from './run-state.ts';

export interface AnnounceOptions {
  /** Whether the panel shows this recipe to somebody. */
  isWatching(uri: string): boolean;
  showPanel(uri: string): Promise<void>;
  reveal(folder: string): Promise<void>;
  mergeAgain(uri: string): Promise<void>;
}

export async function announce(ending: RunEnding, options: AnnounceOptions): Promise<void> {
  if (options.isWatching(ending.uri)) return;
  // What is shown stays until it is dismissed: its ending counts as seen now.
  void show(ending, options);
}

async function show(
  { uri, name, state, end, notices }: RunEnding,
  { showPanel, reveal, mergeAgain }: AnnounceOptions,
): Promise<void> {
  switch (state.kind) {
    case 'done': {
      const [first] = state.outputs;
      const by = end?.kind === 'done' ? end.outputs.map(computedBy)[0] : undefined;
      const merged = `${name} is merged${by === undefined || by === '' ? '' : ` by ${by}`}.`;
      const text = [merged, ...notices.map(({ message }) => message)].join(' ');
      const button = 'Reveal Output';
      const chosen = await window.showInformationMessage(text, button);
      if (chosen === button && first !== undefined) await reveal(first.folder);
      return;
    }
    case 'broken-expectations': {
      const broken = state.checks.find(({ outcome }) => outcome === 'fails');
      const text = `${name}: ${broken?.title ?? 'an expectation'} does not hold. Nothing was published.`;
      if ((await window.showErrorMessage(text, 'Show')) !== undefined) await showPanel(uri);
      return;
    }
    case 'failed': {
      const { message, action } = state.fault;
      const again = action?.command.kind === 'respawn-engine';
      const button = again ? action.title : 'Show';
      const chosen = await window.showErrorMessage(message, button);
      if (chosen === undefined) return;
      await (again ? mergeAgain(uri) : showPanel(uri));
      return;
    }
    case 'cancelled':
    case 'idle':
    case 'waiting':
    case 'running':
      return;
    default:
      state satisfies never;
  }
}
