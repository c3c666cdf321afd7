/**
 * What an expression comes to, before anything is expected of it.
 * Numbers are calculated, tensors become a tree of values with shares; a fault is reported once and swallowed from there on.
 */
import { unknownName } from '../diagnostics/mw2001-unknown-name.ts';
import { unknownMethod } from '../diagnostics/mw2002-unknown-method.ts';
import { wrongType } from '../diagnostics/mw3001-wrong-type.ts';
import { tensorArithmetic } from '../diagnostics/mw3015-tensor-arithmetic.ts';
import { divisionByZero } from '../diagnostics/mw3024-division-by-zero.ts';
import { sourceInExpression } from '../diagnostics/mw3026-source-in-expression.ts';
import { placeWords } from '../places/place.ts';
import type { Span } from '../syntax/span.ts';
import type { Binary, Call, Expr, Reference } from '../syntax/tree.ts';
import { callOf } from './call.ts';
import type { Source, Step, TensorValue } from './checked.ts';
import {
  bare,
  type Checking,
  type LetContents,
  figure, quoted, report, reportUnknown, resolve } from './checking.ts';
import { constant, folded } from './curve.ts';
import { curveCall, curveFunctions } from './curve-call.ts';
import { cutOf, stackOf } from './layers.ts';
import { addShares, kindOf, negatedShare, scaledShare } from './share.ts';
import { meetAll, referenceAmong } from './signatures.ts';
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

const broken: Quantity = { kind: 'broken' };

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
      `Sources have a statement of their own: \`model name = ${checking.text.slice(text.start, text.end)}\`.`,
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
  report(
    checking,
    wrongType,
    span,
    `${written} is ${describe(quantity)}; here stands ${wanted}.`,
  );
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

function referenced(checking: Checking, expr: Reference): Quantity {
  const [first, second] = expr.path.parts;
  if (first === undefined) return broken;
  const isPlaceWord =
    second === undefined && !checking.declared.has(first.text) && placeWords.includes(first.text);
  if (isPlaceWord) return { kind: 'place' };
  const declaration = resolve(checking, first);
  if (declaration === undefined) return broken;
  const { meaning } = declaration;
  if (second !== undefined) {
    if (meaning.kind === 'module' || meaning.kind === 'broken') return broken;
    if (meaning.kind !== 'evaluate') {
      report(checking, unknownName, second, `\`${first.text}\` has nothing called \`${second.text}\`.`);
      return broken;
    }
    if (meaning.metrics !== undefined && !meaning.metrics.includes(second.text)) {
      const problem = `\`${first.text}\` has no metric \`${second.text}\``;
      reportUnknown(checking, unknownName, second, problem, meaning.metrics);
      return broken;
    }
    return { kind: 'metric' };
  }
  switch (meaning.kind) {
    case 'model':
      return { kind: 'tensor', value: sourceValue(meaning.source, expr, 1) };
    case 'adapter':
      return {
        kind: 'tensor',
        value: { ...sourceValue(meaning.source, expr, 0), later: 'adapters' },
      };
    case 'step':
    case 'search': {
      const { step } = meaning;
      if (step.value.kind === 'broken' && step.value.later === undefined) return broken;
      return { kind: 'tensor', value: stepValue(step, expr) };
    }
    case 'let':
      return letContents(meaning.holds, expr);
    case 'param':
      return meaning.curve === undefined ? broken : { kind: 'number', curve: meaning.curve };
    case 'stats':
      return { kind: 'stats' };
    case 'mask':
      return { kind: 'mask' };
    case 'place':
      return { kind: 'place' };
    case 'evaluate':
      return { kind: 'metric' };
    case 'sweep':
      return { kind: 'table' };
    case 'module':
    case 'broken':
      return broken;
  }
}

function letContents(
  holds: LetContents,
  span: Span,
): Quantity {
  switch (holds.kind) {
    case 'number':
      return { kind: 'number', curve: holds.curve };
    case 'tensor':
      return { kind: 'tensor', value: { ...holds.value, span: spanOf(span) } };
    case 'mask':
    case 'text':
    case 'bytes':
    case 'duration':
    case 'boolean':
    case 'list':
    case 'map':
      return { kind: holds.kind };
  }
}

function sourceValue(
  source: Source,
  span: Span,
  share: number,
): TensorValue {
  const { signature } = source;
  return {
    kind: 'source',
    source,
    span: spanOf(span),
    share,
    ...(signature === undefined ? {} : { signature }),
  };
}

export function stepValue(step: Step, span: Span): TensorValue {
  const { share, signature } = step.value;
  const later = laterOfStep(step);
  return {
    kind: 'step',
    step,
    span: spanOf(span),
    share,
    ...(signature === undefined ? {} : { signature }),
    ...(later === undefined ? {} : { later }),
  };
}

/** Why a step runs later: its own value, or what a rule takes. */
export function laterOfStep(step: Step): string | undefined {
  if (step.value.later !== undefined) return step.value.later;
  for (const { actions } of step.rules) {
    for (const action of actions) {
      if (action.kind === 'take' && action.value.later !== undefined) return action.value.later;
    }
  }
  return undefined;
}

function called(checking: Checking, expr: Call): Quantity {
  const [first, second] = expr.callee.parts;
  if (first === undefined) return broken;
  if (second !== undefined) {
    if (resolve(checking, first)?.meaning.kind !== 'module') return broken;
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
  if (checking.open) return broken;
  const names = [...checking.catalogue.keys(), 'stack', ...curveFunctions];
  reportUnknown(checking, unknownMethod, first, `no function is called \`${first.text}\``, names);
  return broken;
}

function negated(checking: Checking, operand: Expr, span: Span): Quantity {
  const quantity = quantityOf(checking, operand);
  switch (quantity.kind) {
    case 'number':
      return {
        kind: 'number',
        curve:
          quantity.curve.kind === 'constant'
            ? constant(-quantity.curve.value)
            : { kind: 'arithmetic', operator: '*', left: constant(-1), right: quantity.curve },
      };
    case 'tensor': {
      const { value } = quantity;
      return {
        kind: 'tensor',
        value: {
          ...common([value], span, negatedShare(value.share)),
          ...signatureOf(value),
          kind: 'negated',
          value,
        },
      };
    }
    case 'broken':
      return broken;
    default:
      reportWrongType(checking, operand, 'a number, a Model or a Delta', quantity);
      return broken;
  }
}

function binary(checking: Checking, expr: Binary): Quantity {
  switch (expr.operator) {
    case '+':
    case '-':
      return sum(checking, expr);
    case '*':
      return product(checking, expr);
    case '/':
      return quotient(checking, expr);
    case '&':
    case '|':
    case 'except': {
      const left = quantityOfOperand(checking, expr.left);
      const right = quantityOfOperand(checking, expr.right);
      if (left.kind === 'broken' || right.kind === 'broken') return broken;
      if (left.kind === 'mask' || right.kind === 'mask') return { kind: 'mask' };
      return { kind: left.kind === 'condition' ? 'condition' : 'place' };
    }
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '==':
    case '!=':
      return { kind: 'condition' };
  }
}

/** Text in a set of tensors is a pattern, so that it is not reported as a source. */
function quantityOfOperand(checking: Checking, expr: Expr): Quantity {
  return bare(expr).kind === 'text' ? { kind: 'place' } : quantityOf(checking, expr);
}

interface Term {
  readonly negative: boolean;
  readonly expr: Expr;
  readonly quantity: Quantity;
}

/** `a + b - c` is one row of terms, in reading order. */
function sum(checking: Checking, expr: Binary): Quantity {
  const written: { readonly negative: boolean; readonly expr: Expr }[] = [];
  let at: Expr = expr;
  while (at.kind === 'binary' && (at.operator === '+' || at.operator === '-')) {
    written.unshift({ negative: at.operator === '-', expr: at.right });
    at = at.left;
  }
  written.unshift({ negative: false, expr: at });
  const terms = written.map(
    (term): Term => ({ ...term, quantity: quantityOf(checking, term.expr) }),
  );
  if (terms.some(({ quantity }) => quantity.kind === 'broken')) return broken;
  const wantsTensors = terms.some(({ quantity }) => quantity.kind === 'tensor');
  const odd = terms.find(({ quantity }) => quantity.kind !== (wantsTensors ? 'tensor' : 'number'));
  if (odd !== undefined) {
    if (odd.quantity.kind === 'number') {
      const written = quoted(checking, odd.expr);
      const message = `${written} is a number, and only tensors are added to tensors: a number scales them, \`k * x\`.`;
      report(checking, tensorArithmetic, odd.expr, message);
    } else {
      const wanted = wantsTensors ? 'a Model or a Delta' : 'a number';
      reportWrongType(checking, odd.expr, wanted, odd.quantity);
    }
    return broken;
  }
  if (!wantsTensors) return { kind: 'number', curve: sumOfNumbers(terms) };
  return { kind: 'tensor', value: sumOfTensors(checking, terms, expr) };
}

function sumOfNumbers(terms: readonly Term[]): Curve {
  const curves = terms.flatMap(({ negative, quantity }) =>
    quantity.kind === 'number' ? [{ negative, curve: quantity.curve }] : [],
  );
  const [first, ...others] = curves;
  return others.reduce<Curve>(
    (left, { negative, curve }) =>
      folded({ kind: 'arithmetic', operator: negative ? '-' : '+', left, right: curve }),
    first!.curve,
  );
}

function sumOfTensors(checking: Checking, terms: readonly Term[], span: Span): TensorValue {
  const values = terms.flatMap(({ negative, expr, quantity }) =>
    quantity.kind === 'tensor'
      ? [{ negative, value: { ...quantity.value, span: spanOf(expr) } }]
      : [],
  );
  const operands = values.map(({ value }) => value);
  const share = values.reduce<number | Curve>(
    (total, { negative, value }) =>
      addShares(total, negative ? negatedShare(value.share) : value.share),
    0,
  );
  const reference = referenceAmong(operands);
  meetAll(checking, reference, operands);
  return {
    ...common(operands, span, share),
    ...signatureOf(reference),
    kind: 'sum',
    terms: values,
  };
}

function product(checking: Checking, expr: Binary): Quantity {
  const left = quantityOf(checking, expr.left);
  const right = quantityOf(checking, expr.right);
  if (left.kind === 'broken' || right.kind === 'broken') return broken;
  if (left.kind === 'number' && right.kind === 'number') {
    const curve = { kind: 'arithmetic', operator: '*', left: left.curve, right: right.curve };
    return { kind: 'number', curve: folded(curve as Curve) };
  }
  if (left.kind === 'number' && right.kind === 'tensor') {
    return scaled(checking, left.curve, right.value, { divide: false }, expr);
  }
  if (left.kind === 'tensor' && right.kind === 'number') {
    return scaled(checking, right.curve, left.value, { divide: false }, expr);
  }
  if (left.kind === 'mask' || right.kind === 'mask') return masked(checking, expr, left, right);
  if (left.kind === 'tensor' && right.kind === 'tensor') {
    const [a, b] = [quoted(checking, expr.left), quoted(checking, expr.right)];
    const message = `${a} and ${b} are both tensors, and their product has no meaning: scale one of them by a number.`;
    report(checking, tensorArithmetic, expr, message);
    return broken;
  }
  const [odd, quantity] =
    left.kind === 'number' || left.kind === 'tensor'
      ? ([expr.right, right] as const)
      : ([expr.left, left] as const);
  reportWrongType(checking, odd, 'a number, a Model or a Delta', quantity);
  return broken;
}

/** `mask * delta` keeps what the mask keeps. */
function masked(checking: Checking, expr: Binary, left: Quantity, right: Quantity): Quantity {
  const [maskExpr, other, otherExpr] =
    left.kind === 'mask' ? [expr.left, right, expr.right] : [expr.right, left, expr.left];
  if (other.kind === 'mask') return { kind: 'mask' };
  if (other.kind !== 'tensor') {
    reportWrongType(checking, otherExpr, 'a Delta', other);
    return broken;
  }
  if (kindOf(other.value) === 'model') {
    const [mask, model] = [quoted(checking, maskExpr), quoted(checking, otherExpr)];
    const message = `A Mask keeps parts of a Delta, and ${model} is a Model: \`a + ${mask.slice(1, -1)} * (b - a)\`.`;
    report(checking, tensorArithmetic, otherExpr, message);
    return broken;
  }
  const value: TensorValue = {
    kind: 'broken',
    share: 0,
    later: 'masks',
    span: spanOf(expr),
    ...signatureOf(other.value),
  };
  return { kind: 'tensor', value };
}

function quotient(checking: Checking, expr: Binary): Quantity {
  const left = quantityOf(checking, expr.left);
  const right = quantityOf(checking, expr.right);
  if (left.kind === 'broken' || right.kind === 'broken') return broken;
  if (right.kind !== 'number') {
    if (right.kind === 'tensor') {
      const message = `${quoted(checking, expr.right)} is a tensor, and only numbers divide.`;
      report(checking, tensorArithmetic, expr.right, message);
    } else {
      reportWrongType(checking, expr.right, 'a number', right);
    }
    return broken;
  }
  if (right.curve.kind === 'constant' && right.curve.value === 0) {
    const message = `${quoted(checking, expr.left)} is divided by 0.`;
    report(checking, divisionByZero, expr.right, message);
    return broken;
  }
  if (left.kind === 'number') {
    const curve: Curve = {
      kind: 'arithmetic',
      operator: '/',
      left: left.curve,
      right: right.curve,
    };
    return { kind: 'number', curve: folded(curve) };
  }
  if (left.kind === 'tensor') {
    return scaled(checking, right.curve, left.value, { divide: true }, expr);
  }
  reportWrongType(checking, expr.left, 'a number, a Model or a Delta', left);
  return broken;
}

function scaled(
  checking: Checking,
  by: Curve,
  value: TensorValue,
  { divide }: { readonly divide: boolean },
  span: Span,
): Quantity {
  const factor = by.kind === 'constant' ? by.value : by;
  if (typeof factor === 'number' && !Number.isFinite(factor)) {
    report(checking, wrongType, span, `${quoted(checking, span)} scales by ${figure(factor)}.`);
    return broken;
  }
  return {
    kind: 'tensor',
    value: {
      ...common([value], span, scaledShare(value.share, factor, { divide })),
      ...signatureOf(value),
      kind: 'scaled',
      by: factor,
      divide,
      value,
    },
  };
}

/** What every tensor value has: its span, its share, and whether any operand runs later. */
export function common(
  operands: readonly TensorValue[],
  span: Span,
  share: number | Curve,
): { readonly span: Span; readonly share: number | Curve; readonly later?: string } {
  const later = operands.find((operand) => operand.later !== undefined)?.later;
  return { span: spanOf(span), share, ...(later === undefined ? {} : { later }) };
}

export function signatureOf(value: TensorValue | undefined): Pick<TensorValue, 'signature'> {
  return value?.signature === undefined ? {} : { signature: value.signature };
}

export function spanOf({ start, end }: Span): Span {
  return { start, end };
}
