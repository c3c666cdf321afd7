/** Layers in a row. */
import type { BoundRule, MethodCall, Step, TensorValue } from '../../check/checked.ts';
import { partsOf } from '../../check/value.ts';
import { notSaidInYaml } from '../../diagnostics/mw7201-not-said-in-yaml.ts';
import { type Body, type CallBody, passthrough } from './body-shape.ts';
import { callParts, foreignFor, source } from './call-body.ts';
import { type Exporting, say } from './exporting.ts';
import { layerCountOf, modelOf, type OutRange, rangeOf, throughNames } from './inputs.ts';
import { takesOf } from './taken.ts';
import { map, type OutItem, plain } from './yaml-text.ts';
import { notesFor } from './notes.ts';

interface Part {
  readonly value: TensorValue;
  readonly step?: Step;
  readonly call?: MethodCall;
  readonly rules: readonly BoundRule[];
  /** The layers that are cut out of what the call makes. */
  readonly within?: OutRange;
}

/** Layers in a row: as they are, scaled, or each slice computed by one and the same method. */
export function slices(exporting: Exporting, values: readonly TensorValue[]): Body | undefined {
  const parts = values.map((value) => partOf(exporting, value));
  const methods = new Set(
    parts.map(({ call }) => (call === undefined ? passthrough : foreignFor(call))),
  );
  const [method] = methods;
  const isOneMethod = methods.size === 1 && method !== undefined;
  const bodies: (CallBody | undefined)[] = [];
  let offset = 0;
  for (const part of parts) {
    const isOwn = part.call !== undefined && (isOneMethod || foreignFor(part.call) === passthrough);
    bodies.push(
      isOwn
        ? callParts(exporting, { ...part, call: part.call!, offset })
        : layersPart(exporting, part),
    );
    offset += layersIn(exporting, part);
  }
  const whole = bodies.flatMap((body) => body ?? []);
  if (whole.length < bodies.length) return undefined;
  const uncut = whole.findIndex(({ isCut }) => !isCut);
  if (uncut >= 0) {
    const message = 'A slice of mergekit’s is layers of models: say which, as in `m[0..31]`.';
    return say(exporting, notSaidInYaml, values[uncut]!.span, message);
  }
  const computes = new Set(
    whole.filter(({ isComputed }) => isComputed).map(({ compute }) => compute),
  );
  if (computes.size > 1) {
    const message = 'All slices of a document are computed in one type.';
    return say(exporting, notSaidInYaml, values[0]!.span, message);
  }
  const [compute] = computes;
  const bases = new Set(whole.map((body) => body.base));
  const [base] = bases.size === 1 ? bases : [];
  const items = whole.map(({ sources, parameters, base: own }, index): OutItem => ({
    value: map([
      base === undefined && own !== undefined
        ? { key: 'base_model', value: plain(own) }
        : undefined,
      { key: 'sources', value: { kind: 'list', items: sources } },
      parameters.length === 0 ? undefined : { key: 'parameters', value: map(parameters) },
    ]),
    ...exporting.comments.take(parts[index]!.step?.statement ?? values[index]!.span),
  }));
  return {
    method: isOneMethod ? method : passthrough,
    ...(compute === undefined ? {} : { compute }),
    ...(base === undefined ? {} : { base }),
    layout: { key: 'slices', value: { kind: 'list', items } },
    parameters: [],
    isComputed: whole.some(({ isComputed }) => isComputed),
    models: [...new Set(whole.flatMap(({ models }) => models))],
  };
}

function partOf(exporting: Exporting, value: TensorValue): Part {
  const named = throughNames(value);
  if (named.kind === 'call') return { value: named, call: named.call, rules: [] };
  if (named.kind === 'step') return madeBy(named.step) ?? { value, rules: [] };
  if (named.kind !== 'layers') return { value, rules: [] };
  // Layers of what a call makes: the call for these layers alone, where its values are the same for all.
  const inner = throughNames(named.value);
  const made = inner.kind === 'step' ? madeBy(inner.step) : undefined;
  const isPlain = made?.call !== undefined && isSameInAll(made.call, made.rules);
  const within = isPlain ? rangeOf(exporting, named) : undefined;
  return made === undefined || within === undefined ? { value, rules: [] } : { ...made, within };
}

/** A step that is one call, and nothing taken from elsewhere. */
function madeBy(step: Step): Part | undefined {
  const { value, rules } = step;
  if (value.kind !== 'call' || takesOf(rules).length > 0) return undefined;
  return { value, step, call: value.call, rules };
}

/** Whether no value is a curve, which a slice lays over its own layers. */
function isSameInAll({ args, inputs }: MethodCall, rules: readonly BoundRule[]): boolean {
  const values = [
    ...args.values(),
    ...inputs.flatMap(({ own }) => [...(own?.values() ?? [])]),
    ...rules.flatMap(({ actions }) =>
      actions.flatMap((action) => (action.kind === 'set' ? [action.value] : [])),
    ),
  ];
  return values.flatMap(partsOf).every(({ kind }) => kind !== 'curve');
}

function layersIn(exporting: Exporting, { value, within }: Part): number {
  return within === undefined
    ? (layerCountOf(exporting, value) ?? 0)
    : within.behind - within.first;
}

/** Layers as they are; of a step that has another method, all it has. */
function layersPart(exporting: Exporting, { value, step }: Part): CallBody | undefined {
  const made: TensorValue =
    step === undefined ? value : ({ ...value, kind: 'step', step } as TensorValue);
  const model = modelOf(exporting, made);
  if (model === undefined) return undefined;
  const count = model.range === undefined ? layerCountOf(exporting, value) : undefined;
  const range = model.range ?? (count === undefined ? undefined : { first: 0, behind: count });
  const item: OutItem = {
    value: source({ model: model.model, ...(range === undefined ? {} : { range }) }, []),
    ...notesFor(exporting, made),
  };
  return {
    method: passthrough,
    sources: [item],
    isCut: range !== undefined,
    parameters: [],
    isComputed: false,
    models: [model.model],
  };
}
