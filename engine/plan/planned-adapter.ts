/** An output that is an adapter: its modules, and what each is made of. Plain data. */
import type { ComputedType } from '../formula/derived.ts';
import type { LoraOperand } from './operand.ts';
import type { WorkItem } from './plan.ts';

export interface PlannedAdapter {
  /** In byte order of their tensors. */
  readonly modules: readonly PlannedModule[];
  /** Tensors of the Delta that have no factors in an adapter: only their norms are found. */
  readonly leftOut: readonly { readonly name: string; readonly item: WorkItem }[];
}

export interface PlannedModule {
  readonly name: string;
  readonly work: FactorWork;
  /** Places of its two factors among the output's tensors. */
  readonly down: number;
  readonly up: number;
}

/** Two factors of a matrix whose rows are those of the model's tensor: rows × rank, and rank × columns. */
export interface FactorWork {
  readonly rows: number;
  readonly columns: number;
  readonly rank: number;
  /** Whether the adapter's own product is the tensor turned over: both factors are turned then, and change their places. */
  readonly isTurned: boolean;
  readonly dtype: ComputedType;
  readonly of: FactorSum | MatrixItem;
}

/** Σ coefficient · change; cut where its ranks add up to more than the factors have. */
export interface FactorSum {
  readonly kind: 'factors';
  readonly terms: readonly { readonly operand: LoraOperand; readonly coefficient: number }[];
  readonly isCut: boolean;
}

/** Computed whole, and cut. */
export interface MatrixItem {
  readonly kind: 'matrix';
  readonly item: WorkItem;
}
