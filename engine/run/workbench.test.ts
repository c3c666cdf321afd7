import { expect, test } from 'vitest';
import { Graph } from '../formula/graph.ts';
import { kernelsOf } from './kernels.ts';
import { stretchesOf, Workbench } from './workbench.ts';

/** All keys of a tensor, by the bins of their high and of their low halves, in stretches. */
function counted(elements: number, limits?: { readonly mostBinned: number }) {
  const g = new Graph();
  const key = g.and(g.operand(32), g.word(0x7fffffff));
  const formula = g.formula([
    { kind: 'hist', key },
    { kind: 'count', mask: g.ltU(key, g.word(1)) },
    { kind: 'hist', key, prefix: g.word(0) },
  ]);
  const bench = new Workbench(kernelsOf('wasm'), limits);
  bench.prepare({ operandWidths: [32], elements: 1000, outputWidth: 16, histograms: 2 });
  const words = Uint32Array.from({ length: 1000 }, (_, at) => (at % 7) * 0x8001);
  bench.operand(0, 1000).set(new Uint8Array(words.buffer));
  bench.clearBins(formula);
  for (const { first, elements: some } of stretchesOf(elements, 1000))
    bench.run(formula, () => new Uint32Array(), { first, elements: some });
  return bench.bins(formula).map((bins) => bins && [...bins].slice(0, 8));
}

test('more keys than words of 32 bits count are counted all the same', () => {
  const whole = counted(25_300);
  expect(whole[0]!.reduce((sum, count) => sum + count, 0)).toBe(25_300);
  for (const mostBinned of [1000, 3999, 25_000])
    expect(counted(25_300, { mostBinned })).toEqual(whole);
});
