/** Reads tensors for their sums: a small one by one worker, a large one slice by slice by all. */
import { blockElements } from '../formula/node.ts';
import { statisticPasses, type Pass } from '../program/passes.ts';
import { total } from '../program/settle.ts';
import { elementCount } from '../safetensors/dtype-size.ts';
import type { GroupTable, Sample } from '../run/job.ts';
import type { Pool } from '../run/pool.ts';
import { scalarsOf } from '../run/known-scalars.ts';
import { joined, newTickets, settled, settleSpread } from '../run/spread.ts';
import type { StudyItem } from './items.ts';
import { sumKey, type MeasureItem, type Sum } from './measured.ts';
import { measureProgram } from './measure-program.ts';
import type { Study, Tally } from './study.ts';

export interface Reading {
  readonly pool: Pool;
  readonly groups: GroupTable;
  /** Elements of a slice, whole blocks. */
  readonly sliceElements: number;
  /** So many elements one worker may hold of every operand. */
  readonly residentElements: number;
}

/** By sum of the item: one figure for each block. */
export type BlockSums = readonly Float64Array[];

/** Every block of the tensor. */
export async function readWhole(item: MeasureItem, reading: Reading): Promise<BlockSums> {
  const { pool, groups, residentElements } = reading;
  if (item.elements > residentElements) return readSpread(item, reading);
  const answer = settled(await pool.one({ kind: 'measure', item, groups }), 'figures');
  return answer.blocks[0]!.figures;
}

async function readSpread(item: MeasureItem, reading: Reading): Promise<BlockSums> {
  const { pool, groups, sliceElements } = reading;
  const { program, passes } = measureProgram(item);
  const hasStatistics = statisticPasses(program).length > 0;
  const scalars = hasStatistics
    ? await settleSpread({ pool, item, program, groups, sliceElements })
    : scalarsOf(program, groups);
  const known = scalars.figures();
  const sums: ArrayLike<number>[] = [];
  for (const [index, formula] of passes.entries()) {
    const answers = await pool.all({
      kind: 'pass',
      item,
      pass: { kind: 'sums', index },
      groups,
      known,
      tickets: newTickets(sliceElements),
    });
    const pass: Pass = { formula, sinks: [] };
    const blocks = Math.ceil(item.elements / blockElements);
    sums.push(
      ...joined(
        pass,
        answers.map((answer) => settled(answer, 'figures')),
        blocks,
      ),
    );
  }
  return sums.map((figures) => Float64Array.from(figures));
}

/** Blocks in order, from +0. */
export function wholeTally({ header, item }: StudyItem, blocks: BlockSums): Tally {
  const totals = new Map(
    item.measured.sums.map((sum, index) => [sumKey(sum), total(blocks[index]!)]),
  );
  const elements = elementCount(header.shape)!;
  return { total: (sum: Sum) => (sum.kind === 'elements' ? elements : totals.get(sumKey(sum))!) };
}

/** Answers a study's questions from all values. */
export async function readStudy(
  study: Study,
  items: readonly StudyItem[],
  reading: Reading,
): Promise<void> {
  const tallies = await eachTensor(items, reading, new Map(), async (studied) =>
    wholeTally(studied, await readWhole(studied.item, reading)),
  );
  addAll(study, items, tallies);
}

/** Large tensors one after another, since each has all workers to itself; then the others beside one another. */
export async function eachTensor<T>(
  items: readonly StudyItem[],
  { residentElements }: Reading,
  samples: ReadonlyMap<string, Sample>,
  read: (item: StudyItem, sample: Sample | undefined) => Promise<T>,
): Promise<readonly T[]> {
  const found: T[] = [];
  const all = items.map((item, index) => {
    const sample = samples.get(item.header.name);
    const isLarge = sample === undefined && item.item.elements > residentElements;
    const work = async (): Promise<void> => void (found[index] = await read(item, sample));
    return { isLarge, work };
  });
  for (const { isLarge, work } of all) if (isLarge) await work();
  const ended = await Promise.allSettled(
    all.filter(({ isLarge }) => !isLarge).map(({ work }) => work()),
  );
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
  return found;
}

/** In byte order of their names, as the items are. */
export function addAll(study: Study, items: readonly StudyItem[], tallies: readonly Tally[]): void {
  items.forEach(({ header }, index) => study.add(header, tallies[index]!));
}
