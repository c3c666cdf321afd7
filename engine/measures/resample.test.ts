import { describe, expect, it } from 'vitest';
import { blockElements } from '../formula/node.ts';
import { drawKey, drawWord } from '../numeric/threefry.ts';
import type { MeasureItem, Sum } from './measured.ts';
import { sampledTally } from './resample.ts';
import { chooseSamples, sampledElements } from './sample.ts';

const sum: Sum = { kind: 'nonFinite' };
const item: MeasureItem = {
  term: { kind: 'zero', dtype: 'F32' },
  operands: [],
  elements: 0,
  passes: 0,
  histograms: 0,
  draws: 0,
  wholeElements: {},
  measured: { isDelta: false, changes: [], sums: [sum] },
};

/** A tensor whose blocks hold these sums, and its sample. */
function population(name: string, count: number) {
  const key = drawKey({ seed: 4, purpose: 'sketch', slot: '1.1', tensor: name });
  const sums = Array.from({ length: count }, (_, block) => 1 + drawWord(key, block) / 4294967296);
  const elements = count * blockElements;
  return { tensor: { name, elements }, sums, truth: sums.reduce((a, b) => a + b, 0) };
}

function deviation(values: ArrayLike<number>): number {
  const all = Array.from(values);
  const mean = all.reduce((a, b) => a + b, 0) / all.length;
  return Math.sqrt(all.reduce((a, b) => a + (b - mean) ** 2, 0) / (all.length - 1));
}

describe('what a sample of blocks says', () => {
  it.each([
    [60, 6],
    [60, 20],
    [24, 12],
  ])(
    'its errors are as large as they are said to be: %i blocks, %i of them read',
    (count, taken) => {
      let errors = 0;
      let said = 0;
      let covered = 0;
      const tries = 300;
      for (let t = 0; t < tries; t++) {
        const { tensor, sums, truth } = population(`tensor ${t}`, count);
        const size = { blocks: taken, mostOfTensor: taken };
        const sample = chooseSamples([tensor], size).get(tensor.name)!;
        expect(sample).toHaveLength(taken);
        const read = [Float64Array.from(sample, ({ first }) => sums[first / blockElements]!)];
        const tally = sampledTally(tensor, sample, item, read);
        const error = tally.total(sum) - truth;
        const standardError = deviation(tally.resampled!(sum));
        errors += error * error;
        said += standardError * standardError;
        if (Math.abs(error) <= 2 * standardError) covered++;
      }
      expect(Math.sqrt(said / errors)).toBeGreaterThan(0.85);
      expect(Math.sqrt(said / errors)).toBeLessThan(1.15);
      expect(covered / tries).toBeGreaterThan(0.85);
    },
  );
});

describe('which blocks are read', () => {
  const tensors = [
    { name: 'large', elements: 100 * blockElements + 3 },
    { name: 'middle', elements: 9 * blockElements },
    { name: 'small', elements: 77 },
  ];

  it('small tensors whole, of the others at least two blocks, in all about as many as asked for', () => {
    const samples = chooseSamples(tensors, { blocks: 30, mostOfTensor: 32 });
    expect([...samples].map(([name, sample]) => [name, sample.length])).toEqual([
      ['large', 27],
      ['middle', 2],
    ]);
  });

  it('all where they are few', () => {
    expect(chooseSamples(tensors, { blocks: 111, mostOfTensor: 32 }).size).toBe(0);
  });

  it('the same ones every time, in order, and more of them where more are asked for', () => {
    const [few, many] = [20, 60].map((blocks) =>
      chooseSamples(tensors, { blocks, mostOfTensor: 64 }).get('large')!,
    );
    const firsts = (many ?? []).map(({ first }) => first);
    expect(firsts).toEqual([...firsts].sort((a, b) => a - b));
    expect(few!.every(({ first }) => firsts.includes(first))).toBe(true);
    expect(few!.length).toBeLessThan(firsts.length);
  });

  it('the last block counts the elements it has', () => {
    const size = { blocks: 100, mostOfTensor: 100 };
    const sample = chooseSamples(tensors, size).get('large')!;
    const last = sample.find(({ first }) => first === 100 * blockElements);
    expect(last === undefined ? 3 : last.elements).toBe(3);
    expect(sampledElements(sample)).toBe(sample.reduce((sum, { elements }) => sum + elements, 0));
  });
});
