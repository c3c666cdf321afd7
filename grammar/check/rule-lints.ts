/** Settings that change nothing: on tensors that are taken, or set again on every tensor of their place. */
import { winsNowhere } from '../diagnostics/mw4112-wins-nowhere.ts';
import { settingOnTaken } from '../diagnostics/mw4113-setting-on-taken.ts';
import { classesOf } from '../places/classes.ts';
import type { Signature } from '../places/signature.ts';
import type { BoundAction, BoundRule, MethodCall } from './checked.ts';
import { type Checking, quoted, report } from './checking.ts';
import { parameterNamed } from './parameters.ts';
import { valueForInput } from './settle.ts';

type SetAction = Extract<BoundAction, { readonly kind: 'set' }>;

export function lintRules(
  checking: Checking,
  call: MethodCall,
  signature: Signature,
  rules: readonly BoundRule[],
): void {
  const winners = new Set<SetAction>();
  /** For an action that is overridden somewhere: a later one that does so. */
  const overriding = new Map<SetAction, SetAction>();
  const untaken = new Set<SetAction>();
  for (const applied of combinations(signature, rules)) {
    const isTaken = applied.some(({ actions }) => actions.some(({ kind }) => kind === 'take'));
    if (isTaken) continue;
    const last = new Map<string, SetAction>();
    for (const action of applied.flatMap(({ actions }) => actions)) {
      if (action.kind !== 'set') continue;
      untaken.add(action);
      for (const slot of slotsOf(call, action)) {
        const before = last.get(slot);
        if (before !== undefined && before !== action) overriding.set(before, action);
        last.set(slot, action);
      }
    }
    for (const action of last.values()) winners.add(action);
  }
  for (const { actions, tensors } of rules) {
    if (tensors === undefined || tensors.size === 0) continue;
    for (const action of actions) {
      if (action.kind !== 'set' || winners.has(action)) continue;
      const written = quoted(checking, action);
      if (!untaken.has(action)) {
        const message = `${written} does nothing: every tensor of its place is taken.`;
        report(checking, settingOnTaken, action, message);
        continue;
      }
      const later = overriding.get(action);
      if (later === undefined) continue;
      const message = `${written} wins nowhere: later lines set the same on every tensor of its place.`;
      report(checking, winsNowhere, action, message, {
        related: [{ start: later.start, end: later.end, message: 'set again here' }],
      });
    }
  }
}

/** The rules that meet on some tensor, each combination once. */
function combinations(
  signature: Signature,
  rules: readonly BoundRule[],
): readonly (readonly BoundRule[])[] {
  const sets = rules.map(({ tensors }) => tensors);
  return classesOf(signature, sets, 'sets').map(({ within }) =>
    rules.filter((_, index) => within[index]),
  );
}

/** The values an action sets: one for each expert it speaks of. */
function slotsOf(call: MethodCall, action: SetAction): readonly string[] {
  const parameter = parameterNamed(call.method, action.parameter);
  if (parameter?.byModel !== true) return [action.parameter];
  return call.inputs.flatMap((expert, input) => {
    const isNamed = action.expert === undefined || action.expert === expert.name;
    const value = isNamed ? valueForInput(action.value, parameter, input, expert.name) : undefined;
    return value === undefined ? [] : [`${action.parameter} ${input}`];
  });
}
