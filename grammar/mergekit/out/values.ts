/** Arguments and rules as parameters of mergekit: a value, a gradient, or a list of filters. */
import type { BoundRule, Expert, MethodCall } from '../../check/checked.ts';
import { defaultOf, parameterNamed } from '../../check/parameters.ts';
import { valueForInput } from '../../check/settle.ts';
import type { Value } from '../../check/value.ts';
import { methodNotThere } from '../../diagnostics/mw7202-method-not-there.ts';
import { notSaidInYaml } from '../../diagnostics/mw7201-not-said-in-yaml.ts';
import { computedOtherwise } from '../../diagnostics/mw7301-computed-otherwise.ts';
import type { Span } from '../../syntax/span.ts';
import type { ForeignParameter } from '../methods.ts';
import { conditionals, type FilterEntry } from './conditionals.ts';
import { type Exporting, say } from './exporting.ts';
import { filtersOf, type Named } from './filters.ts';
import { type CurveAt, gradientOf, type OutGradient } from './gradients.ts';
import { type OutNotes, plain, type YamlOut } from './yaml-text.ts';

export type Parameter = (OutNotes & { readonly value: YamlOut }) | 'absent' | undefined;

/** One parameter of one expert, or of the method; undefined: it cannot be said, and why is. */
export function parameterOf(
  exporting: Exporting,
  foreign: ForeignParameter,
  {
    call,
    rules,
    input,
    named,
  }: {
    readonly call: MethodCall;
    readonly rules: readonly BoundRule[];
    readonly input?: number;
    readonly named: Named;
  },
): Parameter {
  const ours = foreign.ours!;
  const parameter = parameterNamed(call.method, ours);
  if (parameter === undefined) return 'absent';
  const expert = input === undefined ? undefined : call.inputs[input];
  const written = writtenValue(call, ours, input, expert) ?? defaultValue(call, ours);
  const filtered: FilterEntry[] = [];
  // The last line that fits decides here, the first there.
  for (const rule of rules.toReversed()) {
    for (const action of rule.actions.toReversed()) {
      if (action.kind !== 'set' || action.parameter !== ours) continue;
      if (action.expert !== undefined && action.expert !== expert?.name) continue;
      const own = valueForInput(action.value, parameter, input, expert?.name);
      if (own === undefined) continue;
      const { tensors } = rule;
      const at: CurveAt = {
        ...named,
        compat: call.compat,
        isRule: true,
        ...(tensors === undefined ? {} : { tensors }),
      };
      const filters = filtersOf(exporting, rule, named);
      const found = valueOf(exporting, foreign, own, at);
      if (filters === undefined || found === undefined) return undefined;
      const { value, within, besides } = found;
      const entries = filters.map(({ text, tensors: held }) => ({
        filter: text,
        value: (held && within?.(held)) ?? value,
      }));
      const notes = exporting.comments.take(rule);
      filtered.push(
        ...[...besides, ...entries].map((entry, index) => ({
          ...entry,
          notes: index === 0 ? notes : {},
        })),
      );
    }
  }
  const at: CurveAt = { ...named, compat: call.compat, isRule: false };
  const found = written && valueOf(exporting, foreign, written, at);
  if (written !== undefined && found === undefined) return undefined;
  const fallback = found?.value;
  for (const besides of found?.besides ?? []) filtered.push(besides);
  const notes = written === undefined ? {} : exporting.comments.take(written.span);
  if (filtered.length === 0)
    return fallback === undefined ? 'absent' : { value: fallback, ...notes };
  const rest = fallback === undefined ? [] : [{ value: fallback, notes }];
  return { value: conditionals([...filtered, ...rest]) };
}

function writtenValue(
  call: MethodCall,
  ours: string,
  input: number | undefined,
  expert: Expert | undefined,
): Value | undefined {
  const own = expert?.own?.get(ours);
  if (own !== undefined) return own;
  const given = call.args.get(ours);
  const parameter = parameterNamed(call.method, ours);
  return given && parameter && valueForInput(given, parameter, input, expert?.name);
}

/** Where our default is not that tool’s, it is written out. */
function defaultValue({ method, compat }: MethodCall, ours: string): Value | undefined {
  const parameter = parameterNamed(method, ours)!;
  const here = defaultOf(parameter, compat);
  const there = defaultOf(parameter, 'mergekit');
  const isRequired = ours === 'weight';
  if (here === undefined || (here === there && !isRequired)) return undefined;
  const span = { start: 0, end: 0 };
  if (typeof here === 'number') return { kind: 'number', value: here, span };
  if (typeof here === 'boolean') return { kind: 'boolean', value: here, span };
  return { kind: 'word', word: here, span };
}

function valueOf(
  exporting: Exporting,
  { name, as }: ForeignParameter,
  value: Value,
  at: CurveAt,
): OutGradient | undefined {
  const only = (text: number | boolean): OutGradient => ({ value: plain(text), besides: [] });
  switch (value.kind) {
    case 'number':
      return only(value.value);
    case 'boolean':
      return only(value.value);
    case 'curve':
      return gradientOf(exporting, value, at);
    case 'word': {
      if (as === 'number' || as === 'flag') break;
      if (value.word === as.whenTrue) return only(true);
      if (value.word === as.whenFalse) return only(false);
      if (name === 'rescale') {
        const message = 'mergekit rescales by the sums of magnitudes, not by 1 / density.';
        say(exporting, computedOtherwise, spanOr(exporting, value.span), message);
        return only(true);
      }
      const message = `mergekit has nothing like \`${value.word}\` here.`;
      return say(exporting, methodNotThere, value.span, message);
    }
    case 'text':
    case 'bytes':
    case 'duration':
    case 'list':
    case 'map':
      break;
  }
  return say(
    exporting,
    notSaidInYaml,
    value.span,
    `mergekit’s \`${name}\` is a number or a gradient.`,
  );
}

/** A default has no place in the text; the recipe as a whole stands for it. */
function spanOr({ recipe }: Exporting, span: Span): Span {
  if (span.end > 0) return span;
  const merge = recipe.statements.find(({ kind }) => kind === 'merge');
  return merge === undefined ? span : merge.word;
}
