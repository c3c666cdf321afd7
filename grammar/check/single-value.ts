/** One value, for one expert or for all, as its parameter's type wants it. */
import type { Parameter, ParameterType } from '../catalogue.ts';
import { replacing } from '../diagnostics/finding.ts';
import { unknownWord } from '../diagnostics/mw2004-unknown-word.ts';
import { wrongType } from '../diagnostics/mw3001-wrong-type.ts';
import { outOfRange } from '../diagnostics/mw3002-out-of-range.ts';
import { curveNotAllowed } from '../diagnostics/mw3014-curve-not-allowed.ts';
import type { Expr, Item, Spread } from '../syntax/tree.ts';
import { spanOf } from '../syntax/span.ts';
import {
  bare,
  type Checking,
  figure,
  literalOf,
  quoted,
  report,
  reportUnknown,
  textAt,
} from './checking.ts';
import { dtypeWords } from './dtypes.ts';
import { describeRange, describeType, isInRange, type NumberRange, rangeOf } from './parameters.ts';
import { quantityOf, reportWrongType } from './quantity.ts';
import { resolvePath, wholeDeclarationOf } from './scopes.ts';
import type { Value } from './value.ts';

export function openedItems(
  checking: Checking,
  items: readonly (Item | Spread)[],
  depth = 0,
): Expr[] {
  return items.flatMap((item): Expr[] => {
    if (item.kind === 'item') return [item.value];
    const list = literalOf(checking, item.value);
    if (list.kind === 'list' && depth < 100) return openedItems(checking, list.items, depth + 1);
    report(checking, wrongType, item.value, `${quoted(checking, item.value)} is not a list.`);
    return [];
  });
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
      return wordValue(
        checking,
        expr,
        parameter,
        type.words.map(({ word }) => word),
      );
    case 'dtype':
      return wordValue(checking, expr, parameter, dtypeWords);
    case 'text': {
      const literal = behindName(checking, at);
      if (literal.kind === 'text')
        return { kind: 'text', value: literal.value, span: spanOf(expr) };
      break;
    }
    case 'texts':
      return textsValue(checking, expr, parameter);
    case 'stats':
    case 'model': {
      if (at.kind !== 'reference') break;
      const found = resolvePath(checking, at.path);
      if (found === undefined) return undefined;
      if (found.rest.length > 0) break;
      const { kind } = found.declaration.meaning;
      if (kind === 'broken' || kind === 'module') return undefined;
      const fits =
        type.kind === 'stats'
          ? kind === 'stats'
          : kind === 'model' || kind === 'step' || kind === 'search' || kind === 'let';
      if (fits) return { kind: 'word', word: found.name, span: spanOf(expr) };
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
    if (at.kind !== 'reference') return at;
    const meaning = wholeDeclarationOf(checking, at.path)?.declaration.meaning;
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
  const behind = behindName(checking, at);
  const meant = behind.kind === 'reference' ? behind.path.parts[0]?.text : undefined;
  if (behind !== at && meant !== undefined && words.includes(meant)) {
    return { kind: 'word', word: meant, span: spanOf(expr) };
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
  const text = textAt(checking, span);
  const isPlain = /^\d+(\.\d+)?$/.test(text);
  const meant = value / 100;
  return isPlain && range.max === 1 && value > 1 && isInRange(meant, range)
    ? `${text}%`
    : undefined;
}
