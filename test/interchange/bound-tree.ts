/** A checked recipe as what it computes: names of models and steps, places in the text and the order of declarations left out. */
import type {
  BoundRule,
  Checked,
  Expert,
  MethodCall,
  TensorValue,
} from '../../grammar/check/checked.ts';
import { parameterNamed } from '../../grammar/check/parameters.ts';
import type { Place } from '../../grammar/places/place.ts';
import type { Setting } from '../../grammar/syntax/tree.ts';
import type { Curve, Value } from '../../grammar/check/value.ts';

export type Tree = unknown;

export function boundTree(checked: Checked, text: string): Tree {
  return checked.outputs.map((output) => {
    const statement = checked.recipe.statements.find(
      ({ kind, start }) => kind === 'output' && start === output.start,
    );
    const settings = statement?.kind === 'output' ? statement.settings : [];
    return {
      value: stepTree(output.step),
      dtype: output.dtype,
      settings: settings
        .filter((one): one is Setting => one.kind === 'setting')
        .map((one) => [
          one.path.parts[0]?.text,
          named(checked, text.slice(one.value.start, one.value.end)),
        ]),
    };
  });
}

/** A setting’s text with what its names refer to. */
function named({ sources }: Checked, text: string): string {
  return text
    .replaceAll(/^\s*\/\/.*$/gm, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/,(?= [}\]])/g, '')
    .replaceAll(/"(?:[^"\\]|\\.)*"|[A-Za-z_]\w*/g, (word) => {
      const source = sources.find(({ name }) => name === word);
      return source === undefined ? word : JSON.stringify(source.reference);
    });
}

function stepTree(step: {
  readonly value: TensorValue;
  readonly rules: readonly BoundRule[];
}): Tree {
  if (step.rules.length === 0) return valueTree(step.value);
  const inputs = step.value.kind === 'call' ? step.value.call.inputs : [];
  return {
    value: valueTree(step.value),
    rules: step.rules.map(({ place, tensors, actions }) => ({
      place: placeTree(place),
      tensors: tensors === undefined ? undefined : [...tensors].sort(),
      actions: actions.map((action) =>
        action.kind === 'take'
          ? { take: valueTree(action.value) }
          : {
              set: action.parameter,
              expert: inputs.findIndex(({ name }) => name === action.expert),
              value: plainTree(action.value, inputs),
            },
      ),
    })),
  };
}

function valueTree(value: TensorValue): Tree {
  switch (value.kind) {
    case 'source':
      return {
        ...value.source.reference,
        of: value.source.kind,
        on: value.source.on !== undefined,
      };
    case 'step':
      return stepTree(value.step);
    case 'call': {
      const { call } = value;
      return {
        call: call.method.name,
        base: call.base && valueTree(call.base),
        inputs: call.inputs.map((expert) => valueTree(expert.value)),
        values: Object.fromEntries(
          [
            ...new Set([
              ...call.args.keys(),
              ...call.inputs.flatMap(({ own }) => [...(own?.keys() ?? [])]),
            ]),
          ]
            .sort()
            .map((name) => [name, argumentTree(call, name)]),
        ),
      };
    }
    case 'sum':
      return {
        sum: value.terms.map((term) => [term.negative, valueTree(term.value)]),
      };
    case 'scaled':
      return { scaled: value.by, divide: value.divide, value: valueTree(value.value) };
    case 'negated':
      return { negated: valueTree(value.value) };
    case 'layers':
      return { layers: value.layers, value: valueTree(value.value) };
    case 'stack':
      return { stack: value.parts.map(valueTree) };
    case 'broken':
      return { broken: value.later };
  }
}

/** By expert, however it is written; one value where all have the same. */
function argumentTree({ method, args, inputs }: MethodCall, name: string): Tree {
  const value = args.get(name);
  if (parameterNamed(method, name)?.byModel !== true) return value && plainTree(value, inputs);
  const each = inputs.map((expert, index) => {
    const own = expert.own?.get(name);
    if (own !== undefined) return plainTree(own, inputs);
    if (value?.kind === 'map') {
      const entry = expert.name === undefined ? undefined : value.entries.get(expert.name);
      return entry && plainTree(entry, inputs);
    }
    const one = value?.kind === 'list' ? value.items[index]! : value;
    return one && plainTree(one, inputs);
  });
  const texts = new Set(each.map((one) => JSON.stringify(one)));
  return texts.size === 1 ? each[0] : each;
}

function plainTree(value: Value, inputs: readonly Expert[]): Tree {
  switch (value.kind) {
    case 'number':
    case 'boolean':
    case 'text':
      return value.value;
    case 'word': {
      const input = inputs.findIndex(({ name }) => name === value.word);
      return input < 0 ? value.word : { input };
    }
    case 'bytes':
      return value.bytes;
    case 'duration':
      return value.seconds;
    case 'curve':
      return curveTree(value.curve);
    case 'list':
      return value.items.map((item) => plainTree(item, inputs));
    case 'map':
      return [...value.entries].map(([key, entry]) => [key, plainTree(entry, inputs)]);
  }
}

function curveTree(curve: Curve): Tree {
  return JSON.parse(
    JSON.stringify(curve, (key, value: unknown) =>
      key === 'spans' || key === 'span' ? undefined : value,
    ),
  );
}

function placeTree(place: Place): Tree {
  return JSON.parse(
    JSON.stringify(place, (key, value: unknown) =>
      key === 'start' || key === 'end' ? undefined : value,
    ),
  );
}
