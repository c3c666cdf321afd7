/** What stands in a call's parentheses before the named arguments: a base, ends, experts. */
import type { MethodSignature } from '../catalogue.ts';
import { edit } from '../diagnostics/finding.ts';
import { wrongType } from '../diagnostics/mw3001-wrong-type.ts';
import { inputs as inputsKind } from '../diagnostics/mw3008-inputs.ts';
import { expertTwice } from '../diagnostics/mw3009-expert-twice.ts';
import { type Span, spanOf } from '../syntax/span.ts';
import type { Call, Expr, Item, ListLiteral, MapLiteral, Spread } from '../syntax/tree.ts';
import type { ExpertSlot } from './argument-value.ts';
import type { TensorValue } from './checked.ts';
import { bare, type Checking, literalOf, quoted, report } from './checking.ts';
import { quantityOf, reportWrongType, tensorOf } from './quantity.ts';
import { writtenName } from './scopes.ts';
import { kindOf, settled } from './share.ts';

interface WrittenInputs {
  readonly base?: Expr;
  readonly items: readonly WrittenItem[];
}

export interface WrittenItem {
  readonly value: Expr;
  readonly own?: MapLiteral;
}

export function writtenInputs(
  checking: Checking,
  call: Call,
  method: MethodSignature,
  positional: readonly Expr[],
): WrittenInputs | undefined {
  const { inputs, name } = method;
  switch (inputs.kind) {
    case 'ends': {
      if (positional.length === inputs.names.length) {
        return { items: positional.map((value) => ({ value })) };
      }
      const form = `\`${name}(${inputs.names.join(', ')}, …)\``;
      return refuse(
        checking,
        call,
        positional,
        `${counted(inputs.names.length, 'model')}: ${form}`,
        method,
      );
    }
    case 'one':
      if (positional.length === 1) return { items: positional.map((value) => ({ value })) };
      return refuse(checking, call, positional, `one operand: \`${name}(${inputs.name})\``, method);
    case 'experts':
      return expertInputs(checking, call, method, positional, inputs);
  }
}

function refuse(
  checking: Checking,
  call: Call,
  positional: readonly Expr[],
  takes: string,
  { name }: MethodSignature,
): undefined {
  // An empty place for a value is a fault of the syntax, said already.
  if (positional.some(({ kind }) => kind === 'missing')) return;
  const surplus = positional.length === 0 ? call.callee : call;
  report(checking, inputsKind, surplus, `\`${name}\` takes ${takes}.`);
}

function expertInputs(
  checking: Checking,
  call: Call,
  method: MethodSignature,
  positional: readonly Expr[],
  inputs: Extract<MethodSignature['inputs'], { readonly kind: 'experts' }>,
): WrittenInputs | undefined {
  const { name } = method;
  const lists = positional.map((expr) => literalOf(checking, expr));
  const listAt = lists.findIndex(({ kind }) => kind === 'list');
  const list = lists[listAt];
  if (list?.kind !== 'list') {
    if (positional.some(({ kind }) => kind === 'missing')) return undefined;
    const first = positional[0];
    const form = inputs.base === 'required' ? `\`${name}(base, [a, b])\`` : `\`${name}([a, b])\``;
    const canWrap = inputs.base === 'none' && first !== undefined;
    report(
      checking,
      inputsKind,
      positional.length === 0 ? call.callee : { start: first!.start, end: positional.at(-1)!.end },
      `\`${name}\` takes its models as one list: ${form}.`,
      {
        fixes: canWrap
          ? [
              {
                title: 'Put brackets around the models',
                edits: [
                  edit({ start: first.start, end: first.start }, '['),
                  edit({ start: positional.at(-1)!.end, end: positional.at(-1)!.end }, ']'),
                ],
              },
            ]
          : [],
      },
    );
    return undefined;
  }
  const before = positional.slice(0, listAt);
  const after = positional.slice(listAt + 1);
  if (after.length > 0 || before.length > 1 || (inputs.base === 'none' && before.length > 0)) {
    const form = inputs.base === 'none' ? `\`${name}([a, b])\`` : `\`${name}(base, [a, b])\``;
    const odd = after[0] ?? before.at(-1) ?? call.callee;
    report(checking, inputsKind, odd, `\`${name}\` takes its models as ${form}, and no more.`);
    return undefined;
  }
  if (inputs.base === 'required' && before.length === 0) {
    const message = `\`${name}\` needs a base before its experts: \`${name}(base, [a, b])\`.`;
    report(checking, inputsKind, positional[0]!, message);
    return undefined;
  }
  const items = openedExperts(checking, list);
  const isTooFew = items.length < inputs.atLeast;
  if (isTooFew || items.length > (inputs.atMost ?? Infinity)) {
    const bound = isTooFew ? `at least ${inputs.atLeast}` : `at most ${inputs.atMost}`;
    report(
      checking,
      inputsKind,
      list,
      `\`${name}\` takes ${bound} ${inputs.atLeast === 1 && isTooFew ? 'expert' : 'experts'}, and here ${items.length === 1 ? 'is one' : `are ${items.length}`}.`,
    );
    return undefined;
  }
  const [base] = before;
  return { ...(base === undefined ? {} : { base }), items };
}

function openedExperts(checking: Checking, list: ListLiteral, depth = 0): readonly WrittenItem[] {
  return list.items.flatMap((item: Item | Spread): readonly WrittenItem[] => {
    if (item.kind === 'item') return [item];
    const inner = literalOf(checking, item.value);
    if (inner.kind === 'list' && depth < 100) return openedExperts(checking, inner, depth + 1);
    reportWrongType(checking, item.value, 'a list of models', quantityOf(checking, item.value));
    return [];
  });
}

function counted(count: number, noun: string): string {
  return count === 1 ? `one ${noun}` : `${count} ${noun}s`;
}

export function baseOf(
  checking: Checking,
  expr: Expr,
  { name }: MethodSignature,
): TensorValue | undefined {
  const value = tensorOf(checking, expr);
  const whole = value && settled(checking, value);
  if (whole === undefined) return undefined;
  if (kindOf(whole) !== 'delta') return whole;
  const message = `The base of \`${name}\` is a Model, and ${quoted(checking, expr)} is a Delta.`;
  report(checking, wrongType, expr, message);
  return undefined;
}

interface ReadExpert extends ExpertSlot {
  readonly value: TensorValue | undefined;
  readonly span: Span;
}

export function expertOf(checking: Checking, item: WrittenItem): ReadExpert {
  const at = bare(item.value);
  const name = at.kind === 'reference' ? writtenName(checking, at.path) : undefined;
  const value = tensorOf(checking, item.value);
  return {
    value: value && settled(checking, value),
    span: spanOf(item.value),
    ...(name === undefined ? {} : { name }),
  };
}

export function checkTwice(
  checking: Checking,
  experts: readonly ReadExpert[],
  method: MethodSignature,
): void {
  if (method.inputs.kind !== 'experts' || method.inputs.areSideBySide === true) return;
  const seen = new Map<string, ReadExpert>();
  for (const expert of experts) {
    if (expert.name === undefined) continue;
    const first = seen.get(expert.name);
    if (first !== undefined) {
      const message = `\`${expert.name}\` is an expert of this \`${method.name}\` twice; a weight says that more of it is meant.`;
      report(checking, expertTwice, expert.span, message, {
        related: [{ ...first.span, message: 'first here' }],
      });
    } else seen.set(expert.name, expert);
  }
}
