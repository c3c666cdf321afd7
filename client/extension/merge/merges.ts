/**
 * The merges that this window knows: those it started, and those it found running when it came. One runs at a time; a second
 * waits in line. A merge lives in its own process, or in the panel, so that here is only what is known of it.
 */
import { randomUUID } from 'node:crypto';
import { EventEmitter, type Disposable, type Event } from 'vscode';
import type { Notice } from '../../../engine/output/notice.ts';
import type { PanelFault, RunState } from '../../../engine/protocol/panel.ts';
import type { RunEnd, RunRecord } from '../../../engine/protocol/run.ts';
import type { RecipeBuffer } from '../recipes.ts';
import { lastingRun, type LastingListener } from './lasting-run.ts';
import { isAlive, type KeptJob, type RunRecords } from './records.ts';
import {
  computingText,
  lostFault,
  panelGoneFault,
  stateOfEnd,
  type MergePlace,
} from './run-state.ts';
import type { Spawned } from './spawn-merge.ts';
import type { RunListener, WatchedRun } from './watch-run.ts';

export interface MergeWish {
  readonly recipe: RecipeBuffer;
  readonly overwrite: boolean;
}

/** An ending, to be shown by whoever is looking, or announced. */
export interface RunEnding {
  readonly uri: string;
  readonly name: string;
  readonly state: RunState;
  readonly end?: RunEnd;
  /** What befell it on the way. */
  readonly notices: readonly PanelFault[];
}

export interface MergesOptions {
  readonly records: RunRecords;
  /** Where merges run now. */
  place(): Promise<MergePlace>;
  spawn(wish: MergeWish, runId: string): Promise<Spawned>;
  /** Starts the process of a run again. */
  respawn(kept: KeptJob): Promise<Spawned>;
  /** Begins a merge that the panel computes; what stands in its way is said to the listener. */
  runInPanel(wish: MergeWish, runId: string, listener: RunListener): Promise<WatchedRun>;
  /** Whether the recipe belongs to this window: only its endings are announced here. */
  isOurs(uri: string): boolean;
  /** Who computes a merge that began, in words. */
  started(by: string): void;
  /** Resolves when the ending was shown. */
  ended(ending: RunEnding): Promise<void>;
  /** Bytes read and written in a second, by a run that did all its work. */
  measuredSpeed(bytesPerSecond: number, place: MergePlace): void;
}

/** Said until the process told who computes: it opens the GPU where there is one. */
const choosing = 'Choosing what computes';

interface Running {
  readonly uri: string;
  readonly runId: string;
  watched?: WatchedRun;
  /** Asked for before there was anyone to ask. */
  isCancelled: boolean;
  bytes: number;
}

export class Merges implements Disposable {
  readonly #options: MergesOptions;
  readonly #states = new Map<string, RunState>();
  readonly #running = new Map<string, Running>();
  readonly #notices = new Map<string, readonly PanelFault[]>();
  readonly #line: MergeWish[] = [];
  readonly #changes = new EventEmitter<string>();
  /** The recipe whose run's state changed. */
  readonly onDidChange: Event<string> = this.#changes.event;

  constructor(options: MergesOptions) {
    this.#options = options;
  }

  stateOf(uri: string): RunState {
    return this.#states.get(uri) ?? { kind: 'idle' };
  }

  /** What befell the recipe's last merge, and stopped nothing. */
  noticesOf(uri: string): readonly PanelFault[] {
    return this.#notices.get(uri) ?? nothing;
  }

  get isRunning(): boolean {
    return this.#running.size > 0;
  }

  /** Finds runs that outlived their window, and endings that nobody saw. */
  async recover(): Promise<void> {
    const { records, isOurs } = this.#options;
    for (const record of await records.list()) {
      const { runId, recipe } = record;
      if (this.#running.has(runId) || !isOurs(recipe.uri)) continue;
      if (record.end === undefined && (await isAlive(record))) {
        this.#watch(record, { uri: recipe.uri, runId, isCancelled: false, bytes: 0 });
        continue;
      }
      const state: RunState =
        record.end === undefined
          ? { kind: 'failed', fault: lostFault(nameOf(record)) }
          : stateOfEnd(record.end);
      this.#set(recipe.uri, state);
      await records.clear(record);
      await this.#options.ended({
        uri: recipe.uri,
        name: nameOf(record),
        state,
        notices: noticesOfEnd(record.end),
        ...(record.end === undefined ? {} : { end: record.end }),
      });
    }
  }

  /** Starts a merge, or puts it in line. */
  async start(wish: MergeWish): Promise<void> {
    const { uri, path, name } = wish.recipe;
    if (this.#running.size > 0) {
      const waiting = this.#line.findIndex(({ recipe }) => recipe.uri === uri);
      if (waiting >= 0) this.#line[waiting] = wish;
      else this.#line.push(wish);
      if (![...this.#running.values()].some((run) => run.uri === uri))
        this.#set(uri, { kind: 'waiting' });
      return;
    }
    const running: Running = { uri, runId: randomUUID(), isCancelled: false, bytes: 0 };
    this.#running.set(running.runId, running);
    this.#notices.delete(uri);
    const place = await this.#options.place();
    this.#set(uri, { kind: 'running', host: place, device: choosing });
    if (place === 'panel') {
      return this.#runInPanel(wish, running);
    }
    const spawned = await this.#options.spawn(wish, running.runId);
    if ('record' in spawned) return this.#watch(spawned.record, running);
    await this.#options.records.remove(running.runId);
    const fault = {
      message: `The engine did not start for ${path}: ${spawned.failed}.`,
      help: 'Look at the setting mergewright.nodePath, then merge again.',
      action: { title: 'Merge again', command: { kind: 'respawn-engine' } },
    } as const;
    await this.#finish(running, { uri, name, state: { kind: 'failed', fault } });
  }

  async #runInPanel(wish: MergeWish, running: Running): Promise<void> {
    const listener = this.#listener(running, { name: wish.recipe.name, place: 'panel' });
    try {
      running.watched = await this.#options.runInPanel(wish, running.runId, listener);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return listener.end({ kind: 'crashed', message });
    }
    if (running.isCancelled) running.watched.cancel();
  }

  cancel(uri: string): void {
    const waiting = this.#line.findIndex(({ recipe }) => recipe.uri === uri);
    if (waiting >= 0) {
      this.#line.splice(waiting, 1);
      if (this.stateOf(uri).kind === 'waiting') this.#set(uri, { kind: 'cancelled' });
    }
    for (const running of this.#running.values()) {
      if (running.uri !== uri) continue;
      running.isCancelled = true;
      running.watched?.cancel();
    }
  }

  /** The recipes whose merges run. */
  runningUris(): readonly string[] {
    return [...this.#running.values()].map(({ uri }) => uri);
  }

  dispose(): void {
    for (const { watched } of this.#running.values()) watched?.leave();
    this.#running.clear();
    this.#changes.dispose();
  }

  #watch(record: RunRecord, running: Running): void {
    this.#running.set(running.runId, running);
    const place = 'process';
    this.#set(running.uri, { kind: 'running', host: place, device: choosing });
    const listener = this.#listener(running, { name: nameOf(record), place });
    running.watched = lastingRun(record, this.#options, listener);
    if (running.isCancelled) running.watched.cancel();
  }

  /** Takes what a run says of itself. */
  #listener(
    running: Running,
    { name, place: host }: { readonly name: string; readonly place: MergePlace },
  ): LastingListener {
    const { uri } = running;
    let device = choosing;
    const finish = (state: RunState, end?: RunEnd): void => {
      this.#tell(uri, noticesOfEnd(end));
      void this.#finish(running, { uri, name, state, ...(end === undefined ? {} : { end }) });
    };
    return {
      snapshot: (run) => {
        if (run.computing !== undefined) device = computingText(run.computing, host);
        if (run.end !== undefined) return;
        const { progress } = run;
        const more = progress === undefined ? {} : { progress };
        this.#set(uri, { kind: 'running', host, device, ...more });
      },
      started: (computing) => {
        device = computingText(computing, host);
        this.#options.started(device);
        this.#set(uri, { kind: 'running', host, device });
      },
      progress: (progress) => {
        running.bytes = progress.bytesRead + progress.bytesWritten;
        this.#set(uri, { kind: 'running', host, device, progress });
      },
      end: (end) => {
        if (end.kind === 'done' && running.bytes > 0 && end.seconds > 0)
          this.#options.measuredSpeed(running.bytes / end.seconds, host);
        finish(stateOfEnd(end), end);
      },
      restarted: ({ message }) => {
        device = choosing;
        this.#tell(uri, [{ message, help: sameBytes }]);
        this.#set(uri, { kind: 'running', host, device });
      },
      lost: () => {
        const fault = host === 'panel' ? panelGoneFault(name) : lostFault(name);
        finish({ kind: 'failed', fault });
      },
    };
  }

  #tell(uri: string, more: readonly PanelFault[]): void {
    if (more.length > 0) this.#notices.set(uri, [...this.noticesOf(uri), ...more]);
  }

  async #finish(running: Running, ending: Omit<RunEnding, 'notices'>): Promise<void> {
    this.#running.delete(running.runId);
    this.#set(running.uri, ending.state);
    const next = this.#line.shift();
    if (next !== undefined) void this.start(next);
    await this.#options.ended({ ...ending, notices: this.noticesOf(running.uri) });
    const { watched } = running;
    if (ending.end !== undefined) watched?.seen();
    else await watched?.clear();
  }

  #set(uri: string, state: RunState): void {
    this.#states.set(uri, state);
    this.#changes.fire(uri);
  }
}

const sameBytes = 'The bytes are the same.';
const nothing: readonly PanelFault[] = [];

/** What befell a run that ended well; of what it found of earlier ones the panel says nothing. */
function noticesOfEnd(end: RunEnd | undefined): readonly PanelFault[] {
  if (end?.kind !== 'done') return [];
  const isTold = ({ kind }: Notice): boolean => kind === 'gpu-reopened' || kind === 'gpu-given-up';
  return end.notices.filter(isTold).map(({ message }) => ({ message, help: sameBytes }));
}

function nameOf({ recipe }: RunRecord): string {
  return recipe.path.split(/[/\\]/).at(-1)!;
}
