import { type KernelType, roundTo } from '../formula/derived.ts';
import { roundScalar } from '../numeric/round-scalar.ts';
import type { FNode } from '../formula/node.ts';
import type { Composer } from '../program/composer.ts';

/**
 * Arithmetic in a storage type, as tools do it that compute in the type they store: operands round on load, and so does
 * each product, quotient and difference; a sum over models runs in f32 and rounds once. In F32 it is plain f32 arithmetic.
 */
export interface Arithmetic {
  readonly type: KernelType;
  load(x: FNode): FNode;
  add(a: FNode, b: FNode): FNode;
  sub(a: FNode, b: FNode): FNode;
  mul(a: FNode, b: FNode): FNode;
  div(a: FNode, b: FNode): FNode;
  /** By a number of the recipe; once x is x. */
  times(factor: number, x: FNode): FNode;
  /** In list order, from the first addend. */
  sum(addends: readonly FNode[]): FNode;
  /** A number as this type holds it. */
  number(value: number): number;
}

export function arithmetic(composer: Composer, type: KernelType): Arithmetic {
  const { graph } = composer;
  const round = (x: FNode): FNode => roundTo(graph, type, x);
  const mul = (a: FNode, b: FNode): FNode => round(graph.mul(a, b));
  return {
    type,
    load: round,
    add: (a, b) => round(graph.add(a, b)),
    sub: (a, b) => round(graph.sub(a, b)),
    mul,
    div: (a, b) => round(graph.div(a, b)),
    times: (factor, x) => (factor === 1 ? x : mul(composer.floatOf(factor), x)),
    sum: (addends) => round(sumOf(composer, addends)),
    number: (value) => roundScalar(value, type),
  };
}

/** A sum in list order that starts with its first addend. */
export function sumOf(composer: Composer, addends: readonly FNode[]): FNode {
  return addends.reduce((sum, addend) => composer.graph.add(sum, addend));
}

/** Numbers added in f64, in list order. */
export function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, value) => sum + value, 0);
}

/** f32 values added in f32, in list order, as a tensor of weights is summed. */
export function totalF32(numbers: readonly number[]): number {
  return numbers
    .map((value) => roundScalar(value, 'F32'))
    .reduce((sum, value) => roundScalar(sum + value, 'F32'));
}
