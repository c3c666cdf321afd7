/** `evaluate`, `sweep` and `search`: names and functions are checked, running comes later. */
import { unknownMethod } from '../diagnostics/mw2002-unknown-method.ts';
import { wrongType } from '../diagnostics/mw3001-wrong-type.ts';
import type { Expr, SearchStatement } from '../syntax/tree.ts';
import {
  bare,
  type Checking,
  literalOf,
  quoted,
  report,
  reportLater,
  reportUnknown,
} from './checking.ts';
import { checkNames } from './loose-names.ts';

const functions = {
  evaluate: ['command'],
  sweep: ['grid', 'random'],
  search: ['cma_es', 'random'],
} as const satisfies Record<SearchStatement['kind'], readonly string[]>;

const titles = {
  evaluate: 'Evaluations',
  sweep: 'Sweeps',
  search: 'Searches',
} as const satisfies Record<SearchStatement['kind'], string>;

/** The metrics of an `evaluate`, where they are written out. */
export function checkSearch(
  checking: Checking,
  statement: SearchStatement,
): readonly string[] | undefined {
  reportLater(checking, statement.word, `${titles[statement.kind]} are`);
  const call = bare(statement.value);
  if (call.kind === 'missing') return undefined;
  const known: readonly string[] = functions[statement.kind];
  if (call.kind !== 'call') {
    const example = `\`${known[0]}(…)\``;
    const message = `${quoted(checking, call)} is no call; here stands ${example}.`;
    report(checking, wrongType, call, message);
    return undefined;
  }
  const callee = call.callee.parts[0];
  if (callee !== undefined && call.callee.parts.length === 1 && !known.includes(callee.text)) {
    const problem = `\`${callee.text}\` is no way to ${statement.kind}`;
    reportUnknown(checking, unknownMethod, callee, problem, known);
  }
  for (const arg of call.args) checkNames(checking, arg.value);
  const metrics = call.args.find((arg) => arg.kind === 'argument' && arg.name?.text === 'metrics');
  return metrics === undefined ? undefined : textsOf(checking, metrics.value);
}

function textsOf(checking: Checking, expr: Expr): readonly string[] | undefined {
  const list = literalOf(checking, expr);
  if (list.kind !== 'list') return undefined;
  const texts = list.items.map(({ value }) => bare(value));
  const known = texts.flatMap((text) => (text.kind === 'text' ? [text.value] : []));
  return known.length === texts.length ? known : undefined;
}
