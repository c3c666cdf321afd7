/** Layers in a row. */
import type { BoundRule, MethodCall, Step, TensorValue } from '../../check/checked.ts';
import { notSaidInYaml } from '../../diagnostics/mw7201-not-said-in-yaml.ts';
import { type Body, type CallBody, passthrough } from './body-shape.ts';
import { callParts, foreignFor, source } from './call-body.ts';
import { type Exporting, say } from './exporting.ts';
import { layerCountOf, modelOf, throughNames } from './inputs.ts';
import { map, type OutItem } from './yaml-text.ts';
import { notesFor } from './notes.ts';

interface Part {
  readonly value: TensorValue;
  readonly step?: Step;
  readonly call?: MethodCall;
  readonly rules: readonly BoundRule[];
}

/** Layers in a row: as they are, scaled, or each slice computed by one and the same method. */
export function slices(exporting: Exporting, values: readonly TensorValue[]): Body | undefined {
  const parts = values.map(partOf);
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
        ? callParts(exporting, part.value, part.call!, part.rules, offset)
        : layersPart(exporting, part),
    );
    offset += layerCountOf(exporting, part.value) ?? 0;
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
  const bases = new Set(whole.map(({ base }) => base));
  if (computes.size > 1 || bases.size > 1) {
    const message = 'All slices of a document have one base and are computed in one type.';
    return say(exporting, notSaidInYaml, values[0]!.span, message);
  }
  const [compute] = computes;
  const [base] = bases;
  const items = whole.map(({ sources, parameters }, index): OutItem => ({
    value: map([
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

function partOf(value: TensorValue): Part {
  const named = throughNames(value);
  if (named.kind === 'call') return { value: named, call: named.call, rules: [] };
  if (named.kind === 'step' && named.step.value.kind === 'call') {
    const { step } = named;
    return { value: step.value, step, call: named.step.value.call, rules: step.rules };
  }
  return { value, rules: [] };
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
