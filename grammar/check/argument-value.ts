/** The value of one argument or setting, as its parameter's type wants it: numbers, words, lists and maps by model. */
import type { Parameter, ParameterType } from '../catalogue.ts';
import { replacing } from '../diagnostics/finding.ts';
import { unknownWord } from '../diagnostics/mw2004-unknown-word.ts';
import { unknownExpert } from '../diagnostics/mw2009-unknown-expert.ts';
import { wrongType } from '../diagnostics/mw3001-wrong-type.ts';
import { outOfRange } from '../diagnostics/mw3002-out-of-range.ts';
import { givenTwice } from '../diagnostics/mw3004-given-twice.ts';
import { expertCount } from '../diagnostics/mw3010-expert-count.ts';
import { notByModel } from '../diagnostics/mw3013-not-by-model.ts';
import { curveNotAllowed } from '../diagnostics/mw3014-curve-not-allowed.ts';
import { unnamedExpert } from '../diagnostics/mw3030-unnamed-expert.ts';
import type { Expr, Item, ListLiteral, MapLiteral, Spread } from '../syntax/tree.ts';
import { bare, type Checking, figure, literalOf, quoted, report, reportUnknown, resolve } from './checking.ts';
import { dtypeWords } from './dtypes.ts';
import { describeRange, describeType, isInRange, type NumberRange, rangeOf } from './parameters.ts';
import { quantityOf, reportWrongType, spanOf } from './quantity.ts';
import type { Value } from './value.ts';

/** What is known of a call's experts while its arguments are read. */
export interface ExpertSlot {
  readonly name?: string;
}

/** Undefined: reported. `experts` absent: the call's inputs are broken, or there is no call yet. */
export function argumentValue(
  checking: Checking,
  expr: Expr,
  parameter: Parameter,
  experts: readonly ExpertSlot[] | undefined,
): Value | undefined {
  const literal = literalOf(checking, expr);
  const takesList = parameter.type.kind === 'texts';
  if (literal.kind === 'map') {
    if (parameter.byModel === true) return byName(checking, literal, parameter, experts);
    return reportNotByModel(checking, expr, parameter);
  }
  if (literal.kind === 'list' && !takesList) {
    if (parameter.byModel === true) return byOrder(checking, literal, parameter, experts);
    return reportNotByModel(checking, expr, parameter);
  }
  return singleValue(checking, expr, parameter);
}

function reportNotByModel(checking: Checking, expr: Expr, parameter: Parameter): undefined {
  const message = `\`${parameter.name}\` has one value for all: ${describeType(parameter.type)}.`;
  report(checking, notByModel, expr, message);
}

function byOrder(
  checking: Checking,
  list: ListLiteral,
  parameter: Parameter,
  experts: readonly ExpertSlot[] | undefined,
): Value | undefined {
  const items = openedItems(checking, list.items);
  const values = items.map((item) => singleValue(checking, item, parameter));
  if (experts !== undefined && items.length !== experts.length) {
    const count = items.length === 1 ? 'one value' : `${items.length} values`;
    report(
      checking,
      expertCount,
      list,
      `\`${parameter.name}\` has ${count} for ${experts.length} ${experts.length === 1 ? 'expert' : 'experts'}.`,
    );
    return undefined;
  }
  const known = values.flatMap((value) => (value === undefined ? [] : [value]));
  if (known.length < values.length) return undefined;
  return { kind: 'list', items: known, span: spanOf(list) };
}

function openedItems(checking: Checking, items: readonly (Item | Spread)[], depth = 0): Expr[] {
  return items.flatMap((item): Expr[] => {
    if (item.kind === 'item') return [item.value];
    const list = literalOf(checking, item.value);
    if (list.kind === 'list' && depth < 100) return openedItems(checking, list.items, depth + 1);
    report(checking, wrongType, item.value, `${quoted(checking, item.value)} is not a list.`);
    return [];
  });
}

function byName(
  checking: Checking,
  map: MapLiteral,
  parameter: Parameter,
  experts: readonly ExpertSlot[] | undefined,
): Value | undefined {
  const entries = new Map<string, Value>();
  for (const { key, name, value: expr } of openedEntries(checking, map)) {
    if (!isExpert(checking, key, name, experts)) continue;
    if (entries.has(name) && key !== undefined) {
      report(checking, givenTwice, key, `\`${parameter.name}\` of \`${name}\` is given twice.`);
      continue;
    }
    const value = singleValue(checking, expr, parameter);
    if (value !== undefined) entries.set(name, value);
  }
  return { kind: 'map', entries, span: spanOf(map) };
}

interface OpenedEntry {
  readonly key: { readonly start: number; readonly end: number };
  readonly name: string;
  readonly value: Expr;
}

/** A map's entries, those of spread maps first; what is named outranks a spread. */
export function openedEntries(
  checking: Checking,
  map: MapLiteral,
  depth = 0,
): readonly OpenedEntry[] {
  const spread = new Map<string, OpenedEntry>();
  const named: OpenedEntry[] = [];
  for (const entry of map.entries) {
    if (entry.kind === 'spread') {
      const inner = literalOf(checking, entry.value);
      if (inner.kind === 'map' && depth < 100) {
        for (const opened of openedEntries(checking, inner, depth + 1)) {
          spread.set(opened.name, opened);
        }
      } else {
        reportWrongType(checking, entry.value, 'a map', quantityOf(checking, entry.value));
      }
      continue;
    }
    const { key } = entry;
    const name =
      key.kind === 'path' ? key.parts.map(({ text }) => text).join('.') : String(key.value);
    named.push({ key: spanOf(key), name, value: entry.value });
  }
  const names = new Set(named.map(({ name }) => name));
  return [...[...spread.values()].filter(({ name }) => !names.has(name)), ...named];
}

/** Whether a key names an expert of the call; reported if not. */
export function isExpert(
  checking: Checking,
  key: { readonly start: number; readonly end: number },
  name: string,
  experts: readonly ExpertSlot[] | undefined,
): boolean {
  if (experts === undefined || experts.some((expert) => expert.name === name)) return true;
  const names = experts.flatMap((expert) => (expert.name === undefined ? [] : [expert.name]));
  if (names.length === 0) {
    const message = `\`${name}\` names no expert: an expression has no name until a \`let\` gives it one.`;
    report(checking, unnamedExpert, key, message);
    return false;
  }
  reportUnknown(checking, unknownExpert, key, `no expert of this call is called \`${name}\``, names);
  return false;
}

/** One value, for one expert or for all. */
export function singleValue(
  checking: Checking,
  expr: Expr,
  parameter: Parameter,
): Value | undefined {
  const { type } = parameter;
  const at = bare(expr);
  switch (type.kind) {
    case 'number':
      return numberValue(checking, expr, parameter, rangeOf(type));
    case 'boolean': {
      const literal = behindName(checking, at);
      if (literal.kind === 'boolean') {
        return { kind: 'boolean', value: literal.value, span: spanOf(expr) };
      }
      break;
    }
    case 'choice':
      return wordValue(checking, expr, parameter, type.words.map(({ word }) => word));
    case 'dtype':
      return wordValue(checking, expr, parameter, dtypeWords);
    case 'text': {
      const literal = behindName(checking, at);
      if (literal.kind === 'text') return { kind: 'text', value: literal.value, span: spanOf(expr) };
      break;
    }
    case 'texts':
      return textsValue(checking, expr, parameter);
    case 'stats':
    case 'model': {
      const isName = at.kind === 'reference' && at.path.parts.length === 1;
      if (!isName) break;
      const name = at.path.parts[0]!;
      const declaration = resolve(checking, name);
      if (declaration === undefined) return undefined;
      const { kind } = declaration.meaning;
      if (kind === 'broken' || kind === 'module') return undefined;
      const fits =
        type.kind === 'stats'
          ? kind === 'stats'
          : kind === 'model' || kind === 'step' || kind === 'search' || kind === 'let';
      if (fits) return { kind: 'word', word: name.text, span: spanOf(expr) };
      break;
    }
  }
  reportWrongType(
    checking,
    expr,
    `\`${parameter.name}\`, ${describeType(type)}`,
    quantityOf(checking, expr),
  );
  return undefined;
}

/** What a `let` name stands for. */
function behindName(checking: Checking, expr: Expr): Expr {
  let at = expr;
  for (let steps = 0; steps < 1000; steps++) {
    if (at.kind !== 'reference' || at.path.parts.length !== 1) return at;
    const meaning = checking.declared.get(at.path.parts[0]!.text)?.meaning;
    if (meaning?.kind !== 'let' && meaning?.kind !== 'param') return at;
    at = bare(meaning.statement.value);
  }
  return at;
}

function textsValue(checking: Checking, expr: Expr, parameter: Parameter): Value | undefined {
  const list = literalOf(checking, expr);
  if (list.kind !== 'list') {
    reportWrongType(
      checking,
      expr,
      `\`${parameter.name}\`, a list of texts`,
      quantityOf(checking, expr),
    );
    return undefined;
  }
  const items: Value[] = [];
  for (const item of openedItems(checking, list.items)) {
    const text = behindName(checking, bare(item));
    if (text.kind === 'text') items.push({ kind: 'text', value: text.value, span: spanOf(item) });
    else reportWrongType(checking, item, 'a text', quantityOf(checking, item));
  }
  return { kind: 'list', items, span: spanOf(expr) };
}

/** The words of a choice come before declared names. */
function wordValue(
  checking: Checking,
  expr: Expr,
  parameter: Parameter,
  words: readonly string[],
): Value | undefined {
  const at = bare(expr);
  if (at.kind === 'missing') return undefined;
  const written =
    at.kind === 'reference' && at.path.parts.length === 1 ? at.path.parts[0]!.text : undefined;
  if (written !== undefined && words.includes(written)) {
    return { kind: 'word', word: written, span: spanOf(expr) };
  }
  const choices = words.map((word) => `\`${word}\``).join(', ');
  if (written !== undefined) {
    const problem = `\`${parameter.name}\` is one of ${choices}, not \`${written}\``;
    reportUnknown(checking, unknownWord, expr, problem, words);
    return undefined;
  }
  const inQuotes = at.kind === 'text' && words.includes(at.value) ? at.value : undefined;
  report(
    checking,
    wrongType,
    expr,
    `\`${parameter.name}\` is one of ${choices}, not ${quoted(checking, expr)}.`,
    { fixes: inQuotes === undefined ? [] : [replacing(expr, inQuotes)] },
  );
  return undefined;
}

function numberValue(
  checking: Checking,
  expr: Expr,
  parameter: Parameter,
  range: NumberRange,
): Value | undefined {
  const quantity = quantityOf(checking, expr);
  if (quantity.kind !== 'number') {
    const wanted = `\`${parameter.name}\`, ${describeRange(range)}`;
    reportWrongType(checking, expr, wanted, quantity);
    return undefined;
  }
  const { curve } = quantity;
  if (curve.kind !== 'constant') {
    if (parameter.byPlace === true) return { kind: 'curve', curve, span: spanOf(expr) };
    const message = `\`${parameter.name}\` holds for the whole step, and ${quoted(checking, expr)} is a curve.`;
    report(checking, curveNotAllowed, expr, message);
    return undefined;
  }
  if (!isInRange(curve.value, range)) {
    reportOutOfRange(checking, expr, parameter, curve.value);
    return undefined;
  }
  return { kind: 'number', value: curve.value, span: spanOf(expr) };
}

/** `where` says at which layer, for a curve. */
export function reportOutOfRange(
  checking: Checking,
  span: { readonly start: number; readonly end: number },
  { name, type }: { readonly name: string; readonly type: ParameterType },
  value: number,
  where = '',
): void {
  if (type.kind !== 'number') return;
  const range = rangeOf(type);
  const percent = asPercent(checking, span, value, range);
  const message = `\`${name}\` is ${figure(value)}${where}; it must be ${describeRange(range)}${percent === undefined ? '' : `: did you mean \`${percent}\``}`;
  report(checking, outOfRange, span, `${message}${percent === undefined ? '.' : '?'}`, {
    fixes: percent === undefined ? [] : [replacing(span, percent)],
  });
}

/** `20` where a share is wanted was meant as `20%`. */
function asPercent(
  checking: Checking,
  span: { readonly start: number; readonly end: number },
  value: number,
  range: NumberRange,
): string | undefined {
  const text = checking.text.slice(span.start, span.end);
  const isPlain = /^\d+(\.\d+)?$/.test(text);
  const meant = value / 100;
  return isPlain && range.max === 1 && value > 1 && isInRange(meant, range)
    ? `${text}%`
    : undefined;
}
