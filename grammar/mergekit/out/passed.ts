/** A model as it is. */
import type { TensorValue } from '../../check/checked.ts';
import { type Body, passthrough } from './body-shape.ts';
import { type Exporting, modelText } from './exporting.ts';
import { map, type OutItem, plain } from './yaml-text.ts';
import { notesFor } from './notes.ts';

export function passed(exporting: Exporting, value: TensorValue): Body | undefined {
  const model = modelText(exporting, value);
  if (model === undefined) return undefined;
  const item: OutItem = {
    value: map([{ key: 'model', value: plain(model) }]),
    ...notesFor(exporting, value),
  };
  return {
    method: passthrough,
    layout: { key: 'models', value: { kind: 'list', items: [item] } },
    parameters: [],
    isComputed: false,
    models: [model],
  };
}
