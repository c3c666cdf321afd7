/**
 * Every value for every tensor: names followed back to the sources, rules in order, curves read at the layer, defaults filled in.
 * Pure; what it gives is plain data.
 */
import type { Parameter, ParameterValue } from '../catalogue.ts';
import { anatomyOf } from '../places/anatomy.ts';
import { headersOf } from '../places/cut.ts';
import { floatTypes, type Signature, type TensorHeader } from '../places/signature.ts';
import type { BoundAction, BoundRule, MethodCall, Source, Step, TensorValue } from './checked.ts';
import { type Compat, type Depth, valueAt } from './curve.ts';
import { depthOf, type Layout, layoutOf } from './depth.ts';
import { defaultOf, parametersOf } from './parameters.ts';
import { kindOf } from './share.ts';
import { referenceAmong, tiedTo } from './signatures.ts';
import type { CallTerm, SettingTrace, TensorTerm } from './term.ts';
import type { Value } from './value.ts';

const settledSteps = new WeakMap<Step, Map<string, TensorTerm>>();

/**
 * One tensor of a step, by its name in the step's result.
 * The step's value must be whole and have a signature that holds the tensor: anything else is a bug and throws.
 */
export function termFor(step: Step, tensor: string): TensorTerm {
  let terms = settledSteps.get(step);
  if (terms === undefined) settledSteps.set(step, (terms = new Map()));
  let term = terms.get(tensor);
  if (term === undefined) {
    const taken = takenBy(step, tensor);
    term =
      taken === undefined
        ? settleValue(step.value, tensor, step.rules)
        : operandTerm(taken.value, headerOf(step.value, tensor), signatureOf(step.value));
    terms.set(tensor, term);
  }
  return term;
}

/** One tensor of a value, by its name in that value. */
export function tensorTerm(value: TensorValue, tensor: string): TensorTerm {
  return settleValue(value, tensor, []);
}

/** The last `take` whose place holds the tensor: it outranks all settings. */
export function takenBy(
  step: Step,
  tensor: string,
): Extract<BoundAction, { readonly kind: 'take' }> | undefined {
  for (const rule of [...step.rules].reverse()) {
    if (rule.tensors?.has(tensor) !== true) continue;
    for (const action of [...rule.actions].reverse()) if (action.kind === 'take') return action;
  }
  return undefined;
}

function settleValue(value: TensorValue, tensor: string, rules: readonly BoundRule[]): TensorTerm {
  const header = headerOf(value, tensor);
  const { dtype } = header;
  const isCopied = !floatTypes.has(dtype);
  switch (value.kind) {
    case 'source':
      return sourceTerm(value.source, header);
    case 'step':
      return { kind: 'step', step: value.step.name, term: termFor(value.step, tensor), dtype };
    case 'call': {
      const reference = value.call.base ?? value.call.inputs[0]!.value;
      if (isCopied) return settleValue(reference, tensor, []);
      return callTerm(value, value.call, header, rules);
    }
    case 'sum': {
      if (isCopied) {
        const operands = value.terms.map((term) => term.value);
        return settleValue(referenceAmong(operands)!, tensor, []);
      }
      const signature = signatureOf(value);
      return {
        kind: 'sum',
        terms: value.terms.map(({ negative, value: operand }) => ({
          negative,
          term: operandTerm(operand, header, signature),
        })),
        dtype,
      };
    }
    case 'scaled': {
      const term = settleValue(value.value, tensor, []);
      if (isCopied) return term;
      const by =
        typeof value.by === 'number'
          ? value.by
          : valueAt(value.by, depthIn(signatureOf(value), tensor, 'paper'), 'paper');
      return { kind: 'scaled', by, divide: value.divide, term, dtype };
    }
    case 'negated': {
      const term = settleValue(value.value, tensor, []);
      return isCopied ? term : { kind: 'negated', term, dtype };
    }
    case 'layers':
      return settleValue(value.value, originOf(value.origins, tensor).name, []);
    case 'stack': {
      const { part, name } = originOf(value.origins, tensor);
      return settleValue(value.parts[part]!, name, []);
    }
    case 'broken':
      throw new Error(`no tensor can be settled of a broken value: ${tensor}`);
  }
}

/** What an adapter changes, it changes in f32. */
function sourceTerm({ kind, name: source, signature }: Source, header: TensorHeader): TensorTerm {
  const { name, dtype } = header;
  if (kind !== 'adapter') return { kind: 'tensor', source, name, dtype };
  const changed = signature && headersOf(signature).get(name);
  return changed === undefined
    ? { kind: 'zero', dtype }
    : { kind: 'tensor', source, name, dtype: changed.dtype };
}

function originOf<Origin>(
  origins: ReadonlyMap<string, Origin> | undefined,
  tensor: string,
): Origin {
  const origin = origins?.get(tensor);
  if (origin === undefined) throw new Error(`${tensor} has no origin`);
  return origin;
}

/** A tensor of an operand: of its own name, of the embedding a head is tied to, or zero where a Delta leaves it out. */
function operandTerm(operand: TensorValue, header: TensorHeader, result: Signature): TensorTerm {
  const signature = signatureOf(operand);
  if (headersOf(signature).has(header.name)) return settleValue(operand, header.name, []);
  const part = anatomyOf(result).places.get(header.name)?.part;
  const tied = tiedTo(header, part, signature);
  if (tied !== undefined) return settleValue(operand, tied.name, []);
  return { kind: 'zero', dtype: header.dtype };
}

function callTerm(
  value: TensorValue,
  call: MethodCall,
  header: TensorHeader,
  rules: readonly BoundRule[],
): CallTerm {
  const signature = signatureOf(value);
  const settings: Record<string, ParameterValue> = {};
  const perInput: Record<string, readonly ParameterValue[]> = {};
  for (const parameter of parametersOf(call.method)) {
    const at = { signature, call, rules, tensor: header.name };
    if (parameter.byModel === true) {
      const values = call.inputs.map((_, input) => settledSetting(at, parameter, input));
      const known = values.flatMap((setting) => (setting === undefined ? [] : [setting]));
      if (known.length === values.length) perInput[parameter.name] = known;
      continue;
    }
    const setting = settledSetting(at, parameter, undefined);
    if (setting !== undefined) settings[parameter.name] = setting;
  }
  return {
    kind: 'call',
    method: call.method.name,
    call: call.id,
    tensor: header.name,
    ...(call.base === undefined ? {} : { base: operandTerm(call.base, header, signature) }),
    inputs: call.inputs.map((expert) => operandTerm(expert.value, header, signature)),
    ...changesAmong(call),
    settings,
    perInput,
    compat: call.compat,
    ...(call.drawSlot === undefined ? {} : { drawSlot: call.drawSlot }),
    dtype: header.dtype,
  };
}

function changesAmong({ base, inputs }: MethodCall): Pick<CallTerm, 'areChanges'> {
  if (base === undefined) return {};
  const areChanges = inputs.map(({ value }) => kindOf(value) === 'delta');
  return areChanges.includes(true) ? { areChanges } : {};
}

/** One tensor of a call, and the rules that act on it. */
export interface CallAt {
  readonly call: MethodCall;
  readonly signature: Signature;
  readonly rules: readonly BoundRule[];
  readonly tensor: string;
}

/** The value a parameter has at one tensor, for one input where it is by model; undefined where it has none. */
export function settledSetting(
  at: CallAt,
  parameter: Parameter,
  input: number | undefined,
): ParameterValue | undefined {
  return chainOf(at, parameter, input).at(-1)?.value;
}

/** Every line that set the value of one parameter at one tensor, in order; the last wins. */
function chainOf(
  { call, signature, rules, tensor }: CallAt,
  parameter: Parameter,
  input: number | undefined,
): SettingTrace['steps'] {
  const { name } = parameter;
  const { compat } = call;
  const chain: SettingTrace['steps'][number][] = [];
  const expert = input === undefined ? undefined : call.inputs[input];
  const push = (by: 'call' | 'rule', value: Value | undefined, layout?: Layout): void => {
    const own = value && valueForInput(value, parameter, input, expert?.name);
    if (own === undefined) return;
    const plain = plainValue(own, depthIn(signature, tensor, compat, layout), compat);
    if (plain === undefined) return;
    chain.push({ by, span: { start: own.span.start, end: own.span.end }, value: plain });
  };
  const byDefault = defaultOf(parameter, compat);
  if (byDefault !== undefined) chain.push({ by: 'default', value: byDefault });
  push('call', call.args.get(name));
  push('call', expert?.own?.get(name));
  for (const rule of rules) {
    if (rule.tensors?.has(tensor) !== true) continue;
    for (const action of rule.actions) {
      if (action.kind !== 'set' || action.parameter !== name) continue;
      if (action.expert !== undefined && action.expert !== expert?.name) continue;
      push('rule', action.value, layoutOf(rule.tensors, signature));
    }
  }
  return chain;
}

/** A list goes by the order of the inputs, a map by their names, anything else holds for all. */
export function valueForInput(
  value: Value,
  parameter: Parameter,
  input: number | undefined,
  name: string | undefined,
): Value | undefined {
  if (input === undefined || parameter.byModel !== true) return value;
  if (value.kind === 'list' && parameter.type.kind !== 'texts') return value.items[input];
  if (value.kind === 'map') return name === undefined ? undefined : value.entries.get(name);
  return value;
}

function plainValue(value: Value, depth: Depth, compat: Compat): ParameterValue | undefined {
  switch (value.kind) {
    case 'number':
    case 'boolean':
    case 'text':
      return value.value;
    case 'word':
      return value.word;
    case 'curve':
      return valueAt(value.curve, depth, compat);
    case 'bytes':
      return value.bytes;
    case 'duration':
      return value.seconds;
    // Lists of texts and maps of rows belong to what runs later.
    case 'list':
    case 'map':
      return undefined;
  }
}

function depthIn(signature: Signature, tensor: string, compat: Compat, layout?: Layout): Depth {
  const place = anatomyOf(signature).places.get(tensor);
  if (place === undefined) throw new Error(`${tensor} has no place`);
  return depthOf(place, signature, compat, layout);
}

/** How every value at one tensor of a step came to be; of a taken tensor, what its settings would have been. */
export function traceOf(step: Step, tensor: string): readonly SettingTrace[] {
  if (step.value.kind !== 'call') return [];
  const { call } = step.value;
  const at: CallAt = { call, signature: signatureOf(step.value), rules: step.rules, tensor };
  return parametersOf(call.method).flatMap((parameter): SettingTrace[] => {
    const slots = parameter.byModel === true ? call.inputs.map((_, input) => input) : [undefined];
    return slots.flatMap((input): SettingTrace[] => {
      const steps = chainOf(at, parameter, input);
      if (steps.length === 0) return [];
      const expert = input === undefined ? undefined : expertLabel(call, input);
      return [{ parameter: parameter.name, ...(expert === undefined ? {} : { expert }), steps }];
    });
  });
}

/** The name of an expert, or its number from 1 where it has none. */
function expertLabel(call: MethodCall, input: number): string {
  return call.inputs[input]?.name ?? `expert ${input + 1}`;
}

function headerOf(value: TensorValue, tensor: string): TensorHeader {
  const header = headersOf(signatureOf(value)).get(tensor);
  if (header === undefined) throw new Error(`${tensor} is no tensor of this value`);
  return header;
}

function signatureOf(value: TensorValue): Signature {
  if (value.signature === undefined) throw new Error('a value without a signature was settled');
  return value.signature;
}
