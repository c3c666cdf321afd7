import type { Plan, WorkItem } from '../plan/plan.ts';
import { mostHistograms } from '../program/histograms.ts';
import { groupPass } from '../program/passes.ts';
import { programOfItem } from './groups.ts';

/** The most operands, and the most histograms open at once, of any tensor of the plan. */
export function demandOf(plan: Plan): { readonly operands: number; readonly histograms: number } {
  let operands = 1;
  let histograms = 0;
  const look = (item: WorkItem, open: number): void => {
    operands = Math.max(operands, item.operands.length);
    histograms = Math.max(histograms, open);
  };
  for (const { tensors } of plan.outputs) {
    for (const { work } of tensors) {
      if (work.kind === 'compute') look(work.item, work.item.histograms);
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
  return { operands, histograms };
}
