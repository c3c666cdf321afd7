/** What was seen of one stored tensor beside its operands. Plain data, and the same through JSON. */
import type { ComputedType } from '../formula/derived.ts';
import type { PlannedOperand, TensorInFile } from '../plan/operand.ts';
import type { Sample } from '../run/job.ts';

/** A tensor that was computed and stored: it is read back as it stands in the output's file. */
export interface CheckWork {
  readonly stored: TensorInFile & { readonly dtype: ComputedType };
  readonly operands: readonly PlannedOperand[];
  /** Which operand changes are measured from. */
  readonly reference?: number;
  readonly elements: number;
  /** The blocks that figures are taken from, in order. */
  readonly sample: Sample;
}

/**
 * Figures are sums over the sampled blocks, in f64 by the one tree; null where a sum is no finite number.
 * The sample depends on the tensor's name and size alone, so that slices, threads and backends do not show.
 */
export interface TensorCheck {
  /** Elements of the sampled blocks. */
  readonly sampled: number;
  /** Σ m² of the stored values. */
  readonly square: number | null;
  /** Stored values that are subnormal in their type. */
  readonly subnormal: number;
  /** Of the whole tensor: no value is other than zero. */
  readonly isZero: boolean;
  /**
   * An operand every byte of which is what was stored, by its place: the reference is asked first, and one is enough. Absent
   * where there is none.
   */
  readonly equals?: number;
  /** By operand. */
  readonly operands: readonly OperandCheck[];
}

export interface OperandCheck {
  /** Σ x² */
  readonly square: number | null;
  /** Σ (m − x)² */
  readonly apart: number | null;
  /** Σ (x − r)², r the reference; null too where there is none. */
  readonly fromReference: number | null;
}
