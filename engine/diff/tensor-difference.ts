/** How the tensors of two checkpoints differ. Plain data. */
import type { DType } from '../../grammar/places/signature.ts';
import type { TensorPair } from './tensor-pairs.ts';

interface Alike {
  readonly name: string;
  readonly dtypes: readonly [a: DType, b: DType];
  readonly shape: readonly number[];
  readonly elements: number;
}

/** A tensor that is not the same to the last byte. Values are those that are computed with: f64 is rounded to f32. */
export type TensorDifference =
  | Extract<TensorPair, { readonly kind: 'only' | 'other-shape' }>
  /** The same values in another type, or as other NaNs. */
  | (Alike & { readonly kind: 'same-values' })
  /** Of two types whose values are not compared. */
  | (Alike & { readonly kind: 'other-type' })
  | (Alike & {
      readonly kind: 'changed';
      /** Elements that differ. */
      readonly differing: number;
      /** Absent for types that are not computed with. */
      readonly figures?: ChangeFigures;
    });

/** Each absent where weights give no such number: over zeros, or with an infinity or a NaN among the values. */
export interface ChangeFigures {
  /** ‖B − A‖ / ‖A‖ */
  readonly relative?: number;
  /** max |B − A| */
  readonly largest?: number;
  /** ⟨A, B⟩ / ‖A‖‖B‖ */
  readonly cosine?: number;
}

export interface DiffTotals {
  /** Tensors that were compared, by what came of it. */
  readonly equal: number;
  readonly sameValues: number;
  readonly changed: number;
  readonly otherType: number;
  readonly otherShape: number;
  readonly onlyInA: number;
  readonly onlyInB: number;
  /** Elements of all tensors that both have in one shape, and how many of them differ. */
  readonly elements: number;
  readonly differing: number;
  /** Over the tensors that changed; absent where none did. */
  readonly figures?: ChangeFigures;
}

/** What differs most comes first: what one side lacks, other shapes, other types, then by the relative change. */
export function inOrder(differences: readonly TensorDifference[]): readonly TensorDifference[] {
  return differences
    .map((difference, index) => ({ difference, index }))
    .sort(
      (x, y) =>
        rank(x.difference) - rank(y.difference) ||
        relativeChange(y.difference) - relativeChange(x.difference) ||
        x.index - y.index,
    )
    .map(({ difference }) => difference);
}

function rank({ kind }: TensorDifference): number {
  return ['only', 'other-shape', 'other-type', 'changed', 'same-values'].indexOf(kind);
}

/** A change that is no finite number counts as larger than any other. */
function relativeChange(difference: TensorDifference): number {
  if (difference.kind !== 'changed' || difference.figures === undefined) return 0;
  return difference.figures.relative ?? Number.MAX_VALUE;
}
