/** The rules of a step: places read in what the step gives out, settings of its outermost call, and takes. */
import type { Parameter } from '../catalogue.ts';
import { modelsAndDeltas } from '../diagnostics/mw3006-models-and-deltas.ts';
import { notByPlace } from '../diagnostics/mw3011-not-by-place.ts';
import { noOutermostCall } from '../diagnostics/mw3012-no-outermost-call.ts';
import { notByModel } from '../diagnostics/mw3013-not-by-model.ts';
import { wholeScope } from '../diagnostics/mw3023-whole-scope.ts';
import { emptyRule } from '../diagnostics/mw3119-empty-rule.ts';
import { setTwiceInRule } from '../diagnostics/mw3120-set-twice-in-rule.ts';
import { emptyPlace } from '../diagnostics/mw4102-empty-place.ts';
import { takeLacksTensors } from '../diagnostics/mw4109-take-lacks-tensors.ts';
import { anatomyOf } from '../places/anatomy.ts';
import { headersOf, sameShape } from '../places/cut.ts';
import { tensorsIn } from '../places/evaluate.ts';
import { isBroken, type Place } from '../places/place.ts';
import type { Signature } from '../places/signature.ts';
import { type Span, spanOf } from '../syntax/span.ts';
import type { MergeStatement, Name, Rule, Setting, Take } from '../syntax/tree.ts';
import { argumentValue, type ExpertSlot, isExpert } from './argument-value.ts';
import { placeOf } from './bind-place.ts';
import type { BoundAction, BoundRule, MethodCall, TensorValue } from './checked.ts';
import { bare, type Checking, quoted, report } from './checking.ts';
import type { Depth } from './curve.ts';
import { checkOverDepth } from './depth-check.ts';
import { depthOf, layoutOf } from './depth.ts';
import { reportUnknownParameter } from './other-tools.ts';
import { parameterNamed, parametersOf } from './parameters.ts';
import { reportPlaceFaults } from './place-faults.ts';
import { quantityOf, tensorOf } from './quantity.ts';
import { kindOf, settled } from './share.ts';
import { shapeText, tiedTo } from './signatures.ts';
import { singleValue } from './single-value.ts';

/** `value` absent: the step's head is broken; names in its rules are still looked up. */
export function boundRules(
  checking: Checking,
  statement: MergeStatement,
  value: TensorValue | undefined,
): readonly BoundRule[] {
  return statement.rules.map((rule) => boundRule(checking, rule, statement, value));
}

interface RuleAt {
  readonly statement: MergeStatement;
  readonly value: TensorValue | undefined;
  readonly call: MethodCall | undefined;
  readonly tensors: ReadonlySet<string> | undefined;
}

function boundRule(
  checking: Checking,
  rule: Rule,
  statement: MergeStatement,
  value: TensorValue | undefined,
): BoundRule {
  const place = placeOf(checking, rule.place);
  const tensors = tensorsOfRule(checking, place, rule, statement, value?.signature);
  // A name of a `let` is no call of this step, whatever it stands for.
  const isCall = bare(statement.value).kind === 'call';
  const call = isCall && value?.kind === 'call' ? value.call : undefined;
  const at: RuleAt = { statement, value, call, tensors };
  lintRule(checking, rule);
  const actions = rule.actions.flatMap((action): BoundAction[] => {
    const bound =
      action.kind === 'take' ? boundTake(checking, action, at) : boundSetting(checking, action, at);
    return bound === undefined ? [] : [bound];
  });
  return {
    ...spanOf(rule),
    place,
    ...(tensors === undefined ? {} : { tensors }),
    actions,
  };
}

/** Braces without anything in them, and of two equal settings the first, do nothing. */
function lintRule(checking: Checking, rule: Rule): void {
  const { body } = rule;
  if (rule.actions.length === 0 && body !== undefined && body.end - body.start > 1) {
    report(checking, emptyRule, body, `The rule at ${quoted(checking, rule.place)} sets nothing.`);
  }
  const last = new Map<string, Setting>();
  for (const action of rule.actions) {
    if (action.kind !== 'setting') continue;
    const name = action.path.parts.map(({ text }) => text).join('.');
    const before = last.get(name);
    last.set(name, action);
    if (before === undefined) continue;
    const message = `\`${name}\` is set again in the same braces, and the last one wins.`;
    report(checking, setTwiceInRule, before, message, {
      related: [{ ...spanOf(action), message: 'set again here' }],
    });
  }
}

/** A place without tensors is warned of, unless it names what is not there: that is said already. */
function tensorsOfRule(
  checking: Checking,
  place: Place,
  rule: Rule,
  statement: MergeStatement,
  signature: Signature | undefined,
): ReadonlySet<string> | undefined {
  if (signature === undefined || isBroken(place)) return undefined;
  const { tensors, faults } = tensorsIn(place, signature);
  const of = statement.name ?? statement.word;
  reportPlaceFaults(checking, faults, { of });
  if (tensors.size === 0 && !faults.some(({ kind }) => kind === 'no such layer')) {
    const message = `No tensor of ${quoted(checking, of)} lies in ${quoted(checking, rule.place)}.`;
    report(checking, emptyPlace, rule.place, message);
  }
  return tensors;
}

function boundTake(checking: Checking, take: Take, at: RuleAt): BoundAction | undefined {
  const written = tensorOf(checking, take.value);
  const value = written && settled(checking, written);
  if (value === undefined || at.value === undefined) return undefined;
  if (kindOf(value) !== kindOf(at.value)) {
    const [own, other] =
      kindOf(value) === 'delta' ? ['a Delta', 'a Model'] : ['a Model', 'a Delta'];
    const message = `${quoted(checking, take.value)} is ${own}, and this step gives ${other}.`;
    report(checking, modelsAndDeltas, take.value, message);
    return undefined;
  }
  checkTaken(checking, take, value.signature, at);
  return { kind: 'take', value, ...spanOf(take) };
}

function checkTaken(
  checking: Checking,
  take: Take,
  taken: Signature | undefined,
  { value, tensors }: RuleAt,
): void {
  const signature = value?.signature;
  if (taken === undefined || signature === undefined || tensors === undefined) return;
  if (taken === signature) return;
  const { places } = anatomyOf(signature);
  const headers = headersOf(signature);
  const takenHeaders = headersOf(taken);
  for (const name of tensors) {
    const header = headers.get(name)!;
    const found = takenHeaders.get(name) ?? tiedTo(header, places.get(name)?.part, taken);
    const own = quoted(checking, take.value);
    if (found === undefined) {
      const message = `${own} has no \`${name}\`, which lies in the place.`;
      report(checking, takeLacksTensors, take.value, message);
      return;
    }
    if (!sameShape(header.shape, found.shape)) {
      const message = `\`${name}\` is ${shapeText(found.shape)} in ${own} and ${shapeText(header.shape)} in this step.`;
      report(checking, takeLacksTensors, take.value, message);
      return;
    }
  }
}

function boundSetting(checking: Checking, setting: Setting, at: RuleAt): BoundAction | undefined {
  const [word, ...behind] = setting.path.parts;
  if (word === undefined) return undefined;
  const { call, value } = at;
  if (call === undefined) {
    if (value !== undefined) {
      const head = quoted(checking, at.statement.value);
      const message = `${head} is no call, so there is no \`${word.text}\` to set: \`take\` says what stands here instead.`;
      report(checking, noOutermostCall, setting.path, message);
    }
    return undefined;
  }
  const parameter = parameterOf(checking, word, call);
  if (parameter === undefined) return undefined;
  const slots = call.inputs.map(({ name }) => (name === undefined ? {} : { name }));
  const { expert, surplus } = expertWritten(behind, slots);
  if (surplus !== undefined || (expert !== undefined && parameter.byModel !== true)) {
    const message = `\`${parameter.name}\` has one value${surplus === undefined ? ' for all experts' : ' for each expert'}.`;
    report(checking, notByModel, surplus ?? expert!, message);
    return undefined;
  }
  if (expert !== undefined && !isExpert(checking, expert, expert.text, slots)) {
    // Its value may hold a fault of its own.
    quantityOf(checking, setting.value);
    return undefined;
  }
  const bound =
    expert === undefined
      ? argumentValue(checking, setting.value, parameter, slots)
      : singleValue(checking, setting.value, parameter);
  if (bound === undefined) return undefined;
  checkScope(checking, setting, parameter, call);
  const signature = value?.signature;
  if (signature === undefined || at.tensors !== undefined) {
    checkOverDepth(
      checking,
      bound,
      parameter,
      signature === undefined || at.tensors === undefined
        ? undefined
        : {
            signature,
            depths: depthsIn(at.tensors, signature, call),
            compat: call.compat,
            owner: at.statement.name ?? at.statement.word,
          },
    );
  }
  return {
    kind: 'set',
    parameter: parameter.name,
    ...(expert === undefined ? {} : { expert: expert.text }),
    value: bound,
    ...spanOf(setting),
  };
}

/** The words behind a parameter that name an expert, two of them where an import declares it; what is left over is too much. */
function expertWritten(
  words: readonly Name[],
  slots: readonly ExpertSlot[],
): { readonly expert?: Name; readonly surplus?: Name } {
  const [first, second, third] = words;
  if (first === undefined || second === undefined)
    return first === undefined ? {} : { expert: first };
  const text = `${first.text}.${second.text}`;
  const isImported = slots.some(({ name }) => name === text);
  if (!isImported) return { expert: first, surplus: second };
  const expert = { start: first.start, end: second.end, text };
  return third === undefined ? { expert } : { expert, surplus: third };
}

function parameterOf(
  checking: Checking,
  word: Span & { readonly text: string },
  { method }: MethodCall,
): Parameter | undefined {
  const parameter = parameterNamed(method, word.text);
  const byPlace = parametersOf(method).filter((of) => of.byPlace === true);
  if (parameter === undefined) {
    reportUnknownParameter(checking, word, word.text, method, byPlace);
    return undefined;
  }
  if (parameter.byPlace === true) return parameter;
  const message = `\`${parameter.name}\` holds for the whole step: it stands in the call of \`${method.name}\`.`;
  report(checking, notByPlace, word, message);
  return undefined;
}

function checkScope(
  checking: Checking,
  setting: Setting,
  parameter: Parameter,
  call: MethodCall,
): void {
  const scope = call.args.get('scope');
  const isWhole = scope?.kind === 'word' && scope.word === 'whole';
  if (!isWhole || parameter.name !== 'density') return;
  report(
    checking,
    wholeScope,
    setting,
    'Under `scope: whole` there is one threshold for all tensors, so that `density` cannot differ by place.',
    { related: [{ ...spanOf(scope.span), message: 'the scope is set here' }] },
  );
}

/** By the rule's tensors; places that say the same give the same set. */
const knownDepths = new WeakMap<ReadonlySet<string>, Map<string, readonly Depth[]>>();

/** Where in the depth a rule's tensors stand, each place once. */
function depthsIn(
  tensors: ReadonlySet<string>,
  signature: Signature,
  { compat }: MethodCall,
): readonly Depth[] {
  let known = knownDepths.get(tensors);
  if (known === undefined) knownDepths.set(tensors, (known = new Map()));
  let depths = known.get(compat);
  if (depths === undefined) known.set(compat, (depths = readDepths(tensors, signature, compat)));
  return depths;
}

function readDepths(
  tensors: ReadonlySet<string>,
  signature: Signature,
  compat: MethodCall['compat'],
): readonly Depth[] {
  const { places } = anatomyOf(signature);
  const layout = layoutOf(tensors, signature);
  const depths = new Map<string, Depth>();
  for (const name of tensors) {
    const place = places.get(name)!;
    const key = `${place.tower} ${place.layer ?? place.part}`;
    if (!depths.has(key)) depths.set(key, depthOf(place, signature, compat, layout));
  }
  return [...depths.values()];
}
