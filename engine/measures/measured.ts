/** What is measured of one tensor, as plain data: a worker reads the formulas off it. */
import type { CallTerm, TensorTerm } from '../../grammar/check/term.ts';
import type { ComputedType } from '../formula/derived.ts';
import type { WorkItem } from '../plan/plan.ts';

/** Whether masks are looked through: `raw` is τ, `kept` what a method's mask leaves of it. */
export type Stage = 'raw' | 'kept';

/**
 * A sum or a count over the elements of a tensor; m is the step's value, a model's change from its base is τ.
 * Changes are named by their place in `Measured`.
 */
export type Sum =
  /** Σ (m − a)² */
  | { readonly kind: 'apart'; readonly change: number }
  /** Elements where m is not a; max |m − a|, which the first block alone carries. */
  | { readonly kind: 'differs' | 'largest'; readonly change: number }
  /** Values of m that are an infinity or a NaN. */
  | { readonly kind: 'nonFinite' }
  /** Σ a², or Σ of the squared base. */
  | { readonly kind: 'model' | 'base'; readonly change: number }
  /** Σ τ_a τ_b */
  | { readonly kind: 'product'; readonly of: readonly [number, number] }
  /** Elements where changes have both signs; where two or more are not zero; where any is not zero. */
  | {
      readonly kind: 'conflict' | 'shared' | 'nonzero';
      readonly changes: readonly number[];
      readonly stage: Stage;
    }
  /** Elements that the mask keeps; those exactly as large as the smallest that may be kept. */
  | { readonly kind: 'kept' | 'atThreshold'; readonly change: number }
  /** Known without reading. */
  | { readonly kind: 'elements' };

/** Equal for equal sums. */
export function sumKey(sum: Sum): string {
  switch (sum.kind) {
    case 'elements':
    case 'nonFinite':
      return sum.kind;
    case 'apart':
    case 'differs':
    case 'largest':
    case 'model':
    case 'base':
    case 'kept':
    case 'atThreshold':
      return `${sum.kind} ${sum.change}`;
    case 'product':
      return `${sum.kind} ${sum.of.join(' ')}`;
    case 'conflict':
    case 'shared':
    case 'nonzero':
      return `${sum.kind} ${sum.stage} ${sum.changes.join(' ')}`;
  }
}

/** A model at one tensor, and what its change is measured from. */
export interface Change {
  readonly value: TensorTerm;
  /** The value is a change already. */
  readonly isDelta: boolean;
  readonly base?: TensorTerm;
  /** The call whose mask the change meets on its way into the step, and which of its inputs it is. */
  readonly masked?: { readonly call: CallTerm; readonly input: number };
}

export interface Measured {
  /** The type that m is rounded to first, as an output stores it; absent where it is read back, or stays f32. */
  readonly rounded?: ComputedType;
  /** m is a change rather than a model. */
  readonly isDelta: boolean;
  /** Absent where a model has no such tensor. */
  readonly changes: readonly (Change | undefined)[];
  /** Those that must be read for. */
  readonly sums: readonly Exclude<Sum, { readonly kind: 'elements' }>[];
}

/** A tensor to run passes over for its sums; its term is m. */
export interface MeasureItem extends WorkItem {
  readonly measured: Measured;
}

export function isMeasureItem(item: WorkItem): item is MeasureItem {
  return 'measured' in item;
}
