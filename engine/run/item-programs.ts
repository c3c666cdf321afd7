import { isMeasureItem } from '../measures/measured.ts';
import { measureProgram, type MeasureProgram } from '../measures/measure-program.ts';
import type { WorkItem } from '../plan/plan.ts';
import { programOf } from '../program/from-term.ts';
import { groupPass, statisticPasses, type Pass } from '../program/passes.ts';
import type { PassName } from './job.ts';

/** The programs of a worker's items. Each is made once for the jobs of one item, which come one after another. */
export class ItemPrograms {
  #made: (MeasureProgram & { readonly item: string }) | undefined;

  of(item: WorkItem): MeasureProgram {
    const measured = isMeasureItem(item) ? item.measured : undefined;
    const key = JSON.stringify([item.term, item.elements, measured]);
    if (this.#made?.item !== key) this.#made = { item: key, ...made(item) };
    return this.#made;
  }

  pass(item: WorkItem, name: PassName): Pass {
    const { program, passes } = this.of(item);
    switch (name.kind) {
      case 'own':
        return statisticPasses(program)[name.index]!;
      case 'group':
        return groupPass(program, name.groups, name.stage).pass;
      case 'sums':
        return { formula: passes[name.index]!, sinks: [] };
    }
  }
}

function made(item: WorkItem): MeasureProgram {
  if (isMeasureItem(item)) return measureProgram(item);
  const wholeElements = new Map(Object.entries(item.wholeElements));
  return { program: programOf(item.term, { elements: item.elements, wholeElements }), passes: [] };
}
