/** Two tensors of one shape: what is read of them, and what comes of it. */
import type { TensorTerm } from '../../grammar/check/term.ts';
import type { DType } from '../../grammar/places/signature.ts';
import { isComputed } from '../formula/derived.ts';
import { cosine } from '../measures/figures/cosine.ts';
import { distance } from '../measures/figures/distance.ts';
import { finite } from '../measures/figures/figure-law.ts';
import { placedItem } from '../measures/items.ts';
import type { Measured, MeasureItem, Sum } from '../measures/measured.ts';
import { readWhole, wholeTally, type Reading } from '../measures/read-sums.ts';
import type { Files } from '../plan/files.ts';
import type { TensorInFile } from '../plan/operand.ts';
import type { ItemPrograms } from '../run/item-programs.ts';
import { settled } from '../run/spread.ts';
import type { ChangeFigures, TensorDifference } from './tensor-difference.ts';
import type { TensorPair } from './tensor-pairs.ts';

export type AlikePair = Extract<TensorPair, { readonly kind: 'alike' }>;

/** Two tensors of one shape, and what can be measured of them. */
export interface PairWork {
  readonly pair: AlikePair;
  readonly sides: readonly [a: TensorInFile, b: TensorInFile];
  /** Absent for types that are not computed with. */
  readonly item?: MeasureItem;
}

/** m is the tensor of b; the models it is measured against are a and b itself. */
const sums = [
  { kind: 'apart', change: 0 },
  { kind: 'differs', change: 0 },
  { kind: 'largest', change: 0 },
  { kind: 'model', change: 0 },
  { kind: 'product', of: [0, 1] },
  { kind: 'product', of: [0, 0] },
  { kind: 'product', of: [1, 1] },
] as const satisfies Measured['sums'];

export function workOf(
  pair: AlikePair,
  { files, programs }: { readonly files: Files; readonly programs: ItemPrograms },
): PairWork {
  const { name, dtypes, elements } = pair;
  const placed = {
    pair,
    sides: [files.tensor({ source: 'a', name }), files.tensor({ source: 'b', name })],
  } as const;
  if (elements === 0 || !dtypes.every(isComputed)) return placed;
  const term = (source: string, dtype: DType): TensorTerm => ({
    kind: 'tensor',
    source,
    name,
    dtype,
  });
  const a = term('a', dtypes[0]);
  const b = term('b', dtypes[1]);
  const { item } = placedItem(
    {
      term: b,
      elements,
      wholeElements: {},
      measured: {
        isDelta: false,
        changes: [
          { value: a, isDelta: false },
          { value: b, isDelta: false },
        ],
        sums,
      },
    },
    { place: (operand) => files.operand(operand), programs },
  );
  return { ...placed, item };
}

export interface Found {
  /** Absent where the bytes are equal. */
  readonly difference?: TensorDifference;
  /** Where values were measured. */
  readonly tally?: Tally;
}

/** Σ (B − A)², max |B − A|, ΣAB, ΣA², ΣB² */
export interface Tally {
  readonly apart: number;
  readonly largest: number;
  readonly ab: number;
  readonly aa: number;
  readonly bb: number;
}

/** Their bytes until they differ; then their values. */
export async function foundOf({ pair, sides, item }: PairWork, reading: Reading): Promise<Found> {
  const { name, dtypes, shape, elements, byteLength } = pair;
  const alike = { name, dtypes, shape, elements };
  const isOneType = dtypes[0] === dtypes[1];
  const differing = async (count: 'first' | 'all'): Promise<number> => {
    const job = { kind: 'compare', sides, byteLength, count } as const;
    return settled(await reading.pool.one(job), 'compared').differing;
  };
  if (isOneType && (await differing('first')) === 0) return {};
  if (item === undefined) {
    if (elements === 0) return { difference: { kind: 'same-values', ...alike } };
    if (!isOneType) return { difference: { kind: 'other-type', ...alike } };
    return { difference: { kind: 'changed', ...alike, differing: await differing('all') } };
  }
  const header = { name, dtype: dtypes[1], shape };
  const { total } = wholeTally({ header, item }, await readWhole(item, reading));
  const [apart, differs, largest, , ab, aa, bb] = sums.map((sum: Sum) => total(sum));
  // Doubles may differ where their roundings do not.
  const count = isOneType && dtypes[0] === 'F64' ? await differing('all') : differs!;
  if (count === 0) return { difference: { kind: 'same-values', ...alike } };
  const tally = { apart: apart!, largest: largest!, ab: ab!, aa: aa!, bb: bb! };
  const figures = figuresOf(tally);
  return { difference: { kind: 'changed', ...alike, differing: count, figures }, tally };
}

export function figuresOf({ apart, largest, ab, aa, bb }: Tally): ChangeFigures {
  return {
    ...given('relative', distance.of([apart, aa])),
    ...given('largest', finite(largest)),
    ...given('cosine', cosine.of([ab, aa, bb])),
  };
}

function given<K extends string>(
  key: K,
  value: number | undefined,
): Readonly<Partial<Record<K, number>>> {
  const figures: Partial<Record<K, number>> = {};
  if (value !== undefined) figures[key] = value;
  return figures;
}
