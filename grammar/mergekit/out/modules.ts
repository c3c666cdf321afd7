/** A network whose towers are merged apart: one document whose `modules` are the step and what it takes. */
import type { TensorValue } from '../../check/checked.ts';
import { anatomyOf } from '../../places/anatomy.ts';
import type { Place } from '../../places/place.ts';
import type { Signature } from '../../places/signature.ts';
import { moduleWords, nameOfModule } from '../module-words.ts';
import { type Body, passthrough } from './body-shape.ts';
import { foreignFor } from './call-body.ts';
import type { Exporting } from './exporting.ts';
import { passed } from './passed.ts';
import { type Take, takesOf } from './taken.ts';
import { map, type OutEntry } from './yaml-text.ts';
import type { ForeignMethod } from '../methods.ts';

/** Makes the body of a part; what stands around it is none of this file's business. */
export type BodyOfPart = (value: TensorValue) => Body | undefined;

/** Undefined: it is no such step; nothing is said, for it may be said otherwise. */
export function modulesBody(
  exporting: Exporting,
  base: TensorValue,
  takes: readonly Take[],
  bodyOf: BodyOfPart,
): Body | undefined {
  const words = takes.map(({ rule }) => wordOfPlace(rule.place));
  const values = [base, ...takes.map(({ action }) => action.value)];
  const methods = new Set(values.map(methodOf));
  const isAlike = methods.size === 1 && !methods.has(undefined);
  if (!isAlike || words.some((word) => word === undefined)) return undefined;
  const takeBack = exporting.attempt();
  const rest = restOf(base.signature, new Set(words.map((word) => word!)));
  const first = rest.length === 0 ? undefined : bodyOf(base);
  // A later line outranks one above it.
  const byWord = new Map(
    takes.toReversed().map(({ action }, index) => [words.at(-1 - index)!, action.value]),
  );
  const others = [...byWord].map(([word, value]) => ({ word, body: bodyOf(value) }));
  const ofRest = (word: string): Body | undefined =>
    word === 'text' || first?.layout.key !== 'slices' ? first : besideLayers(exporting, base);
  const parts = [...rest.map((word) => ({ word, body: ofRest(word) })), ...others];
  const whole = parts.flatMap(({ word, body }) => (body === undefined ? [] : [{ word, body }]));
  const [head] = whole;
  const isOne = whole.every(
    ({ body }) =>
      body.method === head!.body.method &&
      body.base === head!.body.base &&
      body.compute === head!.body.compute &&
      body.isComputed === head!.body.isComputed,
  );
  if (head === undefined || whole.length < parts.length || !isOne) {
    takeBack();
    return undefined;
  }
  const entries = whole.map(({ word, body: { layout, parameters } }): OutEntry => ({
    key: moduleNamed(word, base.signature),
    value: map([
      layout,
      parameters.length === 0 ? undefined : { key: 'parameters', value: map(parameters) },
    ]),
  }));
  return {
    ...head.body,
    layout: { key: 'modules', value: map(entries) },
    parameters: [],
    models: [...new Set(whole.flatMap(({ body }) => body.models))],
  };
}

/** What the parts are made by, before any of them is written. */
function methodOf(value: TensorValue): ForeignMethod | undefined {
  switch (value.kind) {
    case 'source':
      return passthrough;
    case 'step':
      return takesOf(value.step.rules).length > 0 ? undefined : methodOf(value.step.value);
    case 'call':
      return foreignFor(value.call);
    case 'layers':
      return passthrough;
    case 'stack': {
      const methods = new Set(value.parts.map(methodOf));
      return methods.size === 1 ? [...methods][0] : passthrough;
    }
    case 'sum':
    case 'scaled':
    case 'negated':
    case 'broken':
      return undefined;
  }
}

function wordOfPlace(place: Place): string | undefined {
  switch (place.kind) {
    case 'tower':
      return moduleWords.has(place.tower) ? place.tower : undefined;
    case 'part':
      return place.part === 'embeddings' ? place.part : undefined;
    case 'declared':
      return wordOfPlace(place.place);
    default:
      return undefined;
  }
}

/** What a row of layers has besides them: all that its first part has. */
function besideLayers(exporting: Exporting, value: TensorValue): Body | undefined {
  switch (value.kind) {
    case 'source':
      return passed(exporting, value);
    case 'step':
      return besideLayers(exporting, value.step.value);
    case 'layers':
      return besideLayers(exporting, value.value);
    case 'stack':
      return besideLayers(exporting, value.parts[0]!);
    case 'call':
    case 'sum':
    case 'scaled':
    case 'negated':
    case 'broken':
      return undefined;
  }
}

/** The parts of the network of which nothing is taken: from the header, else those that usually stand beside them. */
function restOf(signature: Signature | undefined, taken: ReadonlySet<string>): readonly string[] {
  const isPair = taken.has('encoder') || taken.has('decoder');
  if (signature !== undefined) {
    const kinds = new Set([...anatomyOf(signature).places.values()].map(({ kind }) => kind));
    const isSequence = kinds.has('encoder') || kinds.has('decoder');
    const words = [...kinds].flatMap((kind): readonly string[] => {
      if (isSequence && kind === 'text') return ['embeddings'];
      return moduleWords.has(kind) ? [kind] : [];
    });
    return words.filter((word) => !taken.has(word));
  }
  const usual = isPair ? ['encoder', 'decoder'] : ['text', 'vision'];
  return usual.filter((word) => !taken.has(word)).slice(0, 1);
}

/** Some architectures call the tower that sees by another name. */
function moduleNamed(word: string, signature: Signature | undefined): string {
  const names = signature?.tensors.map(({ name }) => name) ?? [];
  const isModel =
    names.some((name) => name.startsWith('vision_model.')) &&
    !names.some((name) => name.includes('vision_tower.'));
  return word === 'vision' && isModel ? 'vision_model' : nameOfModule(word);
}
