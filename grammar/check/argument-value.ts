/** The value of one argument or setting, as its parameter's type wants it: numbers, words, lists and maps by model. */
import type { Parameter } from '../catalogue.ts';
import { unknownExpert } from '../diagnostics/mw2009-unknown-expert.ts';
import { givenTwice } from '../diagnostics/mw3004-given-twice.ts';
import { expertCount } from '../diagnostics/mw3010-expert-count.ts';
import { notByModel } from '../diagnostics/mw3013-not-by-model.ts';
import { unnamedExpert } from '../diagnostics/mw3030-unnamed-expert.ts';
import type { Expr, ListLiteral, MapLiteral } from '../syntax/tree.ts';
import { spanOf } from '../syntax/span.ts';
import { type Checking, literalOf, report, reportUnknown } from './checking.ts';
import { describeType } from './parameters.ts';
import { quantityOf, reportWrongType } from './quantity.ts';
import { openedItems, singleValue } from './single-value.ts';
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
  reportUnknown(
    checking,
    unknownExpert,
    key,
    `no expert of this call is called \`${name}\``,
    names,
  );
  return false;
}
