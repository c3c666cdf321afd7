/**
 * Hints between the words of a recipe: what is so without being written.
 * Quiet ones say what the text hides (a seed, weights that are normalised, layers of a model, a measured conflict);
 * under `all` every default and the length of every range come to them.
 */
import { type InlayHint, InlayHintKind, InlayHintRequest } from 'vscode-languageserver';
import type { Parameter } from '../../grammar/catalogue.ts';
import type { MethodCall, Step } from '../../grammar/check/checked.ts';
import { figure } from '../../grammar/check/checking.ts';
import {
  defaultOf,
  isRequired,
  parameterNamed,
  parametersOf,
} from '../../grammar/check/parameters.ts';
import { valueForInput } from '../../grammar/check/settle.ts';
import { anatomyOf } from '../../grammar/places/anatomy.ts';
import type { Signature } from '../../grammar/places/signature.ts';
import type { Span } from '../../grammar/syntax/span.ts';
import { childrenOf, type Node } from '../../grammar/syntax/walk.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { callsIn } from '../analysis/calls-in.ts';
import { entitiesOf } from '../analysis/entities.ts';
import type { Measured } from '../analysis/figures-store.ts';
import { positionAt, spanOf } from '../analysis/positions.ts';
import { percentText } from '../describe/figures-text.ts';
import { plural, valueText } from '../describe/values.ts';
import type { InlayHintsShown } from '../protocol.ts';
import { documentFeature } from './feature.ts';

export interface Hint {
  /** Where it stands in the text. */
  readonly at: number;
  readonly label: string;
  readonly kind: 'parameter' | 'value';
  readonly tooltip?: string;
}

export interface HintOptions {
  readonly shown: InlayHintsShown;
  /** By step. */
  readonly measured?: ReadonlyMap<string, Measured>;
}

/** In the order of the text. */
export function hintsIn(
  analysis: Analysis,
  { shown, measured = new Map() }: HintOptions,
): readonly Hint[] {
  if (shown === 'off') return [];
  const hints = [
    ...analysis.checked.steps.flatMap((step) => stepHints(analysis, step, shown)),
    ...modelHints(analysis),
    ...analysis.checked.steps.flatMap((step) => conflictHint(step, measured.get(step.name))),
    ...(shown === 'all' ? analysis.recipe.statements.flatMap(rangeHints) : []),
  ];
  return hints.sort((one, other) => one.at - other.at);
}

function stepHints(analysis: Analysis, step: Step, shown: InlayHintsShown): readonly Hint[] {
  const { start, end } = step;
  return callsIn(step)
    .filter(({ span }) => start <= span.start && span.end <= end)
    .flatMap(({ call, span }) => [
      ...defaultHints(analysis, call, span, shown),
      ...weightHints(analysis, call, span),
    ]);
}

/** What a call leaves to its defaults, before its closing bracket. */
function defaultHints(
  { text }: Analysis,
  call: MethodCall,
  span: Span,
  shown: InlayHintsShown,
): readonly Hint[] {
  if (text[span.end - 1] !== ')') return [];
  const left = parametersOf(call.method).filter(
    (parameter) =>
      isShown(parameter, shown) &&
      !isRequired(parameter) &&
      !call.args.has(parameter.name) &&
      !call.inputs.every(({ own }) => own?.has(parameter.name) === true),
  );
  const written = left.flatMap((parameter) => {
    const value = defaultOf(parameter, call.compat);
    return value === undefined || value === ''
      ? []
      : [`${parameter.name}: ${valueText(value, parameter.type)}`];
  });
  if (written.length === 0) return [];
  const isAfterComma = /,\s*$/.test(text.slice(span.start, span.end - 1));
  const label = `${isAfterComma ? '' : ', '}${written.join(', ')}`;
  return [
    { at: span.end - 1, label, kind: 'parameter', tooltip: 'What holds where nothing is written.' },
  ];
}

const rarelyMeant: ReadonlySet<string> = new Set(['compat', 'compute']);

function isShown({ name }: Parameter, shown: InlayHintsShown): boolean {
  return shown === 'all' ? !rarelyMeant.has(name) : name === 'seed';
}

/** Weights that the method divides by their sum, where that is not 1: the share that each comes to. */
function weightHints({ text }: Analysis, call: MethodCall, around: Span): readonly Hint[] {
  const weight = parameterNamed(call.method, 'weight');
  if (weight?.byModel !== true || !normalizes(call)) return [];
  const given = call.args.get('weight');
  const values = call.inputs.map(
    ({ own, name }, input) =>
      own?.get('weight') ?? (given && valueForInput(given, weight, input, name)),
  );
  const numbers = values.flatMap((value) => (value?.kind === 'number' ? [value.value] : []));
  const sum = numbers.reduce((total, one) => total + one, 0);
  if (numbers.length < values.length || sum === 0 || Math.abs(sum - 1) < 1e-9) return [];
  const places = new Set(values.map((value) => value?.span.start));
  // One number for all of them stands for equal shares, which nobody needs told.
  if (places.size < values.length) return [];
  return values.flatMap((value, input): Hint[] => {
    const { span } = value!;
    if (span.start < around.start || span.end > around.end) return [];
    const share = numbers[input]! / sum;
    const tooltip = `${text.slice(span.start, span.end)} of ${figure(sum)}: weights are divided by their sum here.`;
    return [{ at: span.end, label: ` = ${percentText(share)}`, kind: 'value', tooltip }];
  });
}

/** Whether only the weights' proportions count: a mean over the experts, or a sum divided by Σ w. */
function normalizes({ method, args, compat }: MethodCall): boolean {
  const normalize = parameterNamed(method, 'normalize');
  if (normalize !== undefined) {
    const written = args.get('normalize');
    const value = written?.kind === 'boolean' ? written.value : defaultOf(normalize, compat);
    return value === true;
  }
  const combine = parameterNamed(method, 'combine');
  if (combine === undefined) return false;
  const written = args.get('combine');
  return (written?.kind === 'word' ? written.word : defaultOf(combine, compat)) === 'mean';
}

/** How many layers a model has, behind what names it; behind a stack or a cut, how many it comes to. */
function modelHints(analysis: Analysis): readonly Hint[] {
  const own = [...entitiesOf(analysis).values()].filter(({ imported }) => imported === undefined);
  return own.flatMap(({ statement, signature, step }): Hint[] => {
    const isModel = statement.kind === 'model';
    const isRestacked = step?.value.kind === 'stack' || step?.value.kind === 'layers';
    if (signature === undefined || !('value' in statement) || (!isModel && !isRestacked)) return [];
    const label = layersLabel(signature);
    return label === undefined
      ? []
      : [{ at: statement.value.end, label: ` ${label}`, kind: 'value' }];
  });
}

function layersLabel(signature: Signature): string | undefined {
  const { towers } = anatomyOf(signature);
  const counts = towers.map(({ name, layerCount, blocks }) => {
    const layers = plural(layerCount, blocks === undefined ? 'layer' : 'block');
    return towers.length === 1 ? layers : `${name}: ${layers}`;
  });
  return counts.length === 0 ? undefined : counts.join(', ');
}

function conflictHint({ statement }: Step, measured: Measured | undefined): readonly Hint[] {
  const conflict = measured?.rows.find(({ kind }) => kind === 'total')?.signConflict;
  if (conflict === undefined || !('value' in statement)) return [];
  const older = measured?.isOlder === true ? ', before the last edit' : '';
  return [
    {
      at: statement.value.end,
      label: ` ${percentText(conflict.value)} sign conflict`,
      kind: 'value',
      tooltip: `The share of weights that some of the models raise and others lower${older}.`,
    },
  ];
}

/** How many layers a written range holds, where its ends say it. */
function rangeHints(node: Node): readonly Hint[] {
  const inner = childrenOf(node).flatMap(rangeHints);
  const range = rangeIn(node);
  const count = range && lengthOf(range);
  return count === undefined
    ? inner
    : [...inner, { at: range!.end, label: ` ${plural(count, 'layer')}`, kind: 'value' }];
}

/** The range of `layers a..b`, of `m[a..b]` and of a declaration of layers. */
function rangeIn(node: Node): Node | undefined {
  switch (node.kind) {
    case 'layersOf':
      return node.range;
    case 'index':
      return node.layers;
    case 'layers':
      return node.value;
    default:
      return undefined;
  }
}

function lengthOf(node: Node): number | undefined {
  if (node.kind !== 'range') return undefined;
  const [from, to] = [boundOf(node.from), boundOf(node.to)];
  const step = node.step === undefined ? 1 : boundOf(node.step);
  if (from === undefined || to === undefined || step === undefined || step < 1) return undefined;
  // Both count from one end, or nothing can be said without the model.
  return from < 0 !== to < 0 || to < from ? undefined : Math.floor((to - from) / step) + 1;
}

function boundOf(node: Node): number | undefined {
  if (node.kind === 'number') return node.value;
  if (node.kind !== 'negation') return undefined;
  const value = boundOf(node.operand);
  return value === undefined ? undefined : -value;
}

export const inlayHints = documentFeature({
  name: 'inlay hints',
  about:
    'What is so without being written: seeds, normalised weights, layer counts, measured conflict; on request every default. `mergewright.inlayHints` is `off`, `quiet` or `all`.',
  capabilities: { inlayHintProvider: { resolveProvider: false } },
  request: InlayHintRequest.type,
  reads: 'headers',
  empty: null as InlayHint[] | null,
  answer: (analysis, { range }, desk) => {
    const within = spanOf(analysis, range);
    return hintsIn(analysis, {
      shown: desk.settings().inlayHints,
      measured: desk.measuredOf(analysis.uri),
    })
      .filter(({ at }) => within.start <= at && at <= within.end)
      .map(({ at, label, kind, tooltip }) => ({
        position: positionAt(analysis, at),
        label,
        ...(kind === 'parameter' ? { kind: InlayHintKind.Parameter } : {}),
        ...(tooltip === undefined ? {} : { tooltip }),
      }));
  },
});
