/** What the field knows: settings that are legal and most often not meant. */
import { weightsSumToZero } from '../diagnostics/mw3016-weights-sum-to-zero.ts';
import { weightsNotOne } from '../diagnostics/mw3101-weights-not-one.ts';
import { largeSumOfTaskVectors } from '../diagnostics/mw3102-large-sum-of-task-vectors.ts';
import { nothingTrimmed } from '../diagnostics/mw3103-nothing-trimmed.ts';
import { combineAndScale } from '../diagnostics/mw3104-combine-and-scale.ts';
import { sameSeed } from '../diagnostics/mw3105-same-seed.ts';
import { baseAmongExperts } from '../diagnostics/mw3106-base-among-experts.ts';
import { classesOf } from '../places/classes.ts';
import type { Span } from '../syntax/span.ts';
import type { BoundRule, MethodCall, TensorValue } from './checked.ts';
import { lintCallText } from './call-lints.ts';
import { isTaken, lintKept, lintRounding } from './header-lints.ts';
import { idPrefix } from './call.ts';
import { type Checking, figure, quoted, report } from './checking.ts';
import { constant, folded, valuesAtKnots } from './curve.ts';
import { operandsOf } from './operands.ts';
import { defaultOf, parameterNamed } from './parameters.ts';
import { settledSetting, valueForInput } from './settle.ts';
import { nameOfValue } from './tensor-value.ts';
import { type Curve, partsOf } from './value.ts';

/** Looks at every call written in a value; the rules act on the outermost one. */
export function lintCalls(
  checking: Checking,
  value: TensorValue,
  rules: readonly BoundRule[],
): void {
  if (value.kind === 'call') {
    // What a `let` holds was looked at where it is written.
    const isHere = checking.statement !== undefined && value.call.id.startsWith(idPrefix(checking));
    if (!isHere) return;
    lintCall(checking, value, value.call, rules);
  }
  for (const operand of operandsOf(value)) lintCalls(checking, operand, []);
}

function lintCall(
  checking: Checking,
  value: TensorValue,
  call: MethodCall,
  rules: readonly BoundRule[],
): void {
  lintCallText(checking, { call, rules }, value);
  lintBase(checking, call);
  lintRounding(checking, value, call);
  if (call.method.later === true) return;
  lintWeights(checking, value, call, rules);
  lintDensity(checking, call);
  lintCombine(checking, value, call);
  lintKept(checking, value, call, rules);
}

function lintBase(checking: Checking, call: MethodCall): void {
  const { inputs } = call.method;
  if (inputs.kind === 'experts' && inputs.areSideBySide === true) return;
  if (call.base === undefined) return;
  const name = nameOfValue(call.base);
  const twin = call.inputs.find((expert) => name !== undefined && expert.name === name);
  if (twin === undefined) return;
  const message = `\`${name}\` is the base of this \`${call.method.name}\` and one of its experts: its task vector is zero.`;
  report(checking, baseAmongExperts, twin.span, message);
}

/** The sum of the weights, at every layer that can tell. */
function lintWeights(
  checking: Checking,
  value: TensorValue,
  call: MethodCall,
  rules: readonly BoundRule[],
): void {
  const weight = parameterNamed(call.method, 'weight');
  if (weight?.byModel !== true) return;
  if (parameterNamed(call.method, 'normalize') === undefined) return;
  const { inputs } = call.method;
  // Without a base the weights are shares of models; with one, each says how much of a change is added.
  const isAverage = inputs.kind === 'experts' && inputs.base === 'none';
  const addsChanges = parameterNamed(call.method, 'scale') !== undefined;
  for (const { sum, normalize, scale } of weightSums(value, call, rules)) {
    if (normalize) {
      // That tool counts a sum of 0 as 1, but in its average.
      const divides = call.compat === 'paper' || isAverage;
      if (divides && Math.abs(sum) < 1e-12) {
        const message = `The weights of this \`${call.method.name}\` sum to 0, and it divides by their sum.`;
        report(checking, weightsSumToZero, spanOfWeights(value, call, rules), message);
        return;
      }
      continue;
    }
    if (isAverage && Math.abs(sum - 1) > 1e-6) {
      const message = `The weights of this \`${call.method.name}\` sum to ${figure(sum)}, and without \`normalize\` its result is scaled by that.`;
      report(checking, weightsNotOne, spanOfWeights(value, call, rules), message);
      return;
    }
    if (addsChanges && sum * scale > 1.5) {
      const message = `Weights times scale sum to ${figure(sum * scale)} in this \`${call.method.name}\`: the experts’ changes add up beyond what each was trained for.`;
      report(checking, largeSumOfTaskVectors, spanOfWeights(value, call, rules), message);
      return;
    }
  }
}

interface WeightSum {
  readonly sum: number;
  readonly normalize: boolean;
  readonly scale: number;
}

function weightSums(
  value: TensorValue,
  call: MethodCall,
  rules: readonly BoundRule[],
): readonly WeightSum[] {
  const weight = parameterNamed(call.method, 'weight')!;
  const normalize = parameterNamed(call.method, 'normalize');
  const scale = parameterNamed(call.method, 'scale');
  const { signature } = value;
  if (signature !== undefined) {
    const sets = rules.map(({ tensors }) => tensors);
    const by = variesOverDepth(call, rules) ? 'sets and depth' : 'sets';
    return classesOf(signature, sets, by).flatMap(({ tensor, isFloat }): readonly WeightSum[] => {
      if (!isFloat || isTaken(rules, tensor)) return [];
      const at = { call, signature, rules, tensor };
      const weights = call.inputs.map((_, input) => Number(settledSetting(at, weight, input) ?? 1));
      return [
        {
          sum: weights.reduce((total, one) => total + one, 0),
          normalize: normalize !== undefined && settledSetting(at, normalize, undefined) === true,
          scale: scale === undefined ? 1 : Number(settledSetting(at, scale, undefined)),
        },
      ];
    });
  }
  const sets = (name: string): boolean =>
    rules.some(({ actions }) =>
      actions.some((action) => action.kind === 'set' && action.parameter === name),
    );
  if (sets('weight') || sets('normalize') || sets('scale')) return [];
  const sums = valuesAtKnots(sumOfWeights(call)) ?? [];
  const normalizeValue = call.args.get('normalize');
  const scaleValue = call.args.get('scale');
  const isNormalized =
    normalizeValue?.kind === 'boolean'
      ? normalizeValue.value
      : normalize !== undefined && defaultOf(normalize, call.compat) === true;
  if (scaleValue?.kind === 'curve') return [];
  return sums.map((sum) => ({
    sum,
    normalize: isNormalized,
    scale: scaleValue?.kind === 'number' ? scaleValue.value : 1,
  }));
}

/** As a curve, before any layer is known. */
function sumOfWeights(call: MethodCall): Curve {
  const weight = parameterNamed(call.method, 'weight')!;
  const given = call.args.get('weight');
  return call.inputs
    .map((expert, input): Curve => {
      const own =
        expert.own?.get('weight') ?? (given && valueForInput(given, weight, input, expert.name));
      if (own?.kind === 'curve') return own.curve;
      const byDefault = Number(defaultOf(weight, call.compat) ?? 1);
      return constant(own?.kind === 'number' ? own.value : byDefault);
    })
    .reduce<Curve>(
      (left, right) => folded({ kind: 'arithmetic', operator: '+', left, right }),
      constant(0),
    );
}

/** Whether any value of a call may differ from layer to layer under the same rules. */
function variesOverDepth(call: MethodCall, rules: readonly BoundRule[]): boolean {
  const written = [
    ...call.args.values(),
    ...call.inputs.flatMap(({ own }) => [...(own?.values() ?? [])]),
    ...rules.flatMap(({ actions }) =>
      actions.flatMap((action) => (action.kind === 'set' ? [action.value] : [])),
    ),
  ];
  return written.flatMap(partsOf).some(({ kind }) => kind === 'curve');
}

function spanOfWeights(value: TensorValue, call: MethodCall, rules: readonly BoundRule[]): Span {
  const inRule = rules
    .flatMap(({ actions }) => actions)
    .filter((action) => action.kind === 'set' && action.parameter === 'weight')
    .at(-1);
  const own = call.inputs.map((expert) => expert.own?.get('weight')?.span).find(Boolean);
  return inRule ?? call.args.get('weight')?.span ?? own ?? value.span;
}

function lintDensity(checking: Checking, call: MethodCall): void {
  if (call.method.name !== 'ties' && call.method.name !== 'trim') return;
  const written = [call.args.get('density'), ...call.inputs.map(({ own }) => own?.get('density'))];
  const full = written
    .flatMap((value) => (value === undefined ? [] : partsOf(value)))
    .find((value) => value.kind === 'number' && value.value === 1);
  if (full === undefined) return;
  const message = `With ${quoted(checking, full.span)} \`${call.method.name}\` trims nothing: every small change of every expert votes.`;
  report(checking, nothingTrimmed, full.span, message);
}

/** A scale near 1 is for the mean, one near 0.3 for the sum. */
function lintCombine(checking: Checking, value: TensorValue, call: MethodCall): void {
  const combine = parameterNamed(call.method, 'combine');
  if (combine === undefined || call.compat === 'mergekit') return;
  const word = call.args.get('combine');
  const way = word?.kind === 'word' ? word.word : defaultOf(combine, call.compat);
  const scale = call.args.get('scale');
  if (scale !== undefined && scale.kind !== 'number') return;
  const by = scale?.value ?? 1;
  const at = scale?.span ?? word?.span ?? value.span;
  if (way === 'sum' && by >= 0.8 && by <= 1.2) {
    const message = `A \`scale\` of ${figure(by)} was found for the mean; the sum of ${call.inputs.length} experts is made for about 0.3.`;
    report(checking, combineAndScale, at, message);
  } else if (way === 'mean' && by >= 0.2 && by <= 0.4) {
    const message = `A \`scale\` of ${figure(by)} was found for the sum; the mean is made for about 1.`;
    report(checking, combineAndScale, at, message);
  }
}

/** Draws are keyed by seed, place in the statement and tensor: two statements with one seed draw alike. */
export function lintSeeds(checking: Checking): void {
  const first = new Map<number, (typeof checking.randomCalls)[number]>();
  for (const call of checking.randomCalls) {
    const earlier = first.get(call.seed);
    if (earlier === undefined) {
      first.set(call.seed, call);
      continue;
    }
    if (earlier.statement === call.statement) continue;
    const message = `\`${call.method}\` draws with seed ${call.seed} as a statement above does: both drop the same elements.`;
    report(checking, sameSeed, call.span, message, {
      related: [{ ...earlier.span, message: `seed ${call.seed} is used here` }],
    });
  }
}
