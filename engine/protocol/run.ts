/**
 * What the process of a merge and its watchers say to each other. Plain data, one JSON text a line over a local socket.
 * The process outlives its watchers: whoever comes shows the token of the run's record, gets a snapshot, then changes.
 * `hello`, `cancel` and `progress` keep their form in every version, so that a watcher of another one can offer these alone.
 */
import type { Notice } from '../output/notice.ts';
import type { ReportCheck } from '../output/report.ts';
import type { BackendChoice, Computing, FinishedOutput } from '../run/options.ts';
import type { Progress } from '../run/progress.ts';

export const runProtocolVersion = 1;

/** Progress is merged to ten messages a second; the latest wins. */
export const progressIntervalMs = 100;

/** Written to the process's standard input, once, as JSON. */
export interface MergeJob {
  readonly runId: string;
  /** The text as it stood in the editor. */
  readonly recipe: RunRecipe & { readonly text: string };
  readonly backend: BackendChoice;
  /** Bytes that slices and resident tensors may take. */
  readonly memory: number;
  /** Worker threads; 0 takes all cores. */
  readonly threads: number;
  readonly overwrite: boolean;
  /** A software GPU is for tests alone. */
  readonly allowSoftwareGpu: boolean;
  /** The folder of the run records. */
  readonly records: string;
}

export interface RunRecipe {
  /** As the editor calls it. */
  readonly uri: string;
  /** Absolute; relative paths of the recipe start from its folder. */
  readonly path: string;
  readonly textVersion: number;
}

/** By which a run is found again. A file of mode 0600, named after the run; the lock of each output holds the same id. */
export interface RunRecord {
  readonly mark: 'mergewright run';
  readonly version: number;
  readonly runId: string;
  readonly pid: number;
  /** What tells this process from a later one of the same number, where the system says it. */
  readonly start?: string;
  /** A socket's path of at most 100 bytes, or the name of a pipe. */
  readonly socket: string;
  readonly token: string;
  readonly recipe: RunRecipe & { readonly textHash: string };
  readonly planHash?: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** An ending that nobody saw waits here until it is announced. */
  readonly end?: RunEnd;
}

export type RunEnd =
  | {
      readonly kind: 'done';
      readonly outputs: readonly FinishedOutput[];
      readonly notices: readonly Notice[];
      readonly seconds: number;
    }
  | { readonly kind: 'failed-expectations'; readonly checks: readonly ReportCheck[] }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'fault'; readonly fault: RunFault }
  /** A bug: the sentence of the exception. */
  | { readonly kind: 'crashed'; readonly message: string };

export interface RunFault {
  readonly code: string;
  readonly message: string;
  readonly help: string;
  readonly file?: string;
}

/** What is known of a run by whoever comes to it. */
export interface RunSnapshot {
  readonly runId: string;
  readonly recipe: RunRecipe;
  /** Who computes; absent until that is chosen. */
  readonly computing?: Computing;
  readonly progress?: Progress;
  readonly end?: RunEnd;
}

export type ToRun =
  | { readonly kind: 'hello'; readonly version: number; readonly token: string }
  | { readonly kind: 'cancel' }
  /** The ending was shown: its record may go. */
  | { readonly kind: 'seen' };

export type RunNews =
  | { readonly kind: 'snapshot'; readonly version: number; readonly run: RunSnapshot }
  /** Who computes was chosen. */
  | { readonly kind: 'started'; readonly computing: Computing }
  | { readonly kind: 'progress'; readonly progress: Progress }
  /** Each second: it is there. Who has heard one waits for the next; older processes say none. */
  | { readonly kind: 'tick' }
  | { readonly kind: 'end'; readonly end: RunEnd };

/** Messages are numbered from 1 on each connection. */
export type FromRun = RunNews & {
  readonly number: number;
  readonly textVersion: number;
  readonly planHash?: string;
};
