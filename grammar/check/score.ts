/** What a sweep notes and a search climbs: metrics of evaluations and measures, calculated with. */
import { wrongType } from '../diagnostics/mw3001-wrong-type.ts';
import type { Expr } from '../syntax/tree.ts';
import { bare, type Checking, quoted, report } from './checking.ts';
import { measureOf } from './measure-call.ts';
import { measures } from './measures.ts';
import { quantityOf, reportWrongType } from './quantity.ts';
import { wholeDeclarationOf } from './scopes.ts';

export function checkScore(checking: Checking, expr: Expr): void {
  if (!hasScore(checking, expr)) {
    const message = `${quoted(checking, expr)} is the same for every try: here stands a metric, \`name.metric\`, or a measure.`;
    report(checking, wrongType, expr, message);
  }
}

/** Whether an expression reads a metric or a measure; what is neither, nor a number, is reported and counts as one. */
function hasScore(checking: Checking, written: Expr): boolean {
  const expr = bare(written);
  switch (expr.kind) {
    case 'negation':
      return hasScore(checking, expr.operand);
    case 'binary': {
      const isArithmetic = ['+', '-', '*', '/'].includes(expr.operator);
      if (!isArithmetic) break;
      const [left, right] = [hasScore(checking, expr.left), hasScore(checking, expr.right)];
      return left || right;
    }
    case 'call': {
      const measure = measures.get(expr.callee.parts[0]?.text ?? '');
      if (measure === undefined) break;
      measureOf(checking, expr, measure);
      return true;
    }
    default:
      break;
  }
  const quantity = quantityOf(checking, expr);
  if (quantity.kind === 'metric') {
    checkMetric(checking, expr);
    return true;
  }
  if (quantity.kind === 'number') return false;
  reportWrongType(checking, expr, 'a metric, a measure or a number', quantity);
  return true;
}

/** An evaluation of several metrics is no single score. */
function checkMetric(checking: Checking, expr: Expr): void {
  if (expr.kind !== 'reference') return;
  const found = wholeDeclarationOf(checking, expr.path);
  if (found?.declaration.meaning.kind !== 'evaluate') return;
  const { metrics } = found.declaration.meaning;
  if (metrics === undefined || metrics.length < 2) return;
  const all = metrics.map((metric) => `\`${found.name}.${metric}\``).join(', ');
  report(checking, wrongType, expr, `\`${found.name}\` has several metrics: ${all}.`);
}
