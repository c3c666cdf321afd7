/** Sums of models. */
import type { TensorValue } from '../../check/checked.ts';
import { notSaidInYaml } from '../../diagnostics/mw7201-not-said-in-yaml.ts';
import { computedOtherwise } from '../../diagnostics/mw7301-computed-otherwise.ts';
import { foreignMethods } from '../methods.ts';
import type { Body } from './body-shape.ts';
import { combinationOf } from './combination.ts';
import { conditionals } from './conditionals.ts';
import { type Exporting, modelText, say } from './exporting.ts';
import { type CurveAt, gradientOf } from './gradients.ts';
import { passed } from './passed.ts';
import { map, type OutItem, plain } from './yaml-text.ts';
import { notesFor } from './notes.ts';

/** A sum of models is linear with the numbers that stand before them. */
export function sumBody(exporting: Exporting, value: TensorValue): Body | undefined {
  const text = value.kind === 'sum' ? adapterOnly(exporting, value) : undefined;
  if (text !== undefined) return text;
  const combination = combinationOf(value);
  if (combination === undefined) {
    const message = 'mergekit adds up models and nothing else: give its parts steps of their own.';
    return say(exporting, notSaidInYaml, value.span, message);
  }
  const message = 'As a weighted sum of models mergekit computes it in another order.';
  say(exporting, computedOtherwise, value.span, message);
  const models = combination.map((part) => modelText(exporting, part.value));
  if (models.some((model) => model === undefined)) return undefined;
  const { signature, span } = value;
  const at: CurveAt = {
    compat: 'paper',
    shift: 0,
    isRule: false,
    ...(signature === undefined ? {} : { signature }),
  };
  const items: OutItem[] = [];
  for (const [index, { value: part, weight }] of combination.entries()) {
    const gradient = gradientOf(exporting, { curve: weight, span }, at);
    if (gradient === undefined) return undefined;
    const setting = conditionals([...gradient.besides, { value: gradient.value }]);
    items.push({
      value: map([
        { key: 'model', value: plain(models[index]!) },
        { key: 'parameters', value: map([{ key: 'weight', value: setting }]) },
      ]),
      ...notesFor(exporting, part),
    });
  }
  return {
    method: foreignMethods.get('linear')!,
    compute: 'f32',
    layout: { key: 'models', value: { kind: 'list', items } },
    parameters: [{ key: 'normalize', value: plain(false) }],
    isComputed: true,
    models: models.flatMap((model) => model ?? []),
  };
}

/** `model + adapter` is a model’s name there. */
function adapterOnly(
  exporting: Exporting,
  value: Extract<TensorValue, { readonly kind: 'sum' }>,
): Body | undefined {
  const last = value.terms.at(-1)?.value;
  const isAdapter = last?.kind === 'source' && last.source.kind === 'adapter';
  return isAdapter && value.terms.length === 2 ? passed(exporting, value) : undefined;
}
