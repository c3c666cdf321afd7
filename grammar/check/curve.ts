/** The value of a curve at a tensor: the law of `curve(k₀, …, kₙ)`, pure arithmetic in f64. */
import { layerAt } from '../places/evaluate.ts';
import type { Tower } from '../places/anatomy.ts';
import type { Curve, CurveFunction, Ease, PlacedKnot } from './value.ts';

export type Compat = 'paper' | 'mergekit';

/** Where a tensor stands for a curve. */
export type Depth =
  /** In layer `layer` of its tower, the `index`-th of the `count` layers the curve is laid over. */
  | {
      readonly kind: 'layer';
      readonly tower: Tower;
      readonly layer: number;
      readonly index: number;
      readonly count: number;
    }
  /** Outside the layers: at the first knot or the last. */
  | { readonly kind: 'outside'; readonly end: 'first' | 'last'; readonly tower?: Tower };

export function constant(value: number): Curve {
  return { kind: 'constant', value };
}

export function valueAt(curve: Curve, depth: Depth, compat: Compat): number {
  switch (curve.kind) {
    case 'constant':
      return curve.value;
    case 'knots':
      return knotsAt(curve.knots, curve.ease, depth, compat);
    case 'placed':
      return placedAt(curve.knots, curve.ease, depth);
    case 'arithmetic':
      return compute(
        curve.operator,
        valueAt(curve.left, depth, compat),
        valueAt(curve.right, depth, compat),
      );
    case 'function':
      return apply(
        curve.name,
        curve.operands.map((operand) => valueAt(operand, depth, compat)),
      );
    case 'profile':
      return NaN;
  }
}

export function compute(operator: '+' | '-' | '*' | '/', left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
  }
}

export function apply(name: CurveFunction, operands: readonly number[]): number {
  switch (name) {
    case 'sqrt':
      return Math.sqrt(operands[0] ?? NaN);
    case 'abs':
      return Math.abs(operands[0] ?? NaN);
    case 'min':
      return Math.min(...operands);
    case 'max':
      return Math.max(...operands);
  }
}

function knotsAt(knots: readonly number[], ease: Ease, depth: Depth, compat: Compat): number {
  const last = knots.length - 1;
  if (depth.kind === 'outside') return knots[depth.end === 'first' ? 0 : last]!;
  const { index, count } = depth;
  // One layer alone takes the first knot; the last one in the tool that compat follows.
  if (count === 1) return knots[compat === 'mergekit' ? last : 0]!;
  if (compat === 'mergekit') {
    const x = (index / (count - 1)) * last;
    const at = Math.floor(x);
    return between(knots[at]!, knots[Math.min(last, at + 1)]!, x - at, ease);
  }
  const at = Math.floor((index * last) / (count - 1));
  const remainder = index * last - at * (count - 1);
  if (remainder === 0) return knots[at]!;
  return between(knots[at]!, knots[at + 1]!, remainder / (count - 1), ease);
}

function between(left: number, right: number, fraction: number, ease: Ease): number {
  const f = eased(fraction, ease);
  return (1 - f) * left + f * right;
}

function eased(f: number, ease: Ease): number {
  switch (ease) {
    case 'linear':
      return f;
    case 'smooth':
      return 3 * f * f - 2 * f * f * f;
    case 'hold':
      return 0;
  }
}

/** Level before the first knot and after the last. Knots the tower has not got are left out. */
function placedAt(knots: readonly PlacedKnot[], ease: Ease, depth: Depth): number {
  const tower = depth.tower;
  const placed =
    tower === undefined
      ? knots.map(({ value }, at) => ({ at, value }))
      : knots
          .flatMap(({ at, value }) => {
            const layer = layerAt(at, tower);
            return layer === undefined ? [] : [{ at: layer, value }];
          })
          .sort((a, b) => a.at - b.at);
  const first = placed[0] ?? { at: 0, value: knots[0]!.value };
  const last = placed.at(-1) ?? first;
  if (depth.kind === 'outside') return depth.end === 'first' ? first.value : last.value;
  if (depth.layer <= first.at) return first.value;
  if (depth.layer >= last.at) return last.value;
  const after = placed.findIndex(({ at }) => at > depth.layer);
  const left = placed[after - 1]!;
  const right = placed[after]!;
  if (left.at === depth.layer) return left.value;
  return between(left.value, right.value, (depth.layer - left.at) / (right.at - left.at), ease);
}

/** A curve with its constants folded: `0.5 * 2` is 1. */
export function folded(curve: Curve): Curve {
  switch (curve.kind) {
    case 'arithmetic': {
      const left = folded(curve.left);
      const right = folded(curve.right);
      if (left.kind === 'constant' && right.kind === 'constant') {
        return constant(compute(curve.operator, left.value, right.value));
      }
      return { ...curve, left, right };
    }
    case 'function': {
      const operands = curve.operands.map(folded);
      const values = operands.flatMap((of) => (of.kind === 'constant' ? [of.value] : []));
      return values.length === operands.length
        ? constant(apply(curve.name, values))
        : { ...curve, operands };
    }
    case 'constant':
    case 'knots':
    case 'placed':
    case 'profile':
      return curve;
  }
}

/**
 * Values of the curve that stand for all, before any layer is known: those at its knots.
 * Undefined where knots stand at layers and meet other knots, which only a model can settle, and for profiles.
 */
export function valuesAtKnots(curve: Curve): readonly number[] | undefined {
  if (hasProfile(curve)) return undefined;
  const counts = new Set<number>();
  const isPlaced = collectKnotCounts(curve, counts);
  if (isPlaced) return curve.kind === 'placed' ? curve.knots.map(({ value }) => value) : undefined;
  const positions = new Map<number, { index: number; count: number }>([
    [0, { index: 0, count: 2 }],
    [1, { index: 1, count: 2 }],
  ]);
  for (const count of counts) {
    for (let index = 0; index < count; index++) {
      if (count > 1) positions.set(index / (count - 1), { index, count });
    }
  }
  return [...positions.values()].map(({ index, count }) =>
    valueAt(curve, { kind: 'layer', tower: nowhere, layer: index, index, count }, 'paper'),
  );
}

const nowhere: Tower = { name: '', kind: 'unknown', layerCount: 0 };

/** Collects how many knots each shape has; true where some knots stand at layers. */
function collectKnotCounts(curve: Curve, counts: Set<number>): boolean {
  switch (curve.kind) {
    case 'constant':
    case 'profile':
      return false;
    case 'knots':
      counts.add(curve.knots.length);
      return false;
    case 'placed':
      return true;
    case 'arithmetic': {
      const left = collectKnotCounts(curve.left, counts);
      return collectKnotCounts(curve.right, counts) || left;
    }
    case 'function':
      return curve.operands.reduce((any, of) => collectKnotCounts(of, counts) || any, false);
  }
}

/** All knots that stand at layers, for checking that the layers exist. */
export function placedKnotsOf(curve: Curve): readonly PlacedKnot[] {
  switch (curve.kind) {
    case 'placed':
      return curve.knots;
    case 'arithmetic':
      return [...placedKnotsOf(curve.left), ...placedKnotsOf(curve.right)];
    case 'function':
      return curve.operands.flatMap(placedKnotsOf);
    case 'constant':
    case 'knots':
    case 'profile':
      return [];
  }
}

/** Whether any piece of it is a known profile, so that its values are not known yet. */
export function hasProfile(curve: Curve): boolean {
  switch (curve.kind) {
    case 'profile':
      return true;
    case 'arithmetic':
      return hasProfile(curve.left) || hasProfile(curve.right);
    case 'function':
      return curve.operands.some(hasProfile);
    case 'constant':
    case 'knots':
    case 'placed':
      return false;
  }
}
