/** Stretches of a product's factors, laid out as its kernel reads them. */
import { depthUnit, tile } from './emit-multiply.ts';

/** The rows of a left factor, or the columns of a right one: element k of number i is `values[i · step + k · stride]`. */
export interface Lines {
  readonly values: Float64Array;
  readonly count: number;
  readonly length: number;
  readonly step: number;
  readonly stride: number;
}

export interface Stretch {
  readonly first: number;
  readonly count: number;
}

/** Lines beside one another in fours, for each k, each value so many times; zeros where there is no line or no k. */
export function pack(
  { values, step, stride }: Lines,
  lines: Stretch,
  ks: Stretch,
  { into, copies }: { readonly into: Float64Array; readonly copies: 1 | 2 },
): void {
  if (lines.count % tile !== 0 || ks.count % depthUnit !== 0) into.fill(0);
  const four = copies * tile * padded(ks.count, depthUnit);
  for (let line = 0; line < lines.count; line += tile) {
    const place = {
      to: (line / tile) * four,
      from: (lines.first + line) * step + ks.first * stride,
      count: ks.count,
    };
    const present = Math.min(tile, lines.count - line);
    if (present < tile) packSome({ values, step, stride, present }, into, { ...place, copies });
    else if (copies === 1) packFour({ values, step, stride }, into, place);
    else packFourTwice({ values, step, stride }, into, place);
  }
}

interface Place {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}
type Strided = Pick<Lines, 'values' | 'step' | 'stride'>;

function packFour({ values, step, stride }: Strided, into: Float64Array, place: Place): void {
  let { from, to } = place;
  for (let k = 0; k < place.count; k++, from += stride, to += tile) {
    into[to] = values[from]!;
    into[to + 1] = values[from + step]!;
    into[to + 2] = values[from + 2 * step]!;
    into[to + 3] = values[from + 3 * step]!;
  }
}

function packFourTwice({ values, step, stride }: Strided, into: Float64Array, place: Place): void {
  let { from, to } = place;
  for (let k = 0; k < place.count; k++, from += stride, to += 2 * tile) {
    into[to] = into[to + 1] = values[from]!;
    into[to + 2] = into[to + 3] = values[from + step]!;
    into[to + 4] = into[to + 5] = values[from + 2 * step]!;
    into[to + 6] = into[to + 7] = values[from + 3 * step]!;
  }
}

/** Fewer lines than four. */
function packSome(
  { values, step, stride, present }: Strided & { readonly present: number },
  into: Float64Array,
  { from, to, count, copies }: Place & { readonly copies: number },
): void {
  for (let k = 0; k < count; k++)
    for (let line = 0; line < present; line++)
      for (let copy = 0; copy < copies; copy++)
        into[to + (k * tile + line) * copies + copy] = values[from + k * stride + line * step]!;
}

export function padded(length: number, unit: number): number {
  return Math.ceil(length / unit) * unit;
}
