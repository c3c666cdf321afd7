import { isConverted } from '../formula/derived.ts';
import type { Plan, WorkItem } from '../plan/plan.ts';
import { mostHistograms } from '../program/histograms.ts';
import { groupPass } from '../program/passes.ts';
import { dtypeBytes } from '../safetensors/dtype-size.ts';
import { pieceBytes } from '../safetensors/pieces.ts';
import { bytesToMake, conversionBytes } from './bring-operand.ts';
import type { Demand } from './budget.ts';
import { bytesOfFactors } from '../plan/factor-memory.ts';
import { programOfItem } from './groups.ts';

/** What the most demanding tensors of the plan need. */
export function demandOf(plan: Plan): Required<Omit<Demand, 'memory' | 'threads'>> {
  let operands = 1;
  let histograms = 0;
  let draws = 0;
  let making = 0;
  let converting = 0;
  let narrowest = 2;
  const look = (item: WorkItem, open: number): void => {
    operands = Math.max(operands, item.operands.length);
    histograms = Math.max(histograms, open);
    draws = Math.max(draws, item.draws);
    making = Math.max(making, bytesToMake(item.operands));
  };
  let factoring = 0;
  for (const { adapter } of plan.outputs) {
    for (const { work } of adapter?.modules ?? []) {
      factoring = Math.max(factoring, bytesOfFactors(work));
      if (work.of.kind === 'matrix') look(work.of.item, work.of.item.histograms);
    }
    for (const { item } of adapter?.leftOut ?? []) look(item, item.histograms);
  }
  for (const { tensors } of plan.outputs) {
    for (const { work, dtype } of tensors) {
      if (work.kind !== 'compute') continue;
      look(work.item, work.item.histograms);
      narrowest = Math.min(narrowest, dtypeBytes[dtype]);
      // Written in one piece, and read back in another where it is checked.
      if (isConverted(dtype)) converting = pieceBytes + conversionBytes;
    }
  }
  for (const { tensors } of plan.groups) {
    for (const { item } of tensors.slice(0, 1)) {
      const program = programOfItem(item);
      const groups = program.statistics.flatMap(({ group }) =>
        group === undefined ? [] : [group],
      );
      look(item, mostHistograms([groupPass(program, groups, 'first').pass]));
    }
  }
  return { operands, histograms, draws, besides: making + converting + factoring, narrowest };
}
