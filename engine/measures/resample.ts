/** What a sample of blocks says of its whole tensor, and how sure it is: a bootstrap over blocks, each tensor a stratum. */
import { drawKey, drawWord } from '../numeric/threefry.ts';
import type { Sample } from '../run/job.ts';
import type { BlockSums } from './read-sums.ts';
import { sumKey, type MeasureItem, type Sum } from './measured.ts';
import { sampledElements, type Sampled } from './sample.ts';
import type { Tally } from './study.ts';

/** Blocks are drawn anew so often. The standard error is then right within a tenth or so. */
export const replicates = 128;

export function sampledTally(
  { name, elements }: Sampled,
  sample: Sample,
  item: MeasureItem,
  sums: BlockSums,
): Tally {
  const held = sampledElements(sample);
  const drawn = drawnBlocks(name, sample.length);
  const ofBlocks = sample.map((block) => block.elements);
  const scales = drawn.map((blocks) => elements / sumOver(blocks, ofBlocks));
  const spread = spreadOf(sample, { elements, held });
  const bySum = new Map(
    item.measured.sums.map((sum, index) => {
      const figures = sums[index]!;
      const total = (elements / held) * figures.reduce((all, value) => all + value, 0);
      const resampled = new Float64Array(replicates);
      for (let r = 0; r < replicates; r++)
        resampled[r] = total + spread * (scales[r]! * sumOver(drawn[r]!, figures) - total);
      return [sumKey(sum), { total, resampled }];
    }),
  );
  const count = { total: elements, resampled: new Float64Array(replicates).fill(elements) };
  const figures = (sum: Sum): typeof count =>
    sum.kind === 'elements' ? count : bySum.get(sumKey(sum))!;
  return { total: (sum) => figures(sum).total, resampled: (sum) => figures(sum).resampled };
}

/**
 * Draws with replacement vary too little by (n − 1)/n, and too much by the part of the tensor that was read, which is known
 * for certain.
 */
function spreadOf(
  { length: n }: Sample,
  { elements, held }: { readonly elements: number; readonly held: number },
): number {
  return Math.sqrt((1 - held / elements) * (n / (n - 1)));
}

/** By resampling: so many blocks, of which some come twice. */
function drawnBlocks(name: string, count: number): readonly Uint32Array[] {
  const key = drawKey({ seed: 1, purpose: 'sample', slot: '0.0', tensor: name });
  return Array.from({ length: replicates }, (_, r) => {
    const blocks = new Uint32Array(count);
    for (let i = 0; i < count; i++)
      blocks[i] = Math.floor((drawWord(key, r * count + i) / 4294967296) * count);
    return blocks;
  });
}

function sumOver(blocks: Uint32Array, figures: ArrayLike<number>): number {
  let sum = 0;
  for (const block of blocks) sum += figures[block]!;
  return sum;
}
