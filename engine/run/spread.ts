/** One tensor's passes over all workers, slice by slice, with a barrier between them. */
import { FaultError } from '../faults/fault.ts';
import { blockElements } from '../formula/node.ts';
import type { WorkItem } from '../plan/plan.ts';
import type { Program } from '../program/composer.ts';
import { groupPass, statisticPasses, type Pass } from '../program/passes.ts';
import { runPasses, type PassResult, type Scalars } from '../program/settle.ts';
import { giveBack } from './give-back.ts';
import type { Answer, GroupTable, KnownFigure, PassName, Tickets } from './job.ts';
import { scalarsOf } from './known-scalars.ts';
import type { Pool } from './pool.ts';
import { RunCancelled } from './cancelled.ts';

export interface Spread {
  readonly pool: Pool;
  readonly item: WorkItem;
  readonly program: Program;
  readonly groups: GroupTable;
  readonly sliceElements: number;
}

export function newTickets(stretchElements: number): Tickets {
  return { counter: new SharedArrayBuffer(4), stretchElements };
}

/** Finds every statistic of the tensor alone. */
export async function settleSpread(spread: Spread): Promise<Scalars> {
  const { program, groups } = spread;
  const scalars = scalarsOf(program, groups);
  const passes = statisticPasses(program);
  await drive(
    spread,
    scalars,
    passes,
    passes.map((_, index) => ({ kind: 'own', index })),
  );
  return scalars;
}

/** One tensor's share of groups' statistics, by sink: bins, or sums or counts by block. */
export async function gatherSpread(
  spread: Spread,
  name: PassName & { kind: 'group' },
): Promise<PassResult> {
  const { program, groups } = spread;
  const scalars = scalarsOf(program, groups);
  const { before, pass } = groupPass(program, name.groups, name.stage);
  if (before.length > 0) await settleInto(spread, scalars);
  return runPass(spread, pass, name, scalars.figures());
}

/** All statistics of the tensor alone that need no group: more than a group may wait for, and never wrong. */
async function settleInto(spread: Spread, scalars: Scalars): Promise<void> {
  const passes = statisticPasses(spread.program);
  await drive(
    spread,
    scalars,
    passes,
    passes.map((_, index) => ({ kind: 'own', index })),
  );
}

async function drive(
  spread: Spread,
  scalars: Scalars,
  passes: readonly Pass[],
  names: readonly PassName[],
): Promise<void> {
  const steps = runPasses(spread.program, scalars, passes);
  let step = steps.next();
  let at = -1;
  let found: PassResult = [];
  while (!step.done) {
    const { value: request } = step;
    if (request.kind === 'pass') {
      giveBack(found);
      at++;
      found = await runPass(spread, passes[at]!, names[at]!, scalars.figures());
      step = steps.next(found);
      continue;
    }
    const answer = settled(
      await spread.pool.one({
        kind: 'locate',
        item: spread.item,
        pass: names[at]!,
        groups: spread.groups,
        known: scalars.figures(),
        sink: request.sink,
        block: request.block,
        wanted: request.wanted,
      }),
      'located',
    );
    step = steps.next([[answer.limit]]);
  }
  giveBack(found);
}

async function runPass(
  spread: Spread,
  pass: Pass,
  name: PassName,
  known: readonly KnownFigure[],
): Promise<PassResult> {
  const { pool, item, groups, sliceElements } = spread;
  const answers = await pool.all({
    kind: 'pass',
    item,
    pass: name,
    groups,
    known,
    tickets: newTickets(sliceElements),
  });
  return joined(
    pass,
    answers.map((answer) => settled(answer, 'figures')),
    Math.ceil(item.elements / blockElements),
  );
}

/** Bins add up in any order; sums and counts take the place of their block. The answers are used up. */
export function joined(
  pass: Pass,
  answers: readonly (Answer & { kind: 'figures' })[],
  blocks: number,
): PassResult {
  const found = pass.formula.sinks.map((sink, index) => {
    if (sink.kind === 'hist') return addBins(answers.map(({ bins }) => bins[index]!));
    const figures = new Float64Array(blocks);
    for (const answer of answers) {
      for (const block of answer.blocks) figures.set(block.figures[index]!, block.first);
    }
    return figures;
  });
  giveBack(answers.flatMap(({ bins }) => bins));
  return found;
}

export function addBins(tables: readonly ArrayLike<number>[]): Float64Array {
  const sum = Float64Array.from(tables[0]!);
  for (const table of tables.slice(1)) {
    for (let bin = 0; bin < sum.length; bin++) sum[bin]! += table[bin]!;
  }
  return sum;
}

/** The answer of the kind that was asked for; a fault or a cancel is thrown to the rim. */
export function settled<K extends Answer['kind']>(answer: Answer, kind: K): Answer & { kind: K } {
  if (answer.kind === 'fault') throw new FaultError(answer.fault);
  if (answer.kind === 'cancelled') throw new RunCancelled();
  if (answer.kind !== kind) throw new Error(`a worker answered ${answer.kind}, not ${kind}`);
  return answer as Answer & { kind: K };
}
