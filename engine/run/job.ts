/** What a scheduler asks of a worker, and what comes back. Plain data. */
import type { CheckWork, TensorCheck } from '../checks/tensor-check.ts';
import type { Fault } from '../faults/fault.ts';
import type { ComputedType } from '../formula/derived.ts';
import type { MeasureItem } from '../measures/measured.ts';
import type { TensorInFile } from '../plan/operand.ts';
import type { WorkItem } from '../plan/plan.ts';
import type { FactorWork } from '../plan/planned-adapter.ts';
import type { GroupStage } from '../program/passes.ts';
import type { StatisticPart } from '../program/scalar.ts';
import type { Comparison } from './compare-bytes.ts';

/** A statistic's figure: its index in the program, which part, the value. */
export type KnownFigure = readonly [statistic: number, part: StatisticPart, value: number];

/** Figures over whole groups, by group. */
export type GroupTable = Readonly<Record<string, readonly (readonly [StatisticPart, number])[]>>;

/** Where an output tensor begins. */
export interface Destination {
  readonly path: string;
  readonly offset: number;
}

/** Work that many workers share: each takes the next stretch from a counter until none is left. Threads share its memory. */
export interface Tickets {
  readonly counter: ArrayBufferLike;
  readonly stretchElements: number;
}

/** One pass of an item: the n-th of its own statistics, its share of groups', or the n-th that finds what is measured. */
export type PassName =
  | { readonly kind: 'own'; readonly index: number }
  | { readonly kind: 'sums'; readonly index: number }
  | { readonly kind: 'group'; readonly groups: readonly string[]; readonly stage: GroupStage };

export type Job =
  | {
      readonly kind: 'copy';
      readonly from: TensorInFile;
      /** The tensor's bytes from a piece's border on, and how many. */
      readonly at: number;
      readonly byteLength: number;
      readonly to: Destination;
    }
  /** One worker does all of a tensor; without a destination it finds its statistics alone. */
  | {
      readonly kind: 'compute';
      readonly item: WorkItem;
      readonly dtype: ComputedType;
      readonly groups: GroupTable;
      readonly to?: Destination;
    }
  | {
      readonly kind: 'pass';
      readonly item: WorkItem;
      readonly pass: PassName;
      readonly groups: GroupTable;
      readonly known: readonly KnownFigure[];
      readonly tickets: Tickets;
    }
  | {
      readonly kind: 'locate';
      readonly item: WorkItem;
      readonly pass: PassName;
      readonly groups: GroupTable;
      readonly known: readonly KnownFigure[];
      readonly sink: number;
      readonly block: number;
      readonly wanted: number;
    }
  | {
      readonly kind: 'map';
      readonly item: WorkItem;
      readonly dtype: ComputedType;
      readonly groups: GroupTable;
      readonly known: readonly KnownFigure[];
      readonly to: Destination;
      /** Begins at a piece's border. */
      readonly stretch: { readonly first: number; readonly elements: number };
    }
  /** One tensor's share of groups' statistics, found by one worker. */
  | {
      readonly kind: 'gather';
      readonly item: WorkItem;
      readonly pass: PassName & { readonly kind: 'group' };
      readonly groups: GroupTable;
      readonly sample?: Sample;
    }
  /** One worker finds the sums that are measured of a tensor, each by block. */
  | {
      readonly kind: 'measure';
      readonly item: MeasureItem;
      readonly groups: GroupTable;
      readonly sample?: Sample;
    }
  /** The two factors of an adapter's module, made and stored whole. */
  | {
      readonly kind: 'factor';
      readonly work: FactorWork;
      readonly groups: GroupTable;
      readonly known: readonly KnownFigure[];
      readonly down: Destination;
      readonly up: Destination;
    }
  /** Σ x² of what an item computes, in f32. */
  | {
      readonly kind: 'norm';
      readonly item: WorkItem;
      readonly groups: GroupTable;
      readonly known: readonly KnownFigure[];
    }
  /** Whether the bytes of two tensors differ, or how many elements do. */
  | ({ readonly kind: 'compare' } & Comparison)
  /** What a tensor that was stored looks like beside its operands. */
  | ({ readonly kind: 'check' } & CheckWork)
  /** Whether bytes of a tensor that an earlier run wrote, from a piece's border on, give these hashes of the pieces. */
  | {
      readonly kind: 'verify';
      readonly at: Destination;
      readonly byteLength: number;
      readonly pieces: readonly Uint8Array[];
    }
  /** The SHA-256 of a whole file, read from its start to its end. */
  | { readonly kind: 'digest'; readonly file: number; readonly byteLength: number }
  /** Files that were not known at the start, under the numbers that follow `first`. */
  | { readonly kind: 'files'; readonly first: number; readonly paths: readonly string[] };

/** Work that is of files alone. */
export type FileJob = Extract<Job, { readonly kind: 'files' | 'verify' | 'digest' }>;

/**
 * Blocks that stand for their tensor, in order; its item then counts their elements alone. Statistics are the same laws on the
 * sample, but that of equal keys all are kept: which of them come first only the whole tensor can tell.
 */
export type Sample = readonly { readonly first: number; readonly elements: number }[];

/** A 1 MiB piece of an output tensor, by its place in it, and its SHA-256. */
export interface PieceHash {
  readonly piece: number;
  readonly hash: Uint8Array;
}

export interface StoredFactor {
  readonly pieces: readonly PieceHash[];
  /** The lowest element that is an infinity or a NaN. */
  readonly nonFinite?: number;
}

export type Answer =
  | {
      readonly kind: 'stored';
      readonly pieces: readonly PieceHash[];
      readonly slices: number;
      readonly nonFinite?: number;
    }
  | {
      readonly kind: 'factored';
      readonly down: StoredFactor;
      readonly up: StoredFactor;
      readonly slices: number;
      /** Σ x² of the change, and the share of it that the factors hold; null where it is no finite number. */
      readonly square: number | null;
      readonly captured: number | null;
    }
  | { readonly kind: 'norm'; readonly square: number | null }
  | { readonly kind: 'settled'; readonly known: readonly KnownFigure[] }
  /** By sink: bins over all stretches this worker took, or figures of each block by the block's place in the tensor. */
  | {
      readonly kind: 'figures';
      readonly bins: readonly (Uint32Array | Float64Array | undefined)[];
      readonly blocks: readonly {
        readonly first: number;
        readonly figures: readonly Float64Array[];
      }[];
    }
  | { readonly kind: 'located'; readonly limit: number }
  | { readonly kind: 'verified'; readonly isWhole: boolean }
  | { readonly kind: 'digested'; readonly sha256: string }
  | { readonly kind: 'compared'; readonly differing: number }
  | { readonly kind: 'checked'; readonly check: TensorCheck }
  | { readonly kind: 'ready' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'fault'; readonly fault: Fault };

/** Words in memory that all workers share with the scheduler. */
export interface SharedControl {
  /** [0]: not 0 once the run is cancelled. */
  readonly flags: SharedArrayBuffer;
  /** [0]: bytes read, [1]: bytes written, both as 64-bit integers. */
  readonly progress: SharedArrayBuffer;
}

export interface WorkerStart {
  readonly backend: 'wasm' | 'oracle' | 'none';
  /** Absolute paths by the plan's file index. */
  readonly files: readonly string[];
  /** Elements of a stretch that is read, computed and written at once. */
  readonly sliceElements: number;
  readonly control: SharedControl;
}
