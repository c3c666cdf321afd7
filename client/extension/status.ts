/** One quiet item beside the language's name: the server's state, and who computes. */
import { languages, LanguageStatusSeverity, type Disposable } from 'vscode';
import { Disposables } from './disposables.ts';
import type { LanguageServer, ServerState } from './language/language-server.ts';
import { languageId } from './recipes.ts';

export interface StatusItems extends Disposable {
  /** Who computes the merge that runs. */
  computing(by: string): void;
  /** No merge runs any more: who computed the last one, where one did. */
  computed(by: string | undefined): void;
}

export function statusItems(server: LanguageServer, lastBackend: string | undefined): StatusItems {
  const held = new Disposables();
  const serverItem = held.add(
    languages.createLanguageStatusItem('mergewright.server', { language: languageId }),
  );
  serverItem.name = 'Mergewright: language server';
  serverItem.command = { command: 'mergewright.restartServer', title: 'Restart' };
  const showServer = (state: ServerState): void => {
    serverItem.text = `Mergewright: ${wordsOf[state]}`;
    serverItem.busy = state === 'starting';
    serverItem.severity =
      state === 'stopped' ? LanguageStatusSeverity.Error : LanguageStatusSeverity.Information;
  };
  showServer(server.state);
  held.add(server.onDidChange(showServer));

  const engineItem = held.add(
    languages.createLanguageStatusItem('mergewright.engine', { language: languageId }),
  );
  engineItem.name = 'Mergewright: engine';
  engineItem.command = { command: 'mergewright.copyDiagnosticReport', title: 'Report' };
  const showEngine = (text: string, detail: string): void => {
    engineItem.text = `Engine: ${text}`;
    engineItem.detail = detail;
  };
  const showLast = (by: string | undefined): void =>
    by === undefined
      ? showEngine('not probed yet', 'a merge tells')
      : showEngine(by, 'as the last merge ran');
  showLast(lastBackend);
  return {
    computing: (by) => showEngine(by, 'a merge runs'),
    computed: showLast,
    dispose: () => held.dispose(),
  };
}

const wordsOf = {
  starting: 'starting',
  running: 'ready',
  stopped: 'server stopped',
} as const satisfies Record<ServerState, string>;
