/** `merge`: a step, its value and its rules. */
import { tooLarge } from '../diagnostics/mw3031-too-large.ts';
import type { Expr, MergeStatement } from '../syntax/tree.ts';
import { spanOf } from '../syntax/span.ts';
import { checkAdapters } from './adapters.ts';
import type { Step, TensorValue } from './checked.ts';
import { type Checking, type LetContents, quoted, report } from './checking.ts';
import { lintCalls } from './lints.ts';
import { takesIn } from './operands.ts';
import { tensorOf } from './quantity.ts';
import { lintRules } from './rule-lints.ts';
import { boundRules } from './rules.ts';
import { scopeAt } from './scopes.ts';
import { settled } from './share.ts';
import { isTooLarge, mostPieces, type Sized } from './size.ts';
import { type Found, declare, nameAmongAll } from './statement.ts';

export function checkMerge(checking: Checking, statement: MergeStatement, found: Found): void {
  const written =
    statement.value.kind === 'missing' ? undefined : tensorOf(checking, statement.value);
  const isWhole =
    written !== undefined && fits(checking, statement, { kind: 'tensor', value: written });
  const value = isWhole ? settled(checking, written) : undefined;
  const rules = boundRules(checking, statement, value);
  const step: Step = {
    name: nameAmongAll(checking, statement.name?.text ?? ''),
    statement,
    value: value ?? brokenValue(statement),
    rules,
    ...spanOf(statement),
  };
  if (value !== undefined) {
    lintCalls(checking, value, rules);
    checkAdapters(checking, value, rules);
    for (const take of takesIn(rules)) lintCalls(checking, take.value, []);
    if (value.kind === 'call' && value.signature !== undefined) {
      lintRules(checking, value.call, value.signature, rules);
    }
  }
  const { name } = statement;
  if (name !== undefined && !scopeAt(checking, name).declared.has(name.text)) {
    found.steps.push(step);
  }
  declare(checking, statement, statement.name, { kind: 'step', step });
}

/** Whether a value has no more pieces than may be walked; reported if not. */
export function fits(
  checking: Checking,
  { value }: { readonly value: Expr },
  sized: Sized | undefined,
): boolean {
  if (sized === undefined || !isTooLarge(sized)) return true;
  const message = `${quoted(checking, value)} is made of more than ${mostPieces} pieces.`;
  report(checking, tooLarge, value, message);
  return false;
}

export function sizedLet(holds: LetContents): Sized | undefined {
  switch (holds.kind) {
    case 'number':
      return { kind: 'curve', curve: holds.curve };
    case 'tensor':
      return { kind: 'tensor', value: holds.value };
    case 'mask':
    case 'text':
    case 'bytes':
    case 'duration':
    case 'boolean':
    case 'list':
    case 'map':
      return undefined;
  }
}

function brokenValue(statement: MergeStatement): TensorValue {
  return { kind: 'broken', share: 1, span: spanOf(statement.value) };
}
