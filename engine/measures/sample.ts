/** Which blocks of a checkpoint are read first: few, spread over all tensors, and the same every time. */
import { blockElements } from '../formula/node.ts';
import { drawKey, drawWord } from '../numeric/threefry.ts';
import type { Sample } from '../run/job.ts';

/** A tensor by its name and how many elements it has. */
export interface Sampled {
  readonly name: string;
  readonly elements: number;
}

export interface SampleSize {
  /** In all, as far as every tensor gets its least. */
  readonly blocks: number;
  /** Of one tensor, since one worker holds them at once. */
  readonly mostOfTensor: number;
}

/** Two are needed to see how blocks differ. */
const leastOfTensor = 2;
/** Tensors of so few blocks are read whole. */
const smallBlocks = 4;

/** By tensor the blocks that are read; absent where all are. */
export function chooseSamples(
  tensors: readonly Sampled[],
  { blocks, mostOfTensor }: SampleSize,
): ReadonlyMap<string, Sample> {
  const counts = tensors.map(({ elements }) => Math.ceil(elements / blockElements));
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (all <= blocks) return new Map();
  return new Map(
    tensors.flatMap((tensor, index) => {
      const count = counts[index]!;
      const wanted = Math.round((blocks * count) / all);
      const taken = Math.min(Math.max(wanted, leastOfTensor), mostOfTensor);
      return count <= smallBlocks || taken >= count
        ? []
        : [[tensor.name, chooseBlocks(tensor, taken)]];
    }),
  );
}

/** The blocks with the least draws, in order: a larger sample holds every smaller one. */
export function chooseBlocks({ name, elements }: Sampled, taken: number): Sample {
  const key = drawKey({ seed: 0, purpose: 'sample', slot: '0.0', tensor: name });
  const count = Math.ceil(elements / blockElements);
  return Array.from({ length: count }, (_, block) => ({ block, draw: drawWord(key, block) }))
    .sort((a, b) => a.draw - b.draw || a.block - b.block)
    .slice(0, taken)
    .sort((a, b) => a.block - b.block)
    .map(({ block }) => {
      const first = block * blockElements;
      return { first, elements: Math.min(blockElements, elements - first) };
    });
}

export function sampledElements(sample: Sample): number {
  return sample.reduce((sum, { elements }) => sum + elements, 0);
}
