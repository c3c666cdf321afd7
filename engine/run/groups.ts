/** Statistics over the whole model: each is found over all tensors of its call before any tensor that needs it is computed. */
import type { PlannedGroup, WorkItem } from '../plan/plan.ts';
import type { Program } from '../program/composer.ts';
import { programOf } from '../program/from-term.ts';
import { groupPass, groupsBefore, type GroupStage } from '../program/passes.ts';
import { highFigures, lowFigures, total, type PassResult } from '../program/settle.ts';
import type { StatisticPart } from '../program/scalar.ts';
import type { GroupMemory } from './group-memory.ts';
import { giveBack } from './give-back.ts';
import type { GroupTable } from './job.ts';
import type { Pool } from './pool.ts';
import { scalarsOf } from './known-scalars.ts';
import { addBins, gatherSpread, joined, settled } from './spread.ts';

export interface Gathering {
  readonly pool: Pool;
  readonly sliceElements: number;
  /** Whether one worker holds the tensor whole. */
  readonly isResident: (item: WorkItem) => boolean;
  readonly memory?: GroupMemory;
}

export function programOfItem(item: WorkItem): Program {
  return programOf(item.term, {
    elements: item.elements,
    wholeElements: new Map(Object.entries(item.wholeElements)),
  });
}

/** The figures of every group. Calls come in order; the groups of one call in rounds, each waiting for those before. */
export async function gatherGroups(
  groups: readonly PlannedGroup[],
  gathering: Gathering,
): Promise<GroupTable> {
  let table: GroupTable = {};
  for (const group of groups) {
    if (group.tensors.length === 0) continue;
    const known = gathering.memory?.known(group);
    const figures = known ?? (await gatherGroup(group, table, gathering));
    if (known === undefined) await gathering.memory?.keep(group, figures);
    table = { ...table, ...figures };
  }
  return table;
}

/** The figures of one call, in rounds. */
async function gatherGroup(
  { tensors }: PlannedGroup,
  before: GroupTable,
  gathering: Gathering,
): Promise<GroupTable> {
  const program = programOfItem(tensors[0]!.item);
  let found: GroupTable = {};
  for (;;) {
    const table = { ...before, ...found };
    const ready = readyGroups(program, table);
    if (ready.length === 0) return found;
    found = { ...found, ...(await gatherRound(program, ready, tensors, table, gathering)) };
  }
}

/** The groups that are not known yet and wait for none that is unknown. */
function readyGroups(program: Program, known: GroupTable): readonly string[] {
  return program.statistics.flatMap(({ group }) => {
    if (group === undefined || group in known) return [];
    return [...groupsBefore(program, group)].every((before) => before in known) ? [group] : [];
  });
}

async function gatherRound(
  program: Program,
  groups: readonly string[],
  tensors: PlannedGroup['tensors'],
  known: GroupTable,
  gathering: Gathering,
): Promise<GroupTable> {
  const scalars = scalarsOf(program, known);
  const found = await gatherStage({ groups, stage: 'first', table: known, tensors, gathering });
  const figures: Record<string, readonly (readonly [StatisticPart, number])[]> = {};
  const kth: { readonly group: string; readonly rank: number }[] = [];
  groups.forEach((group, index) => {
    const statistic = program.statistics.find((one) => one.group === group)!;
    switch (statistic.kind) {
      case 'dot':
        figures[group] = [['sum', total(found[index]!)]];
        return;
      case 'count':
        figures[group] = [['count', total(found[index]!)]];
        return;
      case 'kth': {
        const rank = scalars.get(statistic.rank);
        kth.push({ group, rank });
        figures[group] = highFigures(found[index]!, rank);
        return;
      }
      case 'quota':
        throw new Error('a quota over the whole model is refused by the check');
    }
  });
  if (kth.length === 0) return figures;
  const names = kth.map(({ group }) => group);
  const low = await gatherStage({
    groups: names,
    stage: 'second',
    table: { ...known, ...figures },
    tensors,
    gathering,
  });
  kth.forEach(({ group, rank }, index) => {
    const [high, above] = figures[group]!.map(([, value]) => value);
    figures[group] = [
      ['high', high!],
      ...lowFigures(low[index]!, { bin: high!, above: above! }, rank),
    ];
  });
  return figures;
}

/** By group: bins added over all tensors, or one sum for each tensor, in the tensors' order. */
async function gatherStage(stage: {
  readonly groups: readonly string[];
  readonly stage: GroupStage;
  readonly table: GroupTable;
  readonly tensors: PlannedGroup['tensors'];
  readonly gathering: Gathering;
}): Promise<readonly Float64Array[]> {
  const { groups, tensors } = stage;
  const bins: (Float64Array | undefined)[] = groups.map(() => undefined);
  const sums = groups.map(() => new Float64Array(tensors.length));
  const absorb = (tensor: number, sinks: PassResult, isHistogram: readonly boolean[]): void => {
    sinks.forEach((figures, index) => {
      if (!isHistogram[index]) {
        sums[index]![tensor] = total(figures);
        return;
      }
      const before = bins[index];
      bins[index] = addBins(before === undefined ? [figures] : [before, figures]);
      giveBack([before, figures]);
    });
  };
  await Promise.all(
    tensors.map(async ({ item }, tensor) => {
      const { pass } = groupPass(programOfItem(item), groups, stage.stage);
      const isHistogram = pass.formula.sinks.map(({ kind }) => kind === 'hist');
      absorb(tensor, await gatherTensor(item, stage), isHistogram);
    }),
  );
  return groups.map((_, index) => bins[index] ?? sums[index]!);
}

async function gatherTensor(
  item: WorkItem,
  { groups, stage, table, gathering }: Parameters<typeof gatherStage>[0],
): Promise<PassResult> {
  const { pool, sliceElements, isResident } = gathering;
  const program = programOfItem(item);
  const name = { kind: 'group', groups, stage } as const;
  if (!isResident(item)) {
    return gatherSpread({ pool, item, program, groups: table, sliceElements }, name);
  }
  const answer = settled(
    await pool.one({ kind: 'gather', item, pass: name, groups: table }),
    'figures',
  );
  const { pass } = groupPass(program, groups, stage);
  return joined(pass, [answer], Math.ceil(item.elements / 65536));
}
