/** Names within forms whose types are not checked yet: rows of tokens, grids, searches. */
import { unknownMethod } from '../diagnostics/mw2002-unknown-method.ts';
import { unknownName } from '../diagnostics/mw2001-unknown-name.ts';
import type { Expr, Reference } from '../syntax/tree.ts';
import { type Checking, reportUnknown } from './checking.ts';
import { curveFunctions } from './curve-call.ts';
import { formNames, looseWords } from './loose-words.ts';
import { declarationOf, resolvePath, scopeAt } from './scopes.ts';

/** Reports every name and function that nothing declares; words of choices pass. */
export function checkNames(checking: Checking, expr: Expr): void {
  switch (expr.kind) {
    case 'reference':
      checkReference(checking, expr);
      return;
    case 'call': {
      const [callee] = expr.callee.parts;
      const isKnown =
        callee === undefined ||
        expr.callee.parts.length > 1 ||
        scopeAt(checking, callee).open ||
        callee.text === 'stack' ||
        formNames.has(callee.text) ||
        curveFunctions.has(callee.text) ||
        checking.catalogue.has(callee.text);
      if (!isKnown) {
        const problem = `no function is called \`${callee.text}\``;
        const names = [...formNames, ...checking.catalogue.keys()];
        reportUnknown(checking, unknownMethod, callee, problem, names);
      }
      for (const arg of expr.args) checkNames(checking, arg.value);
      return;
    }
    case 'list':
      for (const item of expr.items) checkNames(checking, item.value);
      return;
    case 'map':
      for (const entry of expr.entries) checkNames(checking, entry.value);
      return;
    case 'binary':
      checkNames(checking, expr.left);
      checkNames(checking, expr.right);
      return;
    case 'negation':
      checkNames(checking, expr.operand);
      return;
    case 'range':
      checkNames(checking, expr.from);
      checkNames(checking, expr.to);
      if (expr.step !== undefined) checkNames(checking, expr.step);
      return;
    case 'layersOf':
      checkNames(checking, expr.range);
      return;
    case 'index':
      checkNames(checking, expr.value);
      checkNames(checking, expr.layers);
      return;
    case 'parenthesised':
      checkNames(checking, expr.inner);
      return;
    case 'number':
    case 'bytes':
    case 'duration':
    case 'text':
    case 'boolean':
    case 'missing':
      return;
  }
}

function checkReference(checking: Checking, { path }: Reference): void {
  const [name, member] = path.parts;
  if (name === undefined) return;
  if (member === undefined && declarationOf(checking, path) === undefined) {
    if (looseWords(checking.catalogue).has(name.text)) return;
  }
  const found = resolvePath(checking, path, { alsoPlaces: true });
  const metric = found?.rest[0];
  if (found?.declaration.meaning.kind !== 'evaluate' || metric === undefined) return;
  const { metrics } = found.declaration.meaning;
  if (metrics === undefined || metrics.includes(metric.text)) return;
  const problem = `\`${found.name}\` has no metric \`${metric.text}\``;
  reportUnknown(checking, unknownName, metric, problem, metrics);
}
