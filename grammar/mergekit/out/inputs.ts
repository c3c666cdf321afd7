/** Inputs of a call as mergekit lists them: models, or layers of models. */
import type { TensorValue } from '../../check/checked.ts';
import { notSaidInYaml } from '../../diagnostics/mw7201-not-said-in-yaml.ts';
import { anatomyOf } from '../../places/anatomy.ts';
import { type Exporting, modelText, say, stored } from './exporting.ts';

export interface OutRange {
  readonly first: number;
  readonly behind: number;
}

export interface OutModel {
  readonly model: string;
  readonly range?: OutRange;
}

/** Undefined: it cannot be said, and why is. */
export function modelOf(exporting: Exporting, value: TensorValue): OutModel | undefined {
  const named = throughNames(value);
  if (named.kind !== 'layers') {
    const model = modelText(exporting, value);
    return model === undefined ? undefined : { model };
  }
  const model = modelText(exporting, named.value);
  const range = rangeOf(exporting, named);
  return model === undefined || range === undefined ? undefined : { model, range };
}

/** A step that only names some layers is these layers. */
export function throughNames(value: TensorValue): TensorValue {
  let at = value;
  while (at.kind === 'step' && at.step.rules.length === 0 && isName(at.step.value))
    at = at.step.value;
  return at;
}

function isName(value: TensorValue): boolean {
  return value.kind === 'layers' || (value.kind === 'step' && isName(value.step.value));
}

type Layers = Extract<TensorValue, { readonly kind: 'layers' }>;

/** From the header where there is one, else as it is written. */
export function rangeOf(exporting: Exporting, value: Layers): OutRange | undefined {
  const { layers, span } = value;
  if (layers.length > 0) {
    const first = layers[0]!;
    const isRun = layers.every((layer, index) => layer === first + index);
    if (isRun) return { first, behind: first + layers.length };
  } else {
    const written = /\[\s*(\d+)\s*(?:\.\.\s*(\d+)\s*)?(?:&\s*\w+\s*)?\]$/.exec(
      exporting.written(span.start, span.end),
    );
    if (written !== null) {
      const first = Number(written[1]);
      return { first, behind: Number(written[2] ?? first) + 1 };
    }
  }
  const message =
    layers.length === 0
      ? 'Which layers these are is known once the model’s header is.'
      : 'mergekit’s ranges take every layer from one to another.';
  return say(exporting, notSaidInYaml, span, message);
}

/** How many layers a value has, as far as it is known. */
export function layerCountOf(exporting: Exporting, value: TensorValue): number | undefined {
  if (value.signature !== undefined) return anatomyOf(value.signature).towers[0]?.layerCount;
  const named = stored(throughNames(value));
  switch (named.kind) {
    case 'layers': {
      const range = rangeOf(exporting, named);
      return range && range.behind - range.first;
    }
    case 'step':
      return layerCountOf(exporting, named.step.value);
    case 'call': {
      const [first] = named.call.inputs;
      return first && layerCountOf(exporting, named.call.base ?? first.value);
    }
    case 'stack':
      return named.parts.reduce<number | undefined>((sum, part) => {
        const count = layerCountOf(exporting, part);
        return sum === undefined || count === undefined ? undefined : sum + count;
      }, 0);
    case 'source':
    case 'sum':
    case 'scaled':
    case 'negated':
    case 'broken':
      return undefined;
  }
}
