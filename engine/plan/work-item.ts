import type { TensorTerm } from '../../grammar/check/term.ts';
import type { OperandRef } from '../program/composer.ts';
import { programOf } from '../program/from-term.ts';
import { mostHistograms } from '../program/histograms.ts';
import { statisticPasses } from '../program/passes.ts';
import type { PlannedOperand } from './operand.ts';
import type { WorkItem } from './plan.ts';

/** A term as work: where its operands lie, and what its statistics need. */
export function workItem(
  term: TensorTerm,
  context: {
    readonly elements: number;
    readonly wholeElements: ReadonlyMap<string, number>;
    readonly place: (operand: OperandRef) => PlannedOperand;
  },
): WorkItem {
  const { elements, wholeElements, place } = context;
  const program = programOf(term, { elements, wholeElements });
  const passes = statisticPasses(program);
  return {
    term,
    operands: program.operands.map(place),
    sources: program.operands.map(({ source, name }) => ({ source, name })),
    elements,
    passes: passes.length,
    histograms: mostHistograms(passes),
    draws: program.graph.drawCount,
    wholeElements: Object.fromEntries(wholeElements),
  };
}
