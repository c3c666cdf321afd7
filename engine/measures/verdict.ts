/** Conditions over figures: they hold, are broken, or a sample cannot tell. */
import type { Condition, Figure, MeasureCall, Step } from '../../grammar/check/checked.ts';
import { combined, constantEstimate, standardError, type Estimate } from './estimate.ts';

export type Verdict = 'held' | 'broken' | 'undecided';

/** Where a condition's figures come from. */
export interface Figures {
  readonly measure: (call: MeasureCall) => Estimate;
  /** How many values of the step are no finite numbers. */
  readonly nonFinite: (step: Step) => Estimate;
}

/** A figure within so many standard errors of what it is compared with is not told from it. */
const errorsApart = 2;

export function verdictOn(condition: Condition, figures: Figures): Verdict {
  switch (condition.kind) {
    case 'finite': {
      const found = figures.nonFinite(condition.step);
      if (found.value !== 0) return 'broken';
      return found.resampled === undefined ? 'held' : 'undecided';
    }
    case 'and':
    case 'or': {
      const [left, right] = [condition.left, condition.right].map((one) => verdictOn(one, figures));
      const decisive: Verdict = condition.kind === 'and' ? 'broken' : 'held';
      if (left === decisive || right === decisive) return decisive;
      return left === 'undecided' || right === 'undecided' ? 'undecided' : left!;
    }
    case 'compare':
      return compare(
        condition.operator,
        figureOf(condition.left, figures),
        figureOf(condition.right, figures),
      );
  }
}

function figureOf(figure: Figure, figures: Figures): Estimate {
  switch (figure.kind) {
    case 'number':
      return constantEstimate(figure.value);
    case 'measure':
      return figures.measure(figure.measure);
    case 'negated':
      return combined(constantEstimate(0), figureOf(figure.operand, figures), (a, b) => a - b);
    case 'arithmetic':
      return combined(
        figureOf(figure.left, figures),
        figureOf(figure.right, figures),
        operations[figure.operator],
      );
  }
}

const operations = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
} as const satisfies Readonly<Record<string, (a: number, b: number) => number>>;

type Operator = (Condition & { readonly kind: 'compare' })['operator'];

function compare(operator: Operator, left: Estimate, right: Estimate): Verdict {
  if (left.value === undefined || right.value === undefined) return 'broken';
  const holds = isTrue(operator, left.value, right.value);
  const apart = combined(left, right, (a, b) => a - b);
  const error = standardError(apart) ?? 0;
  if (error > 0 && Math.abs(left.value - right.value) <= errorsApart * error) return 'undecided';
  return holds ? 'held' : 'broken';
}

function isTrue(operator: Operator, left: number, right: number): boolean {
  switch (operator) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    case '==':
      return left === right;
    case '!=':
      return left !== right;
  }
}

/** Every measure of a condition, in reading order. */
export function measuresOf(condition: Condition): readonly MeasureCall[] {
  switch (condition.kind) {
    case 'finite':
      return [];
    case 'and':
    case 'or':
      return [...measuresOf(condition.left), ...measuresOf(condition.right)];
    case 'compare':
      return [...measuresIn(condition.left), ...measuresIn(condition.right)];
  }
}

function measuresIn(figure: Figure): readonly MeasureCall[] {
  switch (figure.kind) {
    case 'number':
      return [];
    case 'measure':
      return [figure.measure];
    case 'negated':
      return measuresIn(figure.operand);
    case 'arithmetic':
      return [...measuresIn(figure.left), ...measuresIn(figure.right)];
  }
}

/** The steps whose values a condition asks to be finite, in reading order. */
export function finiteStepsOf(condition: Condition): readonly Step[] {
  switch (condition.kind) {
    case 'finite':
      return [condition.step];
    case 'and':
    case 'or':
      return [...finiteStepsOf(condition.left), ...finiteStepsOf(condition.right)];
    case 'compare':
      return [];
  }
}
