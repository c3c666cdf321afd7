/** Values by model in their three spellings: a list in the order of the experts, a map by their names, written at the expert. */
import type { MethodSignature, Parameter } from '../../grammar/catalogue.ts';
import { parameterNamed } from '../../grammar/check/parameters.ts';
import type { TextEdit } from '../../grammar/diagnostics/diagnostic.ts';
import type { Span } from '../../grammar/syntax/span.ts';
import { touches } from '../../grammar/syntax/span.ts';
import type { Argument, Call, Entry, Expr, Item, ListLiteral } from '../../grammar/syntax/tree.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { methodOf } from '../analysis/calls.ts';
import { nodesAt } from '../analysis/nodes-at.ts';
import { holdsComment, isSound, type Refactoring } from './refactoring.ts';

export function convertValues(analysis: Analysis, { start }: Span): readonly Refactoring[] {
  const path = nodesAt(analysis.recipe, start);
  const call = path.findLast(
    (node): node is Call =>
      node.kind === 'call' && methodOf(node, analysis.catalogue) !== undefined,
  );
  if (call === undefined) return [];
  const method = methodOf(call, analysis.catalogue)!;
  const experts = expertsOf(call, method);
  if (experts === undefined) return [];
  const argument = path.find(
    (node): node is Argument => node.kind === 'argument' && isOf(call, node),
  );
  const offered = [
    ...(argument?.name === undefined ? [] : fromArgument(analysis, argument, method, experts)),
    ...fromExperts(analysis, call, method, experts, start),
  ];
  return offered.filter(({ edits }) => isSound(analysis, edits));
}

interface Experts {
  readonly list: ListLiteral;
  readonly items: readonly (Item & { readonly expert: string })[];
}

const isOf = ({ args }: Call, argument: Argument): boolean => args.includes(argument);

/** The experts of a call's list, if each has a name. */
function expertsOf({ args }: Call, { inputs }: MethodSignature): Experts | undefined {
  if (inputs.kind !== 'experts') return undefined;
  const positional = args.filter((arg) => arg.kind === 'argument' && arg.name === undefined);
  const list = positional.map(({ value }) => value).find((value) => value.kind === 'list');
  if (list?.kind !== 'list') return undefined;
  const items = list.items.flatMap((item) => {
    if (item.kind !== 'item' || item.value.kind !== 'reference') return [];
    const { parts } = item.value.path;
    return parts.length === 1 ? [{ ...item, expert: parts[0]!.text }] : [];
  });
  return items.length === list.items.length && items.length > 0 ? { list, items } : undefined;
}

/** A list becomes a map; a list or map goes to the experts. */
function fromArgument(
  analysis: Analysis,
  argument: Argument,
  method: MethodSignature,
  experts: Experts,
): readonly Refactoring[] {
  const { text } = analysis;
  const { value, name } = argument;
  const parameter = parameterNamed(method, name!.text);
  if (parameter?.byModel !== true || holdsComment(analysis, argument)) return [];
  const values = valuesOf(value, experts);
  if (values === undefined) return [];
  const textOf = ({ start, end }: Span): string => text.slice(start, end);
  const entries = [...values].map(([expert, of]) => `${expert}: ${textOf(of)}`);
  const map = { start: value.start, end: value.end, text: `{ ${entries.join(', ')} }` };
  const atExperts = experts.items.flatMap((item): TextEdit[] => {
    const of = values.get(item.expert);
    if (of === undefined) return [];
    return [withOwn(item, `${parameter.name}: ${textOf(of)}`)];
  });
  return [
    ...(value.kind === 'list'
      ? [rewriting(`Write ${parameter.name} as a map by model`, [map])]
      : []),
    rewriting(`Write ${parameter.name} at each expert`, [
      ...atExperts,
      withoutArgument(text, argument),
    ]),
  ];
}

/** What is written at the experts becomes one map in the call. */
function fromExperts(
  analysis: Analysis,
  call: Call,
  method: MethodSignature,
  { list, items }: Experts,
  cursor: number,
): readonly Refactoring[] {
  const { text } = analysis;
  if (!touches(list, cursor) || holdsComment(analysis, list)) return [];
  const own = items.find((item) => item.own !== undefined && touches(item.own, cursor))?.own;
  const entry = own?.entries.find((of): of is Entry => of.kind === 'entry' && touches(of, cursor));
  const parameter = entry && parameterOf(entry, method);
  const isGiven = call.args.some(
    (arg) => arg.kind === 'argument' && arg.name?.text === parameter?.name,
  );
  if (parameter === undefined || isGiven) return [];
  const entries: string[] = [];
  const edits: TextEdit[] = [];
  for (const item of items) {
    const all = item.own?.entries ?? [];
    const mine = all.find(
      (of): of is Entry => of.kind === 'entry' && parameterOf(of, method) === parameter,
    );
    if (mine === undefined || item.own === undefined) continue;
    entries.push(`${item.expert}: ${text.slice(mine.value.start, mine.value.end)}`);
    const others = all.filter((of) => of !== mine).map(({ start, end }) => text.slice(start, end));
    const left = others.length === 0 ? '' : ` { ${others.join(', ')} }`;
    edits.push({ start: item.value.end, end: item.own.end, text: left });
  }
  const last = call.args.at(-1)!;
  edits.push({
    start: last.end,
    end: last.end,
    text: `, ${parameter.name}: { ${entries.join(', ')} }`,
  });
  return [rewriting(`Write ${parameter.name} as a map by model`, edits)];
}

function parameterOf({ key }: Entry, method: MethodSignature): Parameter | undefined {
  return key.kind === 'path' && key.parts.length === 1
    ? parameterNamed(method, key.parts[0]!.text)
    : undefined;
}

/** The value of each expert that has one; undefined where it cannot be told by the text. */
function valuesOf(value: Expr, { items }: Experts): ReadonlyMap<string, Expr> | undefined {
  switch (value.kind) {
    case 'list': {
      const isPlain = value.items.every((item) => item.kind === 'item' && item.own === undefined);
      if (!isPlain || value.items.length !== items.length) return undefined;
      return new Map(items.map(({ expert }, at) => [expert, value.items[at]!.value]));
    }
    case 'map': {
      const known = new Set(items.map(({ expert }) => expert));
      const values = new Map<string, Expr>();
      for (const entry of value.entries) {
        const key = entry.kind === 'entry' && entry.key.kind === 'path' ? entry.key.parts : [];
        const expert = key.length === 1 ? key[0]!.text : undefined;
        if (entry.kind !== 'entry' || expert === undefined || !known.has(expert)) return undefined;
        values.set(expert, entry.value);
      }
      return values;
    }
    default:
      return undefined;
  }
}

/** An expert with one more value of its own. */
function withOwn({ value, own }: Item, entry: string): TextEdit {
  if (own === undefined) return { start: value.end, end: value.end, text: ` { ${entry} }` };
  const last = own.entries.at(-1);
  return last === undefined
    ? { start: own.start, end: own.end, text: `{ ${entry} }` }
    : { start: last.end, end: last.end, text: `, ${entry}` };
}

/** The argument with the comma before it. */
function withoutArgument(text: string, { start, end }: Argument): TextEdit {
  const before = /,\s*$/.exec(text.slice(0, start))?.[0].length ?? 0;
  return { start: start - before, end, text: '' };
}

function rewriting(title: string, edits: readonly TextEdit[]): Refactoring {
  return { title, kind: 'refactor.rewrite', edits };
}
