/** Brings what a recipe's hub models lack into the local cache: sizes first, then a progress that can be cancelled. */
import {
  ProgressLocation,
  window,
  workspace,
  type CancellationToken,
  type TextDocument,
} from 'vscode';
import type * as HubFetch from '../../../engine/hub/fetch.ts';
import type { Fault } from '../../../engine/faults/fault.ts';
import { askForTrust } from '../merge/wish-merge.ts';
import { bufferOf } from '../recipes.ts';
import { fetchedShare, fetchQuestion } from './fetch-words.ts';

export interface FetchModelsOptions {
  /** The engine's part, which has the hub's library in it: loaded when it is asked for. */
  load(): Promise<typeof HubFetch>;
  /** Headers are to be looked at again. */
  fetched(document: TextDocument): Promise<void>;
}

export function fetchingModels({
  load,
  fetched,
}: FetchModelsOptions): (document: TextDocument) => Promise<void> {
  return async (document) => {
    if (!workspace.isTrusted) return askForTrust();
    const hub = await load();
    const plan = await planned(hub, document);
    if (plan === undefined || !(await isAgreed(hub, plan))) return;
    const run = await withProgress('Fetching models', (signal, report) => {
      let shown = 0;
      return hub.runFetch(plan, {
        signal,
        onProgress: (progress) => {
          const { share, words } = fetchedShare(progress);
          report({ message: words, increment: share - shown });
          shown = share;
        },
      });
    });
    if (!run.ok) return say(run.fault);
    await fetched(document);
    if (run.value.kind === 'cancelled') {
      void window.showInformationMessage(
        'Cancelled. What has arrived stays, and the next fetch goes on from there.',
      );
    }
  };
}

/** Asks the hub what is missing; undefined where that is nothing, or nothing came of it. */
async function planned(
  hub: typeof HubFetch,
  document: TextDocument,
): Promise<HubFetch.FetchPlan | undefined> {
  const { path, text } = bufferOf(document);
  const lacking = await hub.lackingIn({ path, text });
  if (!lacking.ok) return say(lacking.fault);
  if (lacking.value.length === 0) {
    void window.showInformationMessage('Every hub model of this recipe is in the local cache.');
    return undefined;
  }
  const plan = await withProgress('Asking the hub for sizes', (signal) =>
    hub.planFetch(lacking.value, { signal }),
  );
  if (!plan.ok) return say(plan.fault);
  return plan.value.kind === 'cancelled' ? undefined : plan.value.value;
}

/** What is there already, of another revision or an earlier try, needs no question but still has to be given its names. */
async function isAgreed(hub: typeof HubFetch, plan: HubFetch.FetchPlan): Promise<boolean> {
  const room = await hub.foreseeRoom(plan);
  if (!room.ok) {
    say(room.fault);
    return false;
  }
  const { title, detail, button } = fetchQuestion(plan, room.value);
  const chosen = await window.showInformationMessage(title, { modal: true, detail }, button);
  return chosen === button;
}

interface Report {
  readonly message?: string;
  /** Percent. */
  readonly increment?: number;
}

function withProgress<T>(
  title: string,
  work: (signal: AbortSignal, report: (step: Report) => void) => Promise<T>,
): Promise<T> {
  const shown = { location: ProgressLocation.Notification, title, cancellable: true };
  return Promise.resolve(
    window.withProgress(shown, (progress, token) =>
      work(signalOf(token), (step) => progress.report(step)),
    ),
  );
}

function signalOf(token: CancellationToken): AbortSignal {
  const stop = new AbortController();
  token.onCancellationRequested(() => stop.abort());
  return stop.signal;
}

function say({ message, help }: Fault): undefined {
  void window.showErrorMessage(`${message} ${help}`);
  return undefined;
}
