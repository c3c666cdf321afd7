import type { TensorTerm } from '../../grammar/check/term.ts';
import type { OperandRef } from '../program/composer.ts';
import { programOf } from '../program/from-term.ts';
import { mostHistograms } from '../program/histograms.ts';
import { statisticPasses } from '../program/passes.ts';
import { Unnaming } from '../program/unnaming.ts';
import type { PlannedOperand } from './operand.ts';
import type { WorkItem } from './plan.ts';

/** What the items of alike tensors have in common. */
type Shared = Pick<WorkItem, 'passes' | 'histograms' | 'draws'> & {
  readonly operands: readonly OperandRef[];
};

/**
 * Makes terms into work: where their operands lie, and what their statistics need.
 * An item's term has no names, so that the alike tensors of many layers share a program, here and with every worker.
 */
export class WorkItems {
  readonly #wholeElements: ReadonlyMap<string, number>;
  readonly #place: (operand: OperandRef) => PlannedOperand;
  readonly #shared = new Map<string, Shared>();

  constructor(context: {
    readonly wholeElements: ReadonlyMap<string, number>;
    readonly place: (operand: OperandRef) => PlannedOperand;
  }) {
    this.#wholeElements = context.wholeElements;
    this.#place = context.place;
  }

  of(named: TensorTerm, elements: number): WorkItem {
    const unnaming = new Unnaming();
    const term = unnaming.term(named);
    const key = JSON.stringify([term, elements]);
    const known = this.#shared.get(key) ?? this.#share(term, elements);
    this.#shared.set(key, known);
    const { operands, ...shared } = known;
    const refs = operands.map((operand) => unnaming.named(operand));
    return {
      term,
      operands: refs.map(this.#place),
      sources: refs.map(({ source, name }) => ({ source, name })),
      elements,
      ...shared,
      wholeElements: Object.fromEntries(this.#wholeElements),
    };
  }

  #share(term: TensorTerm, elements: number): Shared {
    const program = programOf(term, { elements, wholeElements: this.#wholeElements });
    const passes = statisticPasses(program);
    return {
      operands: program.operands,
      passes: passes.length,
      histograms: mostHistograms(passes),
      draws: program.graph.drawCount,
    };
  }
}
