/** `expect`: a condition over measures, with the base of every model found. */
import { unknownMeasure } from '../diagnostics/mw2010-unknown-measure.ts';
import { curveNotAllowed } from '../diagnostics/mw3014-curve-not-allowed.ts';
import { decidedAlready } from '../diagnostics/mw3123-decided-already.ts';
import { condition as conditionKind } from '../diagnostics/mw3025-condition.ts';
import type { Binary, ExpectStatement, Expr } from '../syntax/tree.ts';
import { spanOf } from '../syntax/span.ts';
import type { Condition, Expectation, Figure, Step } from './checked.ts';
import { bare, type Checking, quoted, report, reportUnknown, textAt } from './checking.ts';
import { measureOf } from './measure-call.ts';
import { measures } from './measures.ts';
import { numberOf } from './quantity.ts';
import { scopeAt } from './scopes.ts';

export function boundExpectation(
  checking: Checking,
  statement: ExpectStatement,
): Expectation | undefined {
  const condition = conditionOf(checking, statement.condition);
  const step = condition && stepOfCondition(condition);
  if (condition === undefined || step === undefined) return undefined;
  const text = textAt(checking, statement.condition);
  return { text, condition, step, ...spanOf(statement) };
}

function stepOfCondition(condition: Condition): Step | undefined {
  switch (condition.kind) {
    case 'finite':
      return condition.step;
    case 'and':
    case 'or':
      return stepOfCondition(condition.left) ?? stepOfCondition(condition.right);
    case 'compare':
      return stepOfFigure(condition.left) ?? stepOfFigure(condition.right);
  }
}

function stepOfFigure(figure: Figure): Step | undefined {
  switch (figure.kind) {
    case 'number':
      return undefined;
    case 'measure':
      return figure.measure.step;
    case 'arithmetic':
      return stepOfFigure(figure.left) ?? stepOfFigure(figure.right);
    case 'negated':
      return stepOfFigure(figure.operand);
  }
}

function conditionOf(checking: Checking, written: Expr): Condition | undefined {
  const expr = bare(written);
  if (expr.kind === 'missing') return undefined;
  if (expr.kind === 'binary') {
    switch (expr.operator) {
      case '&':
      case '|': {
        const left = conditionOf(checking, expr.left);
        const right = conditionOf(checking, expr.right);
        if (left === undefined || right === undefined) return undefined;
        return { kind: expr.operator === '&' ? 'and' : 'or', left, right };
      }
      case '<':
      case '<=':
      case '>':
      case '>=':
      case '==':
      case '!=':
        return comparison(checking, expr, expr.operator);
      case 'except':
      case '+':
      case '-':
      case '*':
      case '/':
        break;
    }
  }
  if (expr.kind === 'call' && expr.callee.parts[0]?.text === 'finite') {
    const measure = measureOf(checking, expr, measures.get('finite')!);
    return measure && { kind: 'finite', step: measure.step };
  }
  const figure = figureOf(checking, expr);
  if (figure === undefined) return undefined;
  const message = `${quoted(checking, written)} is no condition: compare it, \`${quoted(checking, written).slice(1, -1)} < 120%\`, or say \`finite(step)\`.`;
  report(checking, conditionKind, written, message);
  return undefined;
}

function comparison(checking: Checking, expr: Binary, operator: Comparison): Condition | undefined {
  const left = figureOf(checking, expr.left);
  const right = figureOf(checking, expr.right);
  if (left === undefined || right === undefined) return undefined;
  if (stepOfFigure(left) === undefined && stepOfFigure(right) === undefined) {
    const message = `${quoted(checking, expr)} compares no measure of a step.`;
    report(checking, conditionKind, expr, message);
    return undefined;
  }
  lintDecided(checking, expr, operator, left, right);
  return { kind: 'compare', operator, left, right };
}

/** A measure has ends, and a comparison past them holds or fails whatever the models are. */
function lintDecided(
  checking: Checking,
  expr: Binary,
  operator: Comparison,
  left: Figure,
  right: Figure,
): void {
  const isTurned = left.kind === 'number';
  const [figure, bound] = isTurned ? [right, left] : [left, right];
  if (figure.kind !== 'measure' || bound.kind !== 'number') return;
  const range = measures.get(figure.measure.measure)?.range;
  if (range === undefined) return;
  const holds = verdictWithin(isTurned ? turned[operator] : operator, range, bound.value);
  if (holds === undefined) return;
  const [least, most] = range;
  const ends = most === Infinity ? `at least ${least}` : `between ${least} and ${most}`;
  const message = `\`${figure.measure.measure}\` is ${ends}, so that this ${holds ? 'always' : 'never'} holds.`;
  report(checking, decidedAlready, expr, message);
}

type Comparison = Extract<Condition, { readonly kind: 'compare' }>['operator'];

const turned: Readonly<Record<Comparison, Comparison>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '==': '==',
  '!=': '!=',
};

function verdictWithin(
  operator: Comparison,
  [least, most]: readonly [number, number],
  bound: number,
): boolean | undefined {
  switch (operator) {
    case '<':
      return bound > most ? true : bound <= least ? false : undefined;
    case '<=':
      return bound >= most ? true : bound < least ? false : undefined;
    case '>':
      return bound < least ? true : bound >= most ? false : undefined;
    case '>=':
      return bound <= least ? true : bound > most ? false : undefined;
    case '==':
      return bound < least || bound > most ? false : undefined;
    case '!=':
      return bound < least || bound > most ? true : undefined;
  }
}

function figureOf(checking: Checking, written: Expr): Figure | undefined {
  const expr = bare(written);
  if (expr.kind === 'negation') {
    const operand = figureOf(checking, expr.operand);
    return operand && { kind: 'negated', operand };
  }
  if (expr.kind === 'binary' && isArithmetic(expr.operator)) {
    const left = figureOf(checking, expr.left);
    const right = figureOf(checking, expr.right);
    if (left === undefined || right === undefined) return undefined;
    return { kind: 'arithmetic', operator: expr.operator, left, right };
  }
  if (expr.kind === 'call') {
    const callee = expr.callee.parts[0];
    const measure = measures.get(callee?.text ?? '');
    if (measure?.name === 'finite') {
      report(
        checking,
        conditionKind,
        expr,
        '`finite` holds or does not: it is no number to compare.',
      );
      return undefined;
    }
    if (measure !== undefined) {
      const bound = measureOf(checking, expr, measure);
      return bound && { kind: 'measure', measure: bound };
    }
    const isNumber = ['sqrt', 'abs', 'min', 'max', 'curve', 'profile'].includes(callee?.text ?? '');
    if (!isNumber) {
      if (callee === undefined || scopeAt(checking, callee).open) return undefined;
      const problem = `no measure is called \`${callee.text}\``;
      reportUnknown(checking, unknownMeasure, callee, problem, measures.keys());
      return undefined;
    }
  }
  const curve = numberOf(checking, written, 'a measure or a number');
  if (curve === undefined) return undefined;
  if (curve.kind === 'constant') return { kind: 'number', value: curve.value };
  const message = `${quoted(checking, written)} is a curve; a measure is compared with one number.`;
  report(checking, curveNotAllowed, written, message);
  return undefined;
}

function isArithmetic(operator: Binary['operator']): operator is '+' | '-' | '*' | '/' {
  return operator === '+' || operator === '-' || operator === '*' || operator === '/';
}
