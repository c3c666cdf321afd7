import type { ComputedType } from '../formula/derived.ts';
import type { Formula } from '../formula/node.ts';
import { isMeasureItem } from '../measures/measured.ts';
import { measureProgram, type MeasureProgram } from '../measures/measure-program.ts';
import type { WorkItem } from '../plan/plan.ts';
import type { Program } from '../program/composer.ts';
import { programOf } from '../program/from-term.ts';
import { keepMasks, type WholePasses } from '../program/kept-masks.ts';
import { groupPass, mapPass, statisticPasses, type Pass } from '../program/passes.ts';
import type { PassName } from './job.ts';

export interface ItemProgram extends MeasureProgram {
  /** The passes of the tensor's own statistics. */
  readonly statistics: readonly Pass[];
  /** What stores its values as that type, slice by slice. */
  readonly map: (dtype: ComputedType) => Formula;
  /** The same passes, and the map where values are stored, over a tensor that lies in memory. */
  readonly whole: (dtype?: ComputedType) => WholePasses;
}

/** So many serve the tensors of a layer, which come one after another and again in the next layer. */
const mostKept = 16;

/** The programs of items, the same for items that are alike; the last few are kept. */
export class ItemPrograms {
  readonly #kept = new Map<string, ItemProgram>();

  of(item: WorkItem): ItemProgram {
    const measured = isMeasureItem(item) ? item.measured : undefined;
    const key = JSON.stringify([item.term, item.elements, item.wholeElements, measured]);
    const program = this.#kept.get(key) ?? made(item);
    this.#kept.delete(key);
    this.#kept.set(key, program);
    if (this.#kept.size > mostKept) this.#kept.delete(this.#kept.keys().next().value!);
    return program;
  }

  pass(item: WorkItem, name: PassName): Pass {
    const { program, statistics, passes } = this.of(item);
    switch (name.kind) {
      case 'own':
        return statistics[name.index]!;
      case 'group':
        return groupPass(program, name.groups, name.stage).pass;
      case 'sums':
        return { formula: passes[name.index]!, sinks: [] };
    }
  }
}

function made(item: WorkItem): ItemProgram {
  const built = isMeasureItem(item) ? measureProgram(item) : { program: planned(item), passes: [] };
  const { program } = built;
  const statistics = statisticPasses(program);
  const map = once((dtype: ComputedType) => mapPass(program, dtype));
  const whole = once((dtype?: ComputedType) =>
    keepMasks(program, statistics, dtype === undefined ? undefined : map(dtype)),
  );
  return { ...built, statistics, map, whole };
}

/** Makes the answer to a question once. */
function once<Q, A>(make: (question: Q) => A): (question: Q) => A {
  const made = new Map<Q, A>();
  return (question) => {
    const answer = made.get(question) ?? make(question);
    made.set(question, answer);
    return answer;
  };
}

function planned({ term, elements, wholeElements }: WorkItem): Program {
  return programOf(term, { elements, wholeElements: new Map(Object.entries(wholeElements)) });
}
