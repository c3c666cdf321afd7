/** Statistics over the whole model on a sample: every tensor is a stratum, and its counts weigh by what its blocks stand for. */
import type { PlannedGroup, WorkItem } from '../plan/plan.ts';
import type { Program } from '../program/composer.ts';
import { groupsBefore, type GroupStage } from '../program/passes.ts';
import type { StatisticPart } from '../program/scalar.ts';
import { highFigures, lowFigures, total } from '../program/settle.ts';
import { programOfItem } from '../run/groups.ts';
import type { GroupTable, Sample } from '../run/job.ts';
import type { Pool } from '../run/pool.ts';
import { scalarsOf } from '../run/known-scalars.ts';
import { settled } from '../run/spread.ts';
import { sampledElements } from './sample.ts';

export interface SampledGathering {
  readonly pool: Pool;
  /** By tensor; absent where it is read whole, which one worker then can. */
  readonly samples: ReadonlyMap<string, Sample>;
}

interface Stratum {
  readonly item: WorkItem;
  readonly sample?: Sample;
  /** Elements that each element read stands for. */
  readonly weight: number;
}

export async function gatherSampledGroups(
  groups: readonly PlannedGroup[],
  { pool, samples }: SampledGathering,
): Promise<GroupTable> {
  let table: GroupTable = {};
  for (const { tensors } of groups) {
    const strata = tensors.map(({ name, item }) => stratum(item, samples.get(name)));
    if (strata.length === 0) continue;
    const program = programOfItem(strata[0]!.item);
    for (;;) {
      const ready = readyGroups(program, table);
      if (ready.length === 0) break;
      table = { ...table, ...(await gatherRound({ program, groups: ready, strata, table, pool })) };
    }
  }
  return table;
}

function stratum(item: WorkItem, sample: Sample | undefined): Stratum {
  if (sample === undefined) return { item, weight: 1 };
  const elements = sampledElements(sample);
  return { item: { ...item, elements }, sample, weight: item.elements / elements };
}

function readyGroups(program: Program, known: GroupTable): readonly string[] {
  return program.statistics.flatMap(({ group }) => {
    if (group === undefined || group in known) return [];
    return [...groupsBefore(program, group)].every((before) => before in known) ? [group] : [];
  });
}

interface Round {
  readonly program: Program;
  readonly groups: readonly string[];
  readonly strata: readonly Stratum[];
  readonly table: GroupTable;
  readonly pool: Pool;
}

async function gatherRound(round: Round): Promise<GroupTable> {
  const { program, groups, table } = round;
  const scalars = scalarsOf(program, table);
  const first = await gatherStage(round, 'first');
  const figures: Record<string, readonly (readonly [StatisticPart, number])[]> = {};
  const ranks = new Map<string, number>();
  groups.forEach((group, index) => {
    const statistic = program.statistics.find((one) => one.group === group)!;
    switch (statistic.kind) {
      case 'dot':
        figures[group] = [['sum', total(first[index]!)]];
        return;
      case 'count':
        figures[group] = [['count', total(first[index]!)]];
        return;
      case 'kth':
        ranks.set(group, scalars.get(statistic.rank));
        figures[group] = highFigures(first[index]!, ranks.get(group)!);
        return;
      case 'quota':
        throw new Error('a quota over the whole model is refused by the check');
    }
  });
  const names = [...ranks.keys()];
  if (names.length === 0) return figures;
  const known = { ...table, ...figures };
  const second = await gatherStage({ ...round, groups: names, table: known }, 'second');
  names.forEach((group, index) => {
    const [high, above] = figures[group]!.map(([, value]) => value);
    const found = lowFigures(second[index]!, { bin: high!, above: above! }, ranks.get(group)!);
    figures[group] = [['high', high!], ...found];
  });
  return figures;
}

/** By group: weighted bins added over all tensors, or one weighted sum for each tensor. */
async function gatherStage(
  { groups, strata, table, pool }: Round,
  stage: GroupStage,
): Promise<readonly Float64Array[]> {
  const sums = groups.map((): number[] => []);
  const bins: (Float64Array | undefined)[] = groups.map(() => undefined);
  // Few at a time, since histograms are large, and added in order, since weighted counts are no integers.
  for (let at = 0; at < strata.length; at += 2 * pool.size) {
    const some = strata.slice(at, at + 2 * pool.size);
    const answers = await Promise.all(
      some.map(({ item, sample }) =>
        pool.one({
          kind: 'gather',
          item,
          pass: { kind: 'group', groups, stage },
          groups: table,
          ...(sample === undefined ? {} : { sample }),
        }),
      ),
    );
    for (const [index, answer] of answers.entries()) {
      const { weight } = some[index]!;
      const found = settled(answer, 'figures');
      groups.forEach((_, group) => {
        const histogram = found.bins[group];
        if (histogram === undefined) {
          sums[group]!.push(weight * total(found.blocks[0]!.figures[group]!));
        } else {
          bins[group] ??= new Float64Array(histogram.length);
          addWeighted(bins[group], histogram, weight);
        }
      });
    }
  }
  return groups.map((_, group) => bins[group] ?? Float64Array.from(sums[group]!));
}

function addWeighted(to: Float64Array, counts: ArrayLike<number>, weight: number): void {
  for (let bin = 0; bin < to.length; bin++) to[bin]! += weight * counts[bin]!;
}
