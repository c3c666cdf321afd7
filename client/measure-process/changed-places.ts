/** What a change of the text changes on a map: the places whose figures would be others. */
import { createHash } from 'node:crypto';
import type { Step } from '../../grammar/check/checked.ts';
import { termFor } from '../../grammar/check/settle.ts';
import type { TensorTerm } from '../../grammar/check/term.ts';
import { anatomyOf } from '../../grammar/places/anatomy.ts';
import { changeAt } from '../../engine/measures/change-at.ts';
import { flowingModels } from '../../engine/measures/flowing-models.ts';
import type { MapPlace } from '../../engine/protocol/measure.ts';
import type { OpenedRecipe } from '../../engine/recipe/open-recipe.ts';
import { placesOver } from './places-over.ts';

/** All that figures of one step depend on, by tensor. */
export interface Footing {
  readonly step: string;
  /** What every figure depends on: the models that are told of, and what a statistic over the whole model reads. */
  readonly common: string;
  readonly tensors: ReadonlyMap<string, string>;
}

/** Undefined where the recipe has errors or no such step with known tensors. */
export function footingOf(opened: OpenedRecipe, name: string): Footing | undefined {
  const { checked, checkpoints } = opened;
  if (checked.diagnostics.some(({ severity }) => severity === 'error')) return undefined;
  const step = checked.steps.find((one) => one.name === name);
  if (step?.value.signature === undefined || step.value.later !== undefined) return undefined;
  const models = flowingModels(step);
  const files = [...checkpoints].map(([source, { files: held }]) => [source, held]);
  const storedAs = checked.outputs.find((output) => output.step.name === name);
  const tensors = new Map<string, string>();
  const overAll = createHash('sha256');
  for (const header of step.value.signature.tensors) {
    const term = termFor(step, header.name);
    const changes = models.map(({ who }) => changeAt(step, header, who));
    const key = hashed([term, changes]);
    tensors.set(header.name, key);
    if (isOverAll(term)) overAll.update(key);
  }
  const common = hashed([
    models.map(({ shown }) => shown),
    files,
    storedAs === undefined ? null : (storedAs.dtype ?? 'own types'),
    overAll.digest('hex'),
  ]);
  return { step: name, common, tensors };
}

/** Places whose figures differ; every place where what all of them share does. */
export function changedPlaces(before: Footing, after: Footing, step: Step): readonly MapPlace[] {
  if (before.common !== after.common) return [{}];
  const names = [...after.tensors].flatMap(([name, key]) =>
    before.tensors.get(name) === key ? [] : [name],
  );
  if (names.length === after.tensors.size) return [{}];
  return placesOver(anatomyOf(step.value.signature!).places, new Set(names));
}

/** Whether a statistic over the whole model takes part: then one tensor's change is every tensor's. */
function isOverAll(term: TensorTerm): boolean {
  switch (term.kind) {
    case 'tensor':
    case 'zero':
      return false;
    case 'scaled':
    case 'negated':
    case 'step':
      return isOverAll(term.term);
    case 'sum':
      return term.terms.some((addend) => isOverAll(addend.term));
    case 'call':
      return (
        term.settings.scope === 'whole' ||
        (term.base !== undefined && isOverAll(term.base)) ||
        term.inputs.some(isOverAll)
      );
  }
}

function hashed(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64');
}
