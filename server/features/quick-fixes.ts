/** Quick fixes: those that findings carry, the nearest number in range, and a comment that allows a warning. */
import type { Parameter, ParameterType } from '../../grammar/catalogue.ts';
import { numberTypes } from '../../grammar/check/param.ts';
import { isInRange, rangeOf as rangeOfType } from '../../grammar/check/parameters.ts';
import type { Diagnostic, Fix, TextEdit } from '../../grammar/diagnostics/diagnostic.ts';
import { replacing } from '../../grammar/diagnostics/finding.ts';
import { outOfRange } from '../../grammar/diagnostics/mw3002-out-of-range.ts';
import { allowing } from '../../grammar/check/suppress.ts';
import { numberValue } from '../../grammar/syntax/literals.ts';
import type { Span } from '../../grammar/syntax/span.ts';
import type { Node } from '../../grammar/syntax/walk.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { mentionsOf } from '../analysis/mentions.ts';
import { nodesAt } from '../analysis/nodes-at.ts';
import { valueText } from '../describe/values.ts';

export interface QuickFix extends Fix {
  readonly diagnostic: Diagnostic;
  /** Whether it is the one obvious thing to do. */
  readonly isPreferred: boolean;
}

/** `more` are findings that came later than the check. */
export function fixesIn(
  analysis: Analysis,
  span: Span,
  more: readonly Diagnostic[] = [],
): readonly QuickFix[] {
  return [...analysis.checked.diagnostics, ...more]
    .filter(({ start, end }) => start <= span.end && span.start <= end)
    .flatMap((diagnostic) => {
      const written = diagnostic.fixes ?? [];
      const nearest = written.length === 0 ? nearestInRange(analysis, diagnostic) : [];
      const mends = [...written, ...nearest];
      return [
        ...mends.map((fix) => ({ ...fix, diagnostic, isPreferred: mends.length === 1 })),
        ...allowances(analysis, diagnostic).map((fix) => ({
          ...fix,
          diagnostic,
          isPreferred: false,
        })),
      ];
    });
}

const literal = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?%?$/;

/** The end of the range that a number has passed. */
function nearestInRange(analysis: Analysis, diagnostic: Diagnostic): readonly Fix[] {
  const text = analysis.text.slice(diagnostic.start, diagnostic.end);
  if (diagnostic.code !== outOfRange.code || !literal.test(text)) return [];
  const bounds = boundsAt(analysis, diagnostic);
  if (bounds === undefined) return [];
  const sign = text.startsWith('-') ? -1 : 1;
  const value = sign * numberValue(text.replace('-', ''));
  const bound = bounds.find((end) => value < end.value === (end.is === 'least'));
  if (bound === undefined) return [];
  const written = text.endsWith('%') ? `${bound.value * 100}%` : bound.text;
  return [replacing(diagnostic, written, `Write ${written}, the ${bound.is}`)];
}

interface Bound {
  readonly is: 'least' | 'most';
  readonly value: number;
  readonly text: string;
}

function boundsAt(analysis: Analysis, span: Span): readonly Bound[] | undefined {
  const path = nodesAt(analysis.recipe, span.start);
  const parameter = parameterAround(analysis, path);
  if (parameter !== undefined) return boundsOf(parameter.type);
  const statement = path[0];
  if (statement?.kind !== 'param') return undefined;
  const { range, type } = statement;
  if (range?.kind === 'range' && range.from.kind === 'number' && range.to.kind === 'number') {
    return [
      { is: 'least', value: range.from.value, text: range.from.text },
      { is: 'most', value: range.to.value, text: range.to.text },
    ];
  }
  const known = numberTypes.get(type?.text ?? '');
  return known && boundsOf(known);
}

function boundsOf(type: ParameterType): readonly Bound[] {
  if (type.kind !== 'number') return [];
  const range = rangeOfType(type);
  return (['least', 'most'] as const).flatMap((is) => {
    const value = is === 'least' ? range.min : range.max;
    return isInRange(value, range) ? [{ is, value, text: valueText(value, type) }] : [];
  });
}

/** The parameter whose value the innermost node is part of. */
function parameterAround(analysis: Analysis, path: readonly Node[]): Parameter | undefined {
  const { all } = mentionsOf(analysis);
  for (const node of path.toReversed()) {
    const name =
      node.kind === 'argument'
        ? node.name
        : node.kind === 'setting'
          ? node.path
          : node.kind === 'entry'
            ? node.key
            : undefined;
    const mention = name && all.find(({ start }) => start === name.start);
    if (mention?.kind === 'parameter') return mention.parameter;
  }
  return undefined;
}

function allowances({ text }: Analysis, diagnostic: Diagnostic): readonly Fix[] {
  const fix = allowing(text, diagnostic);
  return fix === undefined ? [] : [fix];
}

/** Every finding that has one obvious fix, mended at once; of fixes that overlap, the first. */
export function allFixes(analysis: Analysis): readonly TextEdit[] {
  const chosen: TextEdit[] = [];
  for (const { edits, isPreferred } of fixesIn(analysis, { start: 0, end: analysis.text.length })) {
    const isFree = edits.every((edit) => chosen.every((other) => !overlap(edit, other)));
    if (isPreferred && isFree) chosen.push(...edits);
  }
  return chosen;
}

function overlap(one: Span, other: Span): boolean {
  const isOneStretch = one.start === other.start && one.end === other.end;
  return isOneStretch || (one.start < other.end && other.start < one.end);
}
