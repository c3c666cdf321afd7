import type { Result } from '../faults/fault.ts';
import type { PlannedOutput } from '../plan/plan.ts';
import type { Notice } from '../output/notice.ts';
import type { MergeReport, ReportCheck, ReportRecipe } from '../output/report.ts';
import type { FileAccess } from './file-access.ts';
import type { Pool } from './pool.ts';
import type { Progress } from './progress.ts';

/** `auto` takes a real GPU that computes exactly where there is one, else WebAssembly. `none` reads and writes without arithmetic. */
export type BackendChoice = 'auto' | 'gpu' | 'wasm' | 'oracle' | 'none';

/** Who computes a run: on a GPU, single slices may still fall to the processor. */
export interface Computing {
  readonly backend: 'gpu' | 'wasm' | 'oracle' | 'none';
  /** The GPU's name. */
  readonly device?: string;
  /** Worker threads of the processor. */
  readonly threads: number;
}

export interface RunOptions {
  readonly backend: BackendChoice;
  /** Bytes that slices and resident tensors may take. */
  readonly memory: number;
  readonly threads: number;
  /** Stands in the locks of the outputs, so that whoever finds one finds the run's record; made up unless given. */
  readonly runId?: string;
  readonly overwrite: boolean;
  /** What an interrupted run left is gone on with where it is of this plan; with this, or else the run is refused. */
  readonly resume?: boolean;
  readonly allowNonFinite: boolean;
  /** A software GPU is for tests alone. */
  readonly allowSoftwareGpu: boolean;
  readonly engineVersion: string;
  readonly recipe: ReportRecipe;
  /** Files of the caller's own: jobs then run in its thread, one at a time. */
  readonly inline?: FileAccess;
  readonly judge?: Judge;
  /** Who computes, once that is chosen and before anything is read. */
  readonly onStart?: (computing: Computing) => void;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** An output whose tensors are all stored, not yet published. */
export interface StoredOutput {
  readonly output: PlannedOutput;
  /** Index of its first shard among the files that the pool's workers know. */
  readonly firstFile: number;
}

/** Judges expectations on stored values. Checks that fail keep every output from being published. */
export type Judge = (
  stored: readonly StoredOutput[],
  pool: Pool,
  sliceElements: number,
) => Promise<readonly ReportCheck[]>;

export interface FinishedOutput {
  readonly step: string;
  readonly folder: string;
  readonly report: MergeReport;
  /** It was there already, of this very plan. */
  readonly upToDate: boolean;
}

export type RunOutcome =
  | {
      readonly kind: 'done';
      readonly outputs: readonly FinishedOutput[];
      readonly notices: readonly Notice[];
      readonly seconds: number;
    }
  | {
      readonly kind: 'failed-expectations';
      readonly checks: readonly ReportCheck[];
      readonly notices: readonly Notice[];
    }
  | { readonly kind: 'cancelled'; readonly notices: readonly Notice[] };

export type RunResult = Result<RunOutcome>;
