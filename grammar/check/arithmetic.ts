/** Sums, products and quotients of numbers, tensors and masks. */
import { wrongType } from '../diagnostics/mw3001-wrong-type.ts';
import { tensorArithmetic } from '../diagnostics/mw3015-tensor-arithmetic.ts';
import { divisionByZero } from '../diagnostics/mw3024-division-by-zero.ts';
import { type Span, spanOf } from '../syntax/span.ts';
import type { Binary, Expr } from '../syntax/tree.ts';
import type { TensorValue } from './checked.ts';
import { bare, type Checking, figure, quoted, report } from './checking.ts';
import { constant, folded, hasProfile } from './curve.ts';
import { type Quantity, broken, quantityOf, reportWrongType } from './quantity.ts';
import { addShares, kindOf, negatedShare, scaledShare } from './share.ts';
import { meetAll, referenceAmong } from './signatures.ts';
import { common, profiles, signatureOf } from './tensor-value.ts';
import type { Curve } from './value.ts';

export function negated(checking: Checking, operand: Expr, span: Span): Quantity {
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

export function binary(checking: Checking, expr: Binary): Quantity {
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
  const terms = written.map((term): Term => ({
    ...term,
    quantity: quantityOf(checking, term.expr),
  }));
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
      ...(hasProfile(by) ? { later: profiles } : {}),
      ...signatureOf(value),
      kind: 'scaled',
      by: factor,
      divide,
      value,
    },
  };
}
