/** A merge that the panel computes: its files are this window's business, and it ends with the panel. */
import type { MergeJob } from '../../../engine/protocol/run.ts';
import type { mergeInPanel } from '../../panel-merge/merge-in-panel.ts';
import type { PageLine } from '../panel/page-line.ts';
import type { RunListener, WatchedRun } from './watch-run.ts';

export interface PanelRunOptions {
  readonly merge: typeof mergeInPanel;
  /** The way to the page, which is opened where it is not. */
  readonly line: PageLine;
}

export function runInPanel(
  job: Omit<MergeJob, 'threads' | 'records'>,
  { merge, line }: PanelRunOptions,
  listener: RunListener,
): WatchedRun {
  const stop = new AbortController();
  const run = async (): Promise<void> => {
    const end = await merge(job, {
      line: () => line,
      signal: stop.signal,
      onStart: (computing) => listener.started(computing),
      onProgress: (progress) => listener.progress(progress),
    });
    line.close();
    if (end.kind === 'fault' && line.isPageGone) listener.lost('ended with the panel');
    else listener.end(end);
  };
  void run();
  return {
    cancel: () => stop.abort(),
    seen: () => undefined,
    clear: async () => undefined,
    leave: () => stop.abort(),
  };
}
