/** Adapters that a recipe makes: what they are made of, and that nothing is computed with them. */
import { adapterAmongOperands } from '../diagnostics/mw3035-adapter-among-operands.ts';
import { rankMissing } from '../diagnostics/mw3036-rank-missing.ts';
import type { Span } from '../syntax/span.ts';
import type { BoundRule, MethodCall, TensorValue } from './checked.ts';
import { type Checking, quoted, report } from './checking.ts';
import { operandsOf, takesIn, valuesOf } from './operands.ts';

/** The call that makes a value an adapter, through names of steps. */
export function adapterCall(value: TensorValue): MethodCall | undefined {
  if (value.kind === 'step') return adapterCall(value.step.value);
  return value.kind === 'call' && value.call.method.makes === 'adapter' ? value.call : undefined;
}

/** A step's value and rules: an adapter stands outermost, or not at all. */
export function checkAdapters(
  checking: Checking,
  value: TensorValue,
  rules: readonly BoundRule[],
): void {
  const takes = takesIn(rules);
  if (adapterCall(value) === undefined) refuseWithin(checking, value);
  else {
    for (const { start, end } of takes) {
      const message =
        'An adapter takes no tensors from elsewhere: write the `take` in a step of the Delta that it is made of.';
      report(checking, adapterAmongOperands, { start, end }, message);
    }
    if (value.kind === 'call') checkMade(checking, value.call);
  }
  for (const take of takes) refuseWithin(checking, take.value);
}

function checkMade(checking: Checking, call: MethodCall): void {
  for (const { value } of call.inputs) refuseWithin(checking, value);
  const rank = call.args.get('rank');
  if (rank !== undefined && !(rank.kind === 'number' && rank.value === 0)) return;
  for (const { value, span } of call.inputs) {
    if (value.later !== undefined || isOfAdapters(value)) continue;
    const message = `${quoted(checking, span)} is no sum of adapters, and has no factors to lay side by side: \`rank: 32\` says how many are made of it.`;
    report(checking, rankMissing, span, message);
  }
}

/** Reports every adapter that a recipe makes in what it computes. */
function refuseWithin(checking: Checking, value: TensorValue): void {
  if (adapterCall(value) !== undefined) return refuseAdapter(checking, value.span);
  for (const operand of operandsOf(value)) refuseWithin(checking, operand);
}

export function refuseAdapter(checking: Checking, span: Span): void {
  const message = `${quoted(checking, span)} is an adapter that this recipe makes, and no value: take the Delta that it is made of.`;
  report(checking, adapterAmongOperands, span, message);
}

/** Whether a value is a sum of adapters with factors known from the recipe: it has the factors of all of them. */
function isOfAdapters(value: TensorValue): boolean {
  switch (value.kind) {
    case 'source':
      return value.source.kind === 'adapter';
    case 'step':
      return valuesOf(value.step).every(isOfAdapters);
    case 'call': {
      const { method, compat, base } = value.call;
      const isSum = method.isLinear === true && compat === 'paper' && base === undefined;
      return isSum && operandsOf(value).every(isOfAdapters);
    }
    case 'sum':
    case 'scaled':
    case 'negated':
    case 'layers':
    case 'stack':
    // What could not be read is told already.
    case 'broken':
      return operandsOf(value).every(isOfAdapters);
  }
}
