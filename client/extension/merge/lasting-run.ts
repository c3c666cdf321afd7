/**
 * A run that outlives its process. One that dies, or does nothing any more, is started again and goes on with what it had stored;
 * after the second death the GPU is left alone, and the third is the run's.
 */
import type { Notice } from '../../../engine/output/notice.ts';
import type { MergeJob, RunRecord } from '../../../engine/protocol/run.ts';
import { restartNotice, type HeartbeatOptions } from '../../../engine/protocol/supervision.ts';
import type { KeptJob, RunRecords } from './records.ts';
import type { Spawned } from './spawn-merge.ts';
import { watchRun, type RunListener, type WatchedRun } from './watch-run.ts';

export interface LastingListener extends RunListener {
  /** Another process goes on with the run. */
  restarted(notice: Notice): void;
}

export interface LastingOptions {
  readonly records: RunRecords;
  readonly respawn: (kept: KeptJob) => Promise<Spawned>;
  readonly heartbeat?: HeartbeatOptions;
  /** How long another window may take to start the process again. */
  readonly patienceMs?: number;
}

export function lastingRun(
  first: RunRecord,
  { records, respawn, heartbeat, patienceMs = 25_000 }: LastingOptions,
  listener: LastingListener,
): WatchedRun {
  let isCancelled = false;
  let hasLeft = false;
  let record = first;
  let watched = watch();

  function watch(): WatchedRun {
    return watchRun(record, records, { ...listener, lost: (died) => void revive(died) }, heartbeat);
  }

  function goOn(next: RunRecord, notice: Notice): void {
    if (hasLeft) return;
    record = next;
    listener.restarted(notice);
    watched = watch();
    if (isCancelled) watched.cancel();
  }

  async function revive(died: string): Promise<void> {
    const kept = await records.kept(record.runId);
    if (!(await records.takeOver(record))) return followOther(died);
    if (isCancelled) return listener.end({ kind: 'cancelled' });
    const next = kept === undefined ? undefined : nextAttempt(kept);
    if (next === undefined) return listener.lost(died);
    const notice = restartNotice(died, { withoutGpu: next.deaths > 1 });
    const spawned = await respawn(next);
    if ('record' in spawned) goOn(spawned.record, notice);
    else listener.lost(died);
  }

  /** Another window saw it too, and starts it again. */
  async function followOther(died: string): Promise<void> {
    for (const begun = Date.now(); Date.now() - begun < patienceMs && !hasLeft;) {
      const next = await records.read(record.runId);
      if (next !== undefined && next.pid !== record.pid)
        return goOn(next, restartNotice(died, { withoutGpu: false }));
      await new Promise((done) => setTimeout(done, 50));
    }
    if (!hasLeft) listener.lost(died);
  }

  return {
    cancel() {
      isCancelled = true;
      watched.cancel();
    },
    seen: () => watched.seen(),
    clear: () => records.clear(record),
    leave() {
      hasLeft = true;
      watched.leave();
    },
  };
}

/** What is tried after another death; undefined where all was tried. */
function nextAttempt({ job, deaths }: KeptJob): KeptJob | undefined {
  switch (deaths) {
    case 0:
      return { job, deaths: 1 };
    case 1:
      return mayUseGpu(job) ? { job: { ...job, backend: 'wasm' }, deaths: 2 } : undefined;
    default:
      return undefined;
  }
}

function mayUseGpu({ backend }: MergeJob): boolean {
  return backend === 'auto' || backend === 'gpu';
}
