/**
 * What an expression comes to, before anything is expected of it.
 * Numbers are calculated, tensors become a tree of values with shares; a fault is reported once and swallowed from there on.
 */
import { unknownMethod } from '../diagnostics/mw2002-unknown-method.ts';
import { wrongType } from '../diagnostics/mw3001-wrong-type.ts';
import { sourceInExpression } from '../diagnostics/mw3026-source-in-expression.ts';
import { type Span, spanOf } from '../syntax/span.ts';
import type { Call, Expr } from '../syntax/tree.ts';
import { binary, negated } from './arithmetic.ts';
import { callOf } from './call.ts';
import type { TensorValue } from './checked.ts';
import { bare, type Checking, quoted, report, reportUnknown, textAt } from './checking.ts';
import { curveCall, curveFunctions } from './curve-call.ts';
import { constant } from './curve.ts';
import { cutOf, stackOf } from './layers.ts';
import { referenced } from './reference.ts';
import { resolve, scopeAt } from './scopes.ts';
import { kindOf } from './share.ts';
import type { Curve } from './value.ts';

export type Quantity =
  | { readonly kind: 'number'; readonly curve: Curve }
  | { readonly kind: 'tensor'; readonly value: TensorValue }
  | { readonly kind: QuantityWord }
  /** Reported already. */
  | { readonly kind: 'broken' };

export type QuantityWord =
  | 'mask'
  | 'stats'
  | 'text'
  | 'bytes'
  | 'duration'
  | 'boolean'
  | 'list'
  | 'map'
  | 'place'
  | 'range'
  | 'condition'
  | 'metric'
  | 'table';

export const broken: Quantity = { kind: 'broken' };
const sourceForms: ReadonlySet<string> = new Set(['local', 'hub']);

export function quantityOf(checking: Checking, expr: Expr): Quantity {
  switch (expr.kind) {
    case 'number':
      return { kind: 'number', curve: constant(expr.value) };
    case 'parenthesised':
      return quantityOf(checking, expr.inner);
    case 'reference':
      return referenced(checking, expr);
    case 'call':
      return called(checking, expr);
    case 'negation':
      return negated(checking, expr.operand, expr);
    case 'binary':
      return binary(checking, expr);
    case 'index':
      return cutOf(checking, expr);
    case 'text':
    case 'bytes':
    case 'duration':
    case 'boolean':
    case 'list':
    case 'map':
    case 'range':
      return { kind: expr.kind };
    case 'layersOf':
      return { kind: 'place' };
    case 'missing':
      return broken;
  }
}

/** A number or a curve; anything else is reported as not one. */
export function numberOf(checking: Checking, expr: Expr, what = 'a number'): Curve | undefined {
  const quantity = quantityOf(checking, expr);
  if (quantity.kind === 'number') return quantity.curve;
  reportWrongType(checking, expr, what, quantity);
  return undefined;
}

/** A tensor value of whatever share; anything else is reported. */
export function tensorOf(checking: Checking, expr: Expr): TensorValue | undefined {
  const quantity = quantityOf(checking, expr);
  if (quantity.kind === 'tensor') return { ...quantity.value, span: spanOf(expr) };
  const text = bare(expr);
  if (text.kind === 'text') {
    report(
      checking,
      sourceInExpression,
      expr,
      `Sources have a statement of their own: \`model name = ${textAt(checking, text)}\`.`,
    );
    return undefined;
  }
  reportWrongType(checking, expr, 'a Model or a Delta', quantity);
  return undefined;
}

export function reportWrongType(
  checking: Checking,
  span: Span,
  wanted: string,
  quantity: Quantity,
): void {
  if (quantity.kind === 'broken') return;
  const written = quoted(checking, span);
  report(checking, wrongType, span, `${written} is ${describe(quantity)}; here stands ${wanted}.`);
}

export function describe(quantity: Quantity): string {
  switch (quantity.kind) {
    case 'number':
      return quantity.curve.kind === 'constant' ? 'a number' : 'a curve';
    case 'tensor':
      return kindOf(quantity.value) === 'delta' ? 'a Delta' : 'a Model';
    case 'mask':
      return 'a Mask';
    case 'stats':
      return 'statistics';
    case 'bytes':
      return 'a size';
    case 'boolean':
      return '`true` or `false`';
    case 'metric':
      return 'a metric, which only searches know';
    case 'table':
      return 'a table';
    case 'text':
    case 'duration':
    case 'list':
    case 'map':
    case 'place':
    case 'range':
    case 'condition':
      return `a ${quantity.kind}`;
    case 'broken':
      return 'nothing';
  }
}

export function called(checking: Checking, expr: Call): Quantity {
  const [first, second] = expr.callee.parts;
  if (first === undefined) return broken;
  if (second !== undefined) {
    if (resolve(checking, first) === undefined) return broken;
    const message = `${quoted(checking, expr.callee)} is no function: a recipe declares values, and functions come from the catalogue.`;
    report(checking, unknownMethod, expr.callee, message);
    return broken;
  }
  if (first.text === 'stack') return stackOf(checking, expr);
  if (curveFunctions.has(first.text)) return curveCall(checking, expr);
  const method = checking.catalogue.get(first.text);
  if (method !== undefined) {
    // A list of a `let` is read where it is used, and its calls draw once.
    const known = checking.calls.get(expr);
    const value = known ?? callOf(checking, expr, method) ?? 'broken';
    checking.calls.set(expr, value);
    return value === 'broken' ? broken : { kind: 'tensor', value };
  }
  if (sourceForms.has(first.text)) {
    const written = textAt(checking, expr);
    const message = `Sources have a statement of their own: \`model name = ${written}\`.`;
    report(checking, sourceInExpression, expr, message);
    return broken;
  }
  if (scopeAt(checking, first).open) return broken;
  const names = [...checking.catalogue.keys(), 'stack', ...curveFunctions];
  reportUnknown(checking, unknownMethod, first, `no function is called \`${first.text}\``, names);
  return broken;
}
