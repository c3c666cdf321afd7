/** Figures by their definitions, in f64, element by element: what tests hold the engine's figures against. */
import { drawKey, drawWord } from '../numeric/threefry.ts';
import type { Weights } from './test-checkpoints.ts';

/** Numbers around zero, nearly normal, the same for the same name. */
export function randomValues(name: string, length: number, size = 1): Float32Array {
  const key = drawKey({ seed: 9, purpose: 'sketch', slot: '1.1', tensor: name });
  return Float32Array.from({ length }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < 4; k++) sum += drawWord(key, 4 * i + k) / 4294967296 - 0.5;
    return size * sum * Math.sqrt(3);
  });
}

export function randomWeights(
  name: string,
  lengths: Readonly<Record<string, number>>,
  size = 1,
): Weights {
  return Object.fromEntries(
    Object.entries(lengths).map(([tensor, length]) => [
      tensor,
      randomValues(`${name} ${tensor}`, length, size),
    ]),
  );
}

export function plus(a: Weights, b: Weights): Weights {
  return mapWeights(a, (tensor, x, i) => x + b[tensor]![i]!);
}

export function mapWeights(
  weights: Weights,
  each: (tensor: string, value: number, index: number) => number,
): Weights {
  return Object.fromEntries(
    Object.entries(weights).map(([tensor, values]) => [
      tensor,
      values.map((value, index) => each(tensor, value, index)),
    ]),
  );
}

/** Σ over all elements of all tensors, or of those named. */
function sum(
  of: Weights,
  each: (tensor: string, index: number) => number,
  tensors: readonly string[] = Object.keys(of),
): number {
  let total = 0;
  for (const tensor of tensors)
    for (let i = 0; i < of[tensor]!.length; i++) total += each(tensor, i);
  return total;
}

export interface Models {
  readonly merged: Weights;
  readonly base: Weights;
}

export function gapOf({ merged, base }: Models, a: Weights, tensors?: readonly string[]): number {
  const apart = sum(merged, (t, i) => square(merged[t]![i]! - a[t]![i]!), tensors);
  const size = sum(merged, (t, i) => square(a[t]![i]! - base[t]![i]!), tensors);
  return Math.sqrt(apart / size);
}

export function distanceOf(
  { merged, base }: Models,
  a: Weights,
  tensors?: readonly string[],
): number {
  const apart = sum(merged, (t, i) => square(merged[t]![i]! - a[t]![i]!), tensors);
  return Math.sqrt(apart / sum(merged, (t, i) => square(base[t]![i]!), tensors));
}

export function cosineOf(
  base: Weights,
  a: Weights,
  b: Weights,
  tensors?: readonly string[],
): number {
  const change = (of: Weights, t: string, i: number): number => of[t]![i]! - base[t]![i]!;
  const dot = (x: Weights, y: Weights): number =>
    sum(base, (t, i) => change(x, t, i) * change(y, t, i), tensors);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

/** Of changes as they are given: masked or not. */
export function signConflictOf(
  changes: readonly Weights[],
  of: 'shared' | 'nonzero' | 'all' = 'shared',
  tensors?: readonly string[],
): number {
  const signs = (t: string, i: number): readonly number[] =>
    changes.map((change) => Math.sign(change[t]![i]!));
  const both = sum(
    changes[0]!,
    (t, i) => Number(signs(t, i).includes(1) && signs(t, i).includes(-1)),
    tensors,
  );
  const among = sum(
    changes[0]!,
    (t, i) => {
      const count = signs(t, i).filter((sign) => sign !== 0).length;
      return Number(of === 'all' || (of === 'nonzero' ? count > 0 : count > 1));
    },
    tensors,
  );
  return both / among;
}

/** τ where |τ| is at least the (⌊n d⌋ + 1)-th largest, else 0, tensor by tensor. */
export function trimmedOf(change: Weights, density: number): Weights {
  return Object.fromEntries(
    Object.entries(change).map(([tensor, values]) => {
      const sizes = [...values].map(Math.abs).sort((a, b) => b - a);
      const least = sizes[Math.floor(values.length * density)] ?? 0;
      return [tensor, values.map((value) => (Math.abs(value) >= least ? value : 0))];
    }),
  );
}

export function changeOf(a: Weights, base: Weights): Weights {
  return mapWeights(a, (t, x, i) => x - base[t]![i]!);
}

export function shareKept(masked: Weights, tensors?: readonly string[]): number {
  return (
    sum(masked, (t, i) => Number(masked[t]![i] !== 0), tensors) / sum(masked, () => 1, tensors)
  );
}

function square(x: number): number {
  return x * x;
}
