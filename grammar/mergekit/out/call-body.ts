/** A call of a method that mergekit has: its sources and their parameters. */
import type { BoundRule, MethodCall, TensorValue } from '../../check/checked.ts';
import { notSaidInYaml } from '../../diagnostics/mw7201-not-said-in-yaml.ts';
import { methodNotThere } from '../../diagnostics/mw7202-method-not-there.ts';
import { computedOtherwise } from '../../diagnostics/mw7301-computed-otherwise.ts';
import type { Span } from '../../syntax/span.ts';
import { type ForeignMethod, foreignMethods, foreignOf } from '../methods.ts';
import { type CallBody, passthrough } from './body-shape.ts';
import { type Exporting, say } from './exporting.ts';
import type { Named } from './filters.ts';
import { modelOf, type OutModel, type OutRange } from './inputs.ts';
import { parameterOf } from './values.ts';
import { flow, map, type OutEntry, type OutItem, plain } from './yaml-text.ts';
import { notesFor } from './notes.ts';

export interface CallPart {
  readonly value: TensorValue;
  readonly call: MethodCall;
  readonly rules: readonly BoundRule[];
  /** What the layers of the whole are numbered more than those of this part. */
  readonly offset: number;
  /** The layers that are cut out of what the call makes. */
  readonly within?: OutRange;
}

export function callParts(
  exporting: Exporting,
  { value, call, rules, offset, within }: CallPart,
): CallBody | undefined {
  const method = foreignFor(call);
  if (method === undefined) {
    const message = `mergekit has no method like \`${call.method.name}\`.`;
    return say(exporting, methodNotThere, value.span, message);
  }
  if (!isExpressible(exporting, call)) return undefined;
  const compute = computeOf(exporting, value, call);
  const isEnds = method.form === 'ends';
  const base = isEnds ? call.inputs[0]!.value : call.base;
  const experts = isEnds ? call.inputs.slice(1) : call.inputs;
  const cut = (of: TensorValue): OutModel | undefined => cutTo(exporting, of, within);
  const models = experts.map((expert) => cut(expert.value));
  const baseModel = base === undefined ? undefined : cut(base);
  if (
    models.some((model) => model === undefined) ||
    (base !== undefined && baseModel === undefined)
  ) {
    return undefined;
  }
  const isCut = models.some((model) => model?.range !== undefined);
  const sources: OutItem[] = [];
  if (isCut && baseModel !== undefined) {
    sources.push({ value: source(baseModel, []), ...notesFor(exporting, base!) });
  }
  const signature = value.signature === undefined ? {} : { signature: value.signature };
  let isWhole = true;
  experts.forEach((expert, index) => {
    const { range } = models[index]!;
    const own: OutEntry[] = [];
    for (const foreign of method.parameters.filter(({ byModel }) => byModel)) {
      const input = call.inputs.indexOf(expert);
      const found = parameterOf(exporting, foreign, {
        call,
        rules,
        input,
        named: { ...signature, shift: within === undefined ? (range?.first ?? 0) : 0 },
      });
      if (found === undefined) isWhole = false;
      else if (found !== 'absent') own.push({ key: foreign.name, ...found });
      // An average is linear with equal weights.
      else if (foreign.isRequired) own.push({ key: foreign.name, value: plain(1) });
    }
    sources.push({ value: source(models[index]!, own), ...notesFor(exporting, expert.value) });
  });
  const parameters = globalParameters(exporting, method, call, rules, {
    ...signature,
    shift: isCut ? offset - (within?.first ?? 0) : 0,
  });
  if (parameters === undefined || !isWhole) return undefined;
  return {
    method,
    sources,
    isCut,
    ...(baseModel === undefined ? {} : { base: baseModel.model }),
    parameters,
    ...(compute === undefined ? {} : { compute }),
    isComputed: true,
    models: models.flatMap((model) => model?.model ?? []),
  };
}

function cutTo(
  exporting: Exporting,
  value: TensorValue,
  within: OutRange | undefined,
): OutModel | undefined {
  const model = modelOf(exporting, value);
  if (model === undefined || within === undefined) return model;
  if (model.range === undefined) return { ...model, range: within };
  const message =
    'mergekit cuts layers out of models once: say which layers are meant in one place.';
  return say(exporting, notSaidInYaml, value.span, message);
}

export function source(
  { model, range }: NonNullable<ReturnType<typeof modelOf>>,
  parameters: readonly OutEntry[],
): ReturnType<typeof map> {
  return map([
    { key: 'model', value: plain(model) },
    range && { key: 'layer_range', value: flow([range.first, range.behind]) },
    parameters.length === 0 ? undefined : { key: 'parameters', value: map(parameters) },
  ]);
}

function globalParameters(
  exporting: Exporting,
  method: ForeignMethod,
  call: MethodCall,
  rules: readonly BoundRule[],
  named: Named,
): readonly OutEntry[] | undefined {
  if (method.name === 'nuslerp') return vectors(call);
  const entries: OutEntry[] = [];
  for (const foreign of method.parameters) {
    if (foreign.byModel || foreign.ours === undefined) continue;
    const found = parameterOf(exporting, foreign, { call, rules, named });
    if (found === undefined) return undefined;
    if (found !== 'absent') entries.push({ key: foreign.name, ...found });
  }
  return entries;
}

function vectors({ args }: MethodCall): readonly OutEntry[] {
  const word = args.get('vectors');
  if (word?.kind !== 'word') return [];
  const flatten: OutEntry = { key: 'nuslerp_flatten', value: plain(word.word === 'tensor') };
  return word.word === 'columns'
    ? [flatten, { key: 'nuslerp_row_wise', value: plain(true) }]
    : [flatten];
}

export function foreignFor({ method }: MethodCall): ForeignMethod | undefined {
  if (method.name === 'scale') return passthrough;
  return method.name === 'average' ? foreignMethods.get('linear') : foreignOf.get(method.name);
}

/** Settings that mergekit has no counterpart for, other than their defaults. */
function isExpressible(exporting: Exporting, { args, method }: MethodCall): boolean {
  const only: Readonly<Record<string, string>> = { elect: 'mass', trim: 'count', scope: 'tensor' };
  let isWhole = true;
  for (const [name, word] of Object.entries(only)) {
    const value = args.get(name);
    if (value?.kind !== 'word' || value.word === word) continue;
    isWhole = false;
    const message = `mergekit’s \`${method.name}\` has no \`${name}: ${value.word}\`.`;
    say(exporting, methodNotThere, value.span, message);
  }
  return isWhole;
}

function computeOf(
  exporting: Exporting,
  value: TensorValue,
  { args, compat, method }: MethodCall,
): string | undefined {
  const compute = args.get('compute');
  if (compat === 'paper') {
    const message = `Without \`compat: mergekit\` \`${method.name}\` computes in f32 by its paper’s rules; mergekit rounds and counts its own way.`;
    say(exporting, computedOtherwise, calleeOf(exporting, value.span), message);
    return 'f32';
  }
  return compute?.kind === 'word' && compute.word !== 'storage' ? compute.word : undefined;
}

function calleeOf({ written }: Exporting, { start, end }: Span): Span {
  const name = /^[A-Za-z_]\w*/.exec(written(start, end));
  return name === null ? { start, end } : { start, end: start + name[0].length };
}
