import { exponentMask, roundToWord, widthOf, type KernelType } from '../../formula/derived.ts';
import type { Graph } from '../../formula/graph.ts';
import type { FNode, Formula } from '../../formula/node.ts';

/** The f32 words of numbers. */
export function floatWords(...values: readonly number[]): Uint32Array {
  return new Uint32Array(new Float32Array(values).buffer);
}

/** A formula that ends in one store of a value rounded to the type. */
export function storing(g: Graph, dtype: KernelType, value: FNode): Formula {
  const word = roundToWord(g, dtype, value);
  return g.formula([
    { kind: 'store', word, width: widthOf(dtype), nonFinite: exponentMask(dtype) },
  ]);
}
