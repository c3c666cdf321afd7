/** Arguments and rules as parameters of mergekit: a value, a gradient, or a list of filters. */
import type { BoundRule, Expert, MethodCall } from '../../check/checked.ts';
import { defaultOf, parameterNamed } from '../../check/parameters.ts';
import { valueForInput } from '../../check/settle.ts';
import type { Value } from '../../check/value.ts';
import { methodNotThere } from '../../diagnostics/mw7202-method-not-there.ts';
import { notSaidInYaml } from '../../diagnostics/mw7201-not-said-in-yaml.ts';
import { placeNotAFilter } from '../../diagnostics/mw7203-place-not-a-filter.ts';
import { computedOtherwise } from '../../diagnostics/mw7301-computed-otherwise.ts';
import type { Place } from '../../places/place.ts';
import type { Span } from '../../syntax/span.ts';
import type { ForeignParameter } from '../methods.ts';
import { type Exporting, say } from './exporting.ts';
import { flow, map, type OutItem, type OutNotes, plain, type YamlOut } from './yaml-text.ts';

export interface Shift {
  /** What layer numbers in patterns are less than those mergekit holds filters against. */
  readonly by: number;
}

export type Parameter = (OutNotes & { readonly value: YamlOut }) | 'absent' | undefined;

/** One parameter of one expert, or of the method; undefined: it cannot be said, and why is. */
export function parameterOf(
  exporting: Exporting,
  foreign: ForeignParameter,
  {
    call,
    rules,
    input,
    shift,
  }: {
    readonly call: MethodCall;
    readonly rules: readonly BoundRule[];
    readonly input?: number;
    readonly shift: Shift;
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
      const filters = filtersOf(exporting, rule.place, shift);
      const value = valueOf(exporting, foreign, own, call.compat);
      if (filters === undefined || value === undefined) return undefined;
      const notes = exporting.comments.take(rule);
      filtered.push(
        ...filters.map((filter, index) => ({ filter, value, notes: index === 0 ? notes : {} })),
      );
    }
  }
  const fallback = written && valueOf(exporting, foreign, written, call.compat);
  if (written !== undefined && fallback === undefined) return undefined;
  const notes = written === undefined ? {} : exporting.comments.take(written.span);
  if (filtered.length === 0)
    return fallback === undefined ? 'absent' : { value: fallback, ...notes };
  const last = filtered.findIndex(({ filter }) => filter === undefined);
  const reached = last < 0 ? filtered : filtered.slice(0, last + 1);
  const entries = [
    ...reached,
    ...(last < 0 && fallback !== undefined ? [{ filter: undefined, value: fallback, notes }] : []),
  ];
  const items = entries.map(({ filter, value, notes: { above, beside } }): OutItem => ({
    ...(above === undefined ? {} : { above }),
    value: map([
      filter === undefined ? undefined : { key: 'filter', value: plain(filter) },
      { key: 'value', value, ...(beside === undefined ? {} : { beside }) },
    ]),
  }));
  return { value: { kind: 'list', items } };
}

interface FilterEntry {
  /** Absent: it holds for all tensors. */
  readonly filter: string | undefined;
  readonly value: YamlOut;
  readonly notes: OutNotes;
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

export function valueOf(
  exporting: Exporting,
  { name, as }: ForeignParameter,
  value: Value,
  compat: MethodCall['compat'],
): YamlOut | undefined {
  switch (value.kind) {
    case 'number':
      return plain(value.value);
    case 'boolean':
      return plain(value.value);
    case 'curve': {
      const { curve } = value;
      if (curve.kind === 'constant') return plain(curve.value);
      if (curve.kind === 'knots' && curve.ease === 'linear') {
        if (compat === 'paper' && curve.knots[0] !== curve.knots.at(-1)) {
          const message =
            'mergekit lays a gradient over all layers, and gives the final norm and the head its first value; `compat: mergekit` in the recipe does the same.';
          say(exporting, computedOtherwise, value.span, message);
        }
        return flow(curve.knots);
      }
      const message = 'A gradient of mergekit’s has evenly spaced knots, joined by straight lines.';
      return say(exporting, notSaidInYaml, value.span, message);
    }
    case 'word': {
      if (as === 'number' || as === 'flag') break;
      if (value.word === as.whenTrue) return plain(true);
      if (value.word === as.whenFalse) return plain(false);
      if (name === 'rescale') {
        const message = 'mergekit rescales by the sums of magnitudes, not by 1 / density.';
        say(exporting, computedOtherwise, spanOr(exporting, value.span), message);
        return plain(true);
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

/** Texts that names must hold; one that is undefined holds for all tensors. */
function filtersOf(
  exporting: Exporting,
  place: Place,
  shift: Shift,
): readonly (string | undefined)[] | undefined {
  switch (place.kind) {
    case 'all':
      return [undefined];
    case 'declared':
      return filtersOf(exporting, place.place, shift);
    case 'or': {
      const left = filtersOf(exporting, place.left, shift);
      const right = filtersOf(exporting, place.right, shift);
      // Either stands alone there, and import reads a list from its end.
      return left && right && [...right, ...left];
    }
    case 'pattern': {
      const texts = alternatives(place.text).map((text) => filterOf(text, shift));
      if (texts.every((text) => text !== undefined)) return texts;
      const message = `mergekit’s filters are texts that a name holds, as \`"*mlp*"\` is; \`"${place.text}"\` is more than that.`;
      return say(exporting, placeNotAFilter, place, message);
    }
    case 'layers':
    case 'part':
    case 'tower':
    case 'and':
    case 'except':
    case 'broken': {
      const message =
        'mergekit tells tensors apart by texts that their names hold: write the place as patterns such as `"*mlp*"`.';
      return say(exporting, placeNotAFilter, place, message);
    }
  }
}

/** `{a,b}` is two texts. */
function alternatives(text: string): readonly string[] {
  const brace = /^(.*?)\{([^{}]*)\}(.*)$/.exec(text);
  if (brace === null) return [text];
  const [, before = '', inner = '', after = ''] = brace;
  return inner.split(',').flatMap((one) => alternatives(`${before}${one}${after}`));
}

function filterOf(pattern: string, { by }: Shift): string | undefined {
  const inner = /^\*([^*?{}]+)\*$/.exec(pattern)?.[1];
  if (inner === undefined || by === 0) return inner;
  return inner.replace(
    /\b((?:layers|layer|blocks|block|h)\.)(\d+)(?=\.)/,
    (_, before: string, layer: string) => `${before}${Number(layer) + by}`,
  );
}
