/**
 * What measured figures tell of the models of a step, as findings in the recipe's text: pure, from the row of all tensors.
 * A figure of a sample counts for as much as two standard errors leave of it.
 */
import type { Expert, Step, TensorValue } from '../../grammar/check/checked.ts';
import type { Diagnostic, DiagnosticKind } from '../../grammar/diagnostics/diagnostic.ts';
import { finding } from '../../grammar/diagnostics/finding.ts';
import { noCommonAncestor } from '../../grammar/diagnostics/mw5101-no-common-ancestor.ts';
import { nearlyTheSame } from '../../grammar/diagnostics/mw5102-nearly-the-same.ts';
import { isTheBase } from '../../grammar/diagnostics/mw5103-is-the-base.ts';
import { notTheBase } from '../../grammar/diagnostics/mw5104-not-the-base.ts';
import { dropsLargeChanges } from '../../grammar/diagnostics/mw5105-drops-large-changes.ts';
import { unevenSizes } from '../../grammar/diagnostics/mw5106-uneven-sizes.ts';
import { signsAtOdds } from '../../grammar/diagnostics/mw5107-signs-at-odds.ts';
import { opposedChanges } from '../../grammar/diagnostics/mw5108-opposed-changes.ts';
import type { Span } from '../../grammar/syntax/span.ts';
import type { PairFigures, Preview, PreviewFigure } from './preview.ts';

/** ‖τ‖ / ‖base‖ of models that were trained apart is near √2; a fine-tune stays far below 1. */
const unrelatedSize = 0.7;
/** A change of this size has many entries above 0.005, where dropping some at random does harm. */
const largeSize = 0.2;
const unevenRatio = 3;
/** ‖a − b‖ beside the smaller change: a tenth is a copy or the next step of one training, a half a common part. */
const sameApart = 0.1;
const commonApart = 0.5;
const opposedCosine = -0.3;
/** Of what chance gives. */
const atOdds = 0.9;

interface Sized {
  readonly name: string;
  readonly size: PreviewFigure;
}

/** `shown` is the preview of the step. */
export function figureFindings(
  step: Step,
  shown: Pick<Preview, 'rows' | 'models'>,
): readonly Diagnostic[] {
  const total = shown.rows.find(({ kind }) => kind === 'total');
  if (total === undefined) return [];
  const at = placesIn(step);
  const found: Diagnostic[] = [];
  const say = (kind: DiagnosticKind, span: Span, message: string): void => {
    found.push(finding(kind, span, message));
  };
  const sized = total.models.flatMap(({ model, size }): Sized[] =>
    size === undefined ? [] : [{ name: model, size }],
  );
  const baseOf = new Map(shown.models.map(({ name, base }) => [name, base ?? 'the base']));
  const isUnrelated = ({ size }: Sized): boolean => least(size) > unrelatedSize;

  for (const one of sized) {
    const base = baseOf.get(one.name);
    if (most(one.size) === 0) {
      say(isTheBase, at.of(one.name), `\`${one.name}\` differs from \`${base}\` nowhere.`);
    } else if (isUnrelated(one)) {
      const message = `\`${one.name}\` is ${percent(one.size.value)} of \`${base}\` away from it, as models are that were trained apart.`;
      say(noCommonAncestor, at.of(one.name), message);
    }
  }
  const related = sized.filter((one) => !isUnrelated(one) && most(one.size) > 0);
  const twins = comparePairs(total.pairs, related, at, say);
  lintBase(related, twins, { at, base: baseOf, say });
  lintMethod(step, related, total, { at, say });
  return found;
}

type Say = (kind: DiagnosticKind, span: Span, message: string) => void;

interface Pair {
  readonly names: readonly [string, string];
  readonly cosine: PreviewFigure;
  /** ‖a − b‖ / min(‖τ_a‖, ‖τ_b‖) */
  readonly apart: number;
}

/** Twins and opposites; gives every pair whose both changes are known. */
function comparePairs(
  pairs: readonly PairFigures[],
  sized: readonly Sized[],
  at: Places,
  say: Say,
): readonly Pair[] {
  const sizes = new Map(sized.map(({ name, size }) => [name, size.value]));
  return pairs.flatMap(({ models: [a, b], cosine }): Pair[] => {
    const [one, other] = [sizes.get(a), sizes.get(b)];
    if (one === undefined || other === undefined || cosine === undefined) return [];
    const square = one * one + other * other - 2 * cosine.value * one * other;
    const apart = Math.sqrt(Math.max(0, square)) / Math.min(one, other);
    if (apart < sameApart) {
      const message = `\`${b}\` and \`${a}\` changed nearly alike: the cosine of their changes is ${round(cosine.value)}.`;
      say(nearlyTheSame, at.of(b), message);
    } else if (most(cosine) < opposedCosine) {
      const message = `\`${b}\` undoes what \`${a}\` changed: the cosine of their changes is ${round(cosine.value)}.`;
      say(opposedChanges, at.of(b), message);
    }
    return [{ names: [a, b], cosine, apart }];
  });
}

interface Lint {
  readonly at: Places;
  readonly say: Say;
}

/** All experts are nearer to each other than to the base. */
function lintBase(
  sized: readonly Sized[],
  pairs: readonly Pair[],
  { at, base, say }: Lint & { readonly base: ReadonlyMap<string, string> },
): void {
  const others = pairs.filter(({ apart }) => apart >= sameApart);
  if (sized.length < 2 || others.length === 0) return;
  if (others.some(({ apart }) => apart >= commonApart)) return;
  const [{ names, apart }] = others as [Pair];
  const named = base.get(names[0]) ?? 'the base';
  const message = `\`${names[0]}\` and \`${names[1]}\` are ${percent(apart)} as far from each other as from \`${named}\`: it is not what they were tuned from.`;
  say(notTheBase, at.base, message);
}

/** What the step's own method makes of the figures. */
function lintMethod(
  { value }: Step,
  sized: readonly Sized[],
  { signConflict }: { readonly signConflict?: PreviewFigure },
  { at, say }: Lint,
): void {
  if (value.kind !== 'call') return;
  const { method } = value.call;
  const takes = (name: string): boolean => method.parameters.some((one) => one.name === name);
  if (method.random === true && takes('density')) {
    for (const { name, size } of sized) {
      if (least(size) <= largeSize) continue;
      const message = `\`${name}\` changed by ${percent(size.value)} of its base, and \`${method.name}\` drops entries at random: that holds for small changes.`;
      say(dropsLargeChanges, at.of(name), message);
    }
  }
  // Only what adds task vectors to a base has a factor on their sum.
  if (method.inputs.kind !== 'experts' || !takes('scale')) return;
  const isElected = takes('elect');
  const bySize = [...sized].sort((a, b) => a.size.value - b.size.value);
  const [small, large] = [bySize[0], bySize.at(-1)];
  const isWeighed =
    value.call.args.has('weight') || value.call.inputs.some(({ own }) => own?.has('weight'));
  if (small !== undefined && large !== undefined && small !== large && !isWeighed) {
    const ratio = large.size.value / small.size.value;
    if (ratio > unevenRatio) {
      const message = `The change of \`${large.name}\` is ${round(ratio)} times that of \`${small.name}\`, and they weigh the same.`;
      say(unevenSizes, at.of(large.name), message);
    }
  }
  // Of n changes with independent signs so many coordinates have both.
  const byChance = 1 - 1 / (1 << Math.min(30, Math.max(1, sized.length - 1)));
  if (isElected || signConflict === undefined || sized.length < 2) return;
  if (least(signConflict) < atOdds * byChance) return;
  const message = `${percent(signConflict.value)} of the weights that several experts change are pulled both ways; chance gives ${percent(byChance)}.`;
  say(signsAtOdds, at.step, message);
}

interface Places {
  readonly step: Span;
  readonly base: Span;
  readonly of: (model: string) => Span;
}

/** Where the step's text names its models; one that stands in another step is told at this step's value. */
function placesIn({ value, statement }: Step): Places {
  const step = 'value' in statement ? statement.value : statement.word;
  const experts = new Map<string, Span>();
  let base: Span = step;
  const visit = (at: TensorValue): void => {
    switch (at.kind) {
      case 'call':
        if (at.call.base !== undefined && base === step) base = at.call.base.span;
        for (const expert of at.call.inputs) name(expert);
        return;
      case 'sum':
        for (const term of at.terms) visit(term.value);
        return;
      case 'scaled':
      case 'negated':
      case 'layers':
        visit(at.value);
        return;
      case 'stack':
        at.parts.forEach(visit);
        return;
      case 'source':
        if (!experts.has(at.source.name)) experts.set(at.source.name, at.span);
        return;
      case 'step':
      case 'broken':
        return;
    }
  };
  const name = ({ value: of, span, name: written }: Expert): void => {
    if (written !== undefined && !experts.has(written)) experts.set(written, span);
    visit(of.kind === 'source' ? { ...of, span } : of);
  };
  visit(value);
  return { step, base, of: (model) => experts.get(model) ?? step };
}

function least({ value, standardError = 0 }: PreviewFigure): number {
  return value - 2 * standardError;
}

function most({ value, standardError = 0 }: PreviewFigure): number {
  return value + 2 * standardError;
}

function round(value: number): string {
  return String(Number(value.toPrecision(2)));
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}
