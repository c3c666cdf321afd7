/**
 * What the text of one call tells of settings that are legal and most often not meant.
 * Values are compared as written, so that a curve that is not known yet raises no alarm.
 */
import type { DiagnosticKind } from '../diagnostics/diagnostic.ts';
import { outOfRange } from '../diagnostics/mw3002-out-of-range.ts';
import { epsilonPastDensity } from '../diagnostics/mw3033-epsilon-past-density.ts';
import { expertWithoutWeight } from '../diagnostics/mw3108-expert-without-weight.ts';
import { trimAfterDrop } from '../diagnostics/mw3109-trim-after-drop.ts';
import { extrapolates } from '../diagnostics/mw3110-extrapolates.ts';
import { manyExperts } from '../diagnostics/mw3111-many-experts.ts';
import { plainAverage } from '../diagnostics/mw3112-plain-average.ts';
import { weightsNearlyCancel } from '../diagnostics/mw3113-weights-nearly-cancel.ts';
import { notInMergekit } from '../diagnostics/mw3115-not-in-mergekit.ts';
import { droppedTwice } from '../diagnostics/mw3116-dropped-twice.ts';
import { otherStatistics } from '../diagnostics/mw3125-other-statistics.ts';
import { varianceOfOne } from '../diagnostics/mw3124-variance-of-one.ts';
import type { Expert, MethodCall, TensorValue } from './checked.ts';
import { type Checking, figure, quoted, report } from './checking.ts';
import { lintEffects } from './effect-lints.ts';
import { lintPrompts } from './moe-lints.ts';
import { isDropping, parameterNamed } from './parameters.ts';
import { valueForInput } from './settle.ts';
import { nameOfValue } from './tensor-value.ts';
import {
  type CallWritten,
  isAlways,
  possibleNumbers,
  spanOfNumber,
  spanOfSetting,
} from './written-values.ts';

type CallLint = (checking: Checking, written: CallWritten, value: TensorValue) => void;

const all: readonly CallLint[] = [
  lintUnweighted,
  lintTrimAfterDrop,
  lintEnds,
  lintManyExperts,
  lintPlainAverage,
  lintCancelling,
  lintEpsilon,
  lintForeignChoices,
  lintDroppedTwice,
  lintVariance,
  lintStatistics,
  lintEffects,
  lintPrompts,
];

export function lintCallText(checking: Checking, written: CallWritten, value: TensorValue): void {
  for (const lint of all) lint(checking, written, value);
}

function lintUnweighted(checking: Checking, written: CallWritten): void {
  const { call } = written;
  if (call.inputs.length < 2) return;
  call.inputs.forEach((expert, input) => {
    const weights = possibleNumbers(written, 'weight', input);
    if (weights.length === 0 || weights.some((weight) => weight !== 0)) return;
    const at = expert.own?.get('weight')?.span ?? spanOfSetting(written, 'weight') ?? expert.span;
    const message = `${wordFor(checking, expert)} has a \`weight\` of 0 everywhere in this \`${call.method.name}\`: it changes nothing.`;
    report(checking, expertWithoutWeight, at, message);
  });
}

function lintTrimAfterDrop(checking: Checking, written: CallWritten): void {
  const { call } = written;
  const trims = call.method.name === 'ties' || call.method.name === 'trim';
  if (!trims || call.inputs.length === 0) return;
  call.inputs.forEach((expert, input) => {
    const dropped = droppedBy(expert.value);
    if (dropped === undefined) return;
    const left = possibleNumbers({ call: dropped, rules: [] }, 'density', 0);
    const kept = possibleNumbers(written, 'density', input);
    if (left.length === 0 || kept.length === 0) return;
    const [most, least] = [Math.max(...left), Math.min(...kept)];
    if (most > least || least === 1) return;
    const message = `\`${dropped.method.name}\` leaves ${figure(most)} of this change, and \`${call.method.name}\` keeps ${figure(least)}: there is nothing left to trim.`;
    report(checking, trimAfterDrop, expert.span, message);
  });
}

/** The call that has dropped entries of a change at random, looking behind factors. */
function droppedBy(value: TensorValue): MethodCall | undefined {
  let inner = value;
  while (inner.kind === 'scaled' || inner.kind === 'negated') inner = inner.value;
  if (inner.kind !== 'call' || inner.call.method.inputs.kind !== 'one') return undefined;
  return isDropping(inner.call.method) ? inner.call : undefined;
}

function lintEnds(checking: Checking, written: CallWritten): void {
  const { name } = written.call.method;
  if (name !== 'lerp' && name !== 'slerp') return;
  const isPast = (t: number): boolean => t < 0 || t > 1;
  const past = possibleNumbers(written, 't').find(isPast);
  const at = spanOfNumber(written, 't', isPast);
  if (past === undefined || at === undefined) return;
  const [first, second] = written.call.inputs.map((end) => wordFor(checking, end));
  const end = past < 0 ? `before ${first ?? 'the first'}` : `past ${second ?? 'the second'}`;
  report(checking, extrapolates, at, `A \`t\` of ${figure(past)} goes on ${end}.`);
}

const mostExperts = 6;

function lintManyExperts(checking: Checking, { call }: CallWritten): void {
  const { inputs, method } = call;
  if (method.inputs.kind !== 'experts' || method.inputs.areSideBySide === true) return;
  if (inputs.length <= mostExperts) return;
  const surplus = inputs[mostExperts]!;
  const message = `\`${method.name}\` has ${inputs.length} experts; past ${mostExperts}, each adds little and dilutes the others.`;
  report(
    checking,
    manyExperts,
    { start: surplus.span.start, end: inputs.at(-1)!.span.end },
    message,
  );
}

/** Σ w = 1 and all w alike: the base cancels. */
function lintPlainAverage(checking: Checking, written: CallWritten, value: TensorValue): void {
  const { call } = written;
  if (call.method.name !== 'task_arithmetic' || call.inputs.length < 2) return;
  if (call.compat === 'mergekit' || value.kind !== 'call') return;
  const weights = new Set(call.inputs.flatMap((_, i) => possibleNumbers(written, 'weight', i)));
  const scales = possibleNumbers(written, 'scale');
  const [weight] = weights;
  const [scale] = scales;
  if (weights.size !== 1 || scales.length !== 1 || weight === undefined || scale === undefined)
    return;
  const sum = isAlways(written, 'normalize', true) ? scale : weight * scale * call.inputs.length;
  if (Math.abs(sum - 1) > 1e-9) return;
  const message = `Equal weights that come to 1: this is \`average\` of ${call.inputs.length} models, and the base cancels.`;
  report(checking, plainAverage, spanOfSetting(written, 'scale') ?? value.span, message);
}

function lintCancelling(checking: Checking, written: CallWritten): void {
  const { call } = written;
  if (!isAlways(written, 'normalize', true)) return;
  const weights = call.inputs.map((_, input) => possibleNumbers(written, 'weight', input));
  if (weights.some((of) => of.length !== 1)) return;
  const sum = weights.reduce((total, [one]) => total + one!, 0);
  const size = weights.reduce((total, [one]) => total + Math.abs(one!), 0);
  if (size === 0 || Math.abs(sum) < 1e-12 || Math.abs(sum) >= size / 4) return;
  const at = spanOfSetting(written, 'weight') ?? call.inputs[0]!.span;
  const message = `The weights sum to ${figure(sum)}, and dividing by that makes each ${figure(Math.abs(size / sum))} times as large together.`;
  report(checking, weightsNearlyCancel, at, message);
}

/** Where a method has both, p runs from d − ε to d + ε. */
function lintEpsilon(checking: Checking, written: CallWritten): void {
  const { call, rules } = written;
  const isByRule = rules.some(({ actions }) =>
    actions.some(
      (action) =>
        action.kind === 'set' && (action.parameter === 'density' || action.parameter === 'epsilon'),
    ),
  );
  if (isByRule) return;
  call.inputs.forEach((expert, input) => {
    const densities = possibleNumbers(written, 'density', input);
    const epsilons = possibleNumbers(written, 'epsilon', input);
    if (densities.length !== 1 || epsilons.length !== 1) return;
    const [density, epsilon] = [densities[0]!, epsilons[0]!];
    if (density >= 1 || epsilon === 0) return;
    if (density - epsilon >= -1e-12 && density + epsilon <= 1 + 1e-12) return;
    const own = expert.own?.get('epsilon') ?? expert.own?.get('density');
    const at =
      own?.span ??
      spanOfSetting(written, 'epsilon') ??
      spanOfSetting(written, 'density') ??
      expert.span;
    const whom = call.inputs.length === 1 ? '' : ` for ${wordFor(checking, expert)}`;
    const message = `The probability of being kept runs from ${figure(density - epsilon)} to ${figure(density + epsilon)}${whom}: \`epsilon\` is at most ${figure(Math.min(density, 1 - density))} at this \`density\`.`;
    report(checking, epsilonPastDensity, at, message);
  });
}

/** Choices that only papers have. */
const foreign: ReadonlyMap<string, readonly string[]> = new Map([
  ['elect', ['count', 'norm_share', 'norm_mass']],
  ['combine', ['max']],
  ['trim', ['norm_share', 'deviation']],
  ['rescale', ['inverse']],
]);

function lintForeignChoices(checking: Checking, { call }: CallWritten): void {
  if (call.compat !== 'mergekit') return;
  for (const [name, words] of foreign) {
    const value = call.args.get(name);
    if (value?.kind !== 'word' || !words.includes(value.word)) continue;
    const message = `mergekit has no \`${name}: ${value.word}\` in its \`${call.method.name}\`: under \`compat: mergekit\` the result can be compared with nothing.`;
    report(checking, notInMergekit, value.span, message);
  }
}

function lintDroppedTwice(checking: Checking, { call }: CallWritten): void {
  if (!isDropping(call.method)) return;
  for (const expert of call.inputs) {
    const dropped = droppedBy(expert.value);
    if (dropped === undefined) continue;
    const message = `${quoted(checking, expert.span)} has been through \`${dropped.method.name}\`, and \`${call.method.name}\` drops entries of it again.`;
    report(checking, droppedTwice, expert.span, message);
  }
}

function lintVariance(checking: Checking, written: CallWritten): void {
  const { call } = written;
  if (call.method.name !== 'sce' || call.inputs.length !== 1) return;
  if (!possibleNumbers(written, 'density').some((density) => density < 1)) return;
  const at = spanOfSetting(written, 'density') ?? call.inputs[0]!.span;
  const message = `One expert has no variance to choose by: \`sce\` would keep nothing of ${wordFor(checking, call.inputs[0]!)}.`;
  report(checking, varianceOfOne, at, message);
}

/** Statistics of one model, given to another. */
function lintStatistics(checking: Checking, { call }: CallWritten): void {
  for (const parameter of call.method.parameters) {
    if (parameter.type.kind !== 'stats' || parameter.byModel !== true) continue;
    call.inputs.forEach((expert, input) => {
      const given = call.args.get(parameter.name);
      const value =
        expert.own?.get(parameter.name) ??
        (given && valueForInput(given, parameter, input, expert.name));
      const own = nameOfValue(expert.value);
      if (value?.kind !== 'word' || own === undefined) return;
      const of = checking.statisticsOf.get(value.word);
      if (of === undefined || of === own) return;
      const message = `\`${value.word}\` was measured on \`${of}\`, and is given to ${wordFor(checking, expert)}.`;
      report(checking, otherStatistics, value.span, message);
    });
  }
}

export function wordFor(checking: Checking, expert: Expert): string {
  return expert.name === undefined ? quoted(checking, expert.span) : `\`${expert.name}\``;
}

/** A count that is larger than what it counts. */
export function reportTooMany(
  checking: Checking,
  written: CallWritten,
  name: string,
  most: { readonly count: number; readonly of: string },
): void {
  const parameter = parameterNamed(written.call.method, name);
  const at = spanOfSetting(written, name);
  const count = possibleNumbers(written, name).find((of) => of > most.count);
  if (parameter === undefined || at === undefined || count === undefined) return;
  const kind: DiagnosticKind = outOfRange;
  report(checking, kind, at, `\`${name}\` is ${count}, and there are ${most.count} ${most.of}.`);
}
