import type { Plan, WorkItem } from '../plan/plan.ts';
import { groupPass, statisticPasses, type Pass } from '../program/passes.ts';
import { programOfItem } from './groups.ts';
import { mostHistograms } from './histograms.ts';

/** The most operands, and the most histograms open at once, of any tensor of the plan. */
export function demandOf(plan: Plan): { readonly operands: number; readonly histograms: number } {
  let operands = 1;
  let histograms = 0;
  const look = (item: WorkItem, passes: readonly Pass[]): void => {
    operands = Math.max(operands, item.operands.length);
    histograms = Math.max(histograms, mostHistograms(passes));
  };
  for (const { tensors } of plan.outputs) {
    for (const { work } of tensors) {
      if (work.kind === 'compute') look(work.item, statisticPasses(programOfItem(work.item)));
    }
  }
  for (const { tensors } of plan.groups) {
    for (const { item } of tensors.slice(0, 1)) {
      const program = programOfItem(item);
      const groups = program.statistics.flatMap(({ group }) =>
        group === undefined ? [] : [group],
      );
      look(item, [groupPass(program, groups, 'first').pass]);
    }
  }
  return { operands, histograms };
}
