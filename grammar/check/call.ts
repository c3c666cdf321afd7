/** A call of the catalogue: its inputs, its arguments, and what it gives. */
import type { MethodSignature } from '../catalogue.ts';
import { wholeScope } from '../diagnostics/mw3023-whole-scope.ts';
import { type Span, spanOf } from '../syntax/span.ts';
import type { Call } from '../syntax/tree.ts';
import { boundArguments, checkMissing, ownValues, writtenArguments } from './call-arguments.ts';
import { baseOf, checkTwice, expertOf, writtenInputs } from './call-inputs.ts';
import { shareOfResult } from './call-share.ts';
import type { Expert, MethodCall, TensorValue } from './checked.ts';
import { type Checking, quoted, report, reportLater } from './checking.ts';
import { checkOverDepth, type OverDepth } from './depth-check.ts';
import { isDropping, parameterNamed } from './parameters.ts';
import { depthsOf } from './share.ts';
import { meetAll } from './signatures.ts';
import { nameAmongAll } from './statement.ts';
import { common, profiles, signatureOf, valueHasProfile } from './tensor-value.ts';
import { partsOf, type Value } from './value.ts';

/** Undefined: something in it is broken, and reported. */
export function callOf(
  checking: Checking,
  call: Call,
  method: MethodSignature,
): TensorValue | undefined {
  if (method.later === true) {
    reportLater(checking, call.callee, `\`${method.name}\` is`);
  }
  const written = writtenArguments(checking, call, method);
  const input = writtenInputs(checking, call, method, written.positional);
  const base = input?.base === undefined ? undefined : baseOf(checking, input.base, method);
  const experts = input?.items.map((item) => expertOf(checking, item));
  const args = boundArguments(checking, written.named, method, experts);
  const own = input?.items.map((item, i) =>
    ownValues(checking, item, method, experts?.[i], written),
  );
  checkMissing(checking, call, method, { args, written, own, experts });
  if (experts !== undefined) checkTwice(checking, experts, method);
  if (input === undefined || experts === undefined) return undefined;
  if (input.base !== undefined && base === undefined) return undefined;

  const whole = experts.flatMap((expert, i): Expert[] => {
    if (expert.value === undefined) return [];
    const values = own?.[i];
    return [
      {
        value: expert.value,
        span: expert.span,
        ...(expert.name === undefined ? {} : { name: expert.name }),
        ...(values === undefined || values.size === 0 ? {} : { own: values }),
      },
    ];
  });
  if (whole.length < experts.length || whole.length === 0) return undefined;
  const share = shareOfResult(checking, method, base, whole);
  if (share === undefined) return undefined;
  const operands = whole.map(({ value }) => value);
  const reference = base ?? operands[0];
  meetAll(checking, reference, operands);

  const compat = args.get('compat');
  const bound: MethodCall = {
    id: nextId(checking),
    method,
    ...(base === undefined ? {} : { base }),
    inputs: whole,
    args,
    compat: compat?.kind === 'word' && compat.word === 'mergekit' ? 'mergekit' : 'paper',
    ...drawSlotOf(checking, call, method, args),
  };
  const value: TensorValue = {
    ...common(base === undefined ? operands : [base, ...operands], call, share),
    ...laterOf(method, args, whole),
    ...signatureOf(reference),
    kind: 'call',
    call: bound,
  };
  checkDepths(checking, bound, value, call.callee);
  checkWholeScope(checking, bound, call);
  return value;
}

/** The statement's name among those of all files, or where it stands. */
export function idPrefix(checking: Checking): string {
  const { statement } = checking;
  const name = statement !== undefined && 'name' in statement ? statement.name?.text : undefined;
  return `${nameAmongAll(checking, name ?? String(statement?.start ?? ''))}.`;
}

/** `expert.1`, `expert.2`: in reading order within a statement, inner calls first. */
function nextId(checking: Checking): string {
  checking.callCount += 1;
  return `${idPrefix(checking)}${checking.callCount}`;
}

function laterOf(
  method: MethodSignature,
  args: ReadonlyMap<string, Value>,
  experts: readonly Expert[],
): { readonly later?: string } {
  if (method.later === true) return { later: `\`${method.name}\`` };
  const own = experts.flatMap((expert) => [...(expert.own?.values() ?? [])]);
  return [...args.values(), ...own].some(valueHasProfile) ? { later: profiles } : {};
}

function drawSlotOf(
  checking: Checking,
  call: Call,
  method: MethodSignature,
  args: ReadonlyMap<string, Value>,
): { readonly drawSlot?: number } {
  if (method.random !== true) return {};
  checking.randomCallCount += 1;
  const seed = args.get('seed');
  if (checking.statement !== undefined && isDropping(method)) {
    checking.randomCalls.push({
      statement: checking.statement,
      method: method.name,
      seed: seed?.kind === 'number' ? seed.value : 0,
      span: spanOf(seed?.span ?? call.callee),
    });
  }
  return { drawSlot: checking.randomCallCount };
}

/** Ranges hold at every layer of the call's own result. */
function checkDepths(
  checking: Checking,
  call: MethodCall,
  { signature }: TensorValue,
  owner: Span,
): void {
  const over: OverDepth | undefined =
    signature === undefined
      ? undefined
      : { signature, depths: depthsOf(signature), compat: call.compat, owner };
  for (const [name, value] of call.args) {
    checkOverDepth(checking, value, parameterNamed(call.method, name)!, over);
  }
  for (const { own } of call.inputs) {
    for (const [name, value] of own ?? []) {
      checkOverDepth(checking, value, parameterNamed(call.method, name)!, over);
    }
  }
}

/** Over the whole model there is one threshold: no curve, and not with that tool's rules, which has no such scope. */
function checkWholeScope(checking: Checking, call: MethodCall, written: Call): void {
  const scope = call.args.get('scope');
  if (scope?.kind !== 'word' || scope.word !== 'whole') return;
  if (call.compat === 'mergekit') {
    const message = `\`compat: mergekit\` has no \`scope: whole\`: that tool trims tensor by tensor.`;
    report(checking, wholeScope, scope.span, message);
    return;
  }
  const density = call.args.get('density');
  const densities = [
    ...(density === undefined ? [] : partsOf(density)),
    ...call.inputs.flatMap(({ own }) => {
      const value = own?.get('density');
      return value === undefined ? [] : [value];
    }),
  ];
  const curve = densities.find(({ kind }) => kind === 'curve');
  if (curve === undefined) return;
  const message = `Under \`scope: whole\` a density holds for the whole step, and ${quoted(checking, curve.span)} varies over its layers.`;
  report(checking, wholeScope, curve.span, message, {
    related: [{ ...spanOf(written.callee), message: 'in this call' }],
  });
}
