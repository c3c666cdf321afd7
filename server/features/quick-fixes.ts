/** Quick fixes: those that findings carry, the nearest number in range, and a comment that allows a warning. */
import {
  type CodeAction,
  CodeActionKind,
  CodeActionRequest,
  type CodeActionParams,
  type Command,
} from 'vscode-languageserver';
import type { Parameter, ParameterType } from '../../grammar/catalogue.ts';
import { numberTypes } from '../../grammar/check/param.ts';
import { isInRange, rangeOf as rangeOfType } from '../../grammar/check/parameters.ts';
import type { Diagnostic, Fix } from '../../grammar/diagnostics/diagnostic.ts';
import { replacing } from '../../grammar/diagnostics/finding.ts';
import { outOfRange } from '../../grammar/diagnostics/mw3002-out-of-range.ts';
import { numberValue } from '../../grammar/syntax/literals.ts';
import type { Span } from '../../grammar/syntax/span.ts';
import type { Node } from '../../grammar/syntax/walk.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { mentionsOf } from '../analysis/mentions.ts';
import { nodesAt } from '../analysis/nodes-at.ts';
import { rangeOf, spanOf } from '../analysis/positions.ts';
import { valueText } from '../describe/values.ts';
import { protocolDiagnostic } from './protocol-diagnostic.ts';
import { type Desk, documentFeature } from './feature.ts';

export interface QuickFix extends Fix {
  readonly diagnostic: Diagnostic;
  /** Whether it is the one obvious thing to do. */
  readonly isPreferred: boolean;
}

export function fixesIn(analysis: Analysis, span: Span): readonly QuickFix[] {
  return analysis.checked.diagnostics
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

/** A warning is silenced by a comment on the line it starts on, or above it where that line has one; why is for the author to say. */
function allowances({ lines }: Analysis, { code, severity, start }: Diagnostic): readonly Fix[] {
  if (severity === 'error') return [];
  const { line } = lines.positionAt(start);
  const written = lines.lineText(line);
  const comment = `// allow ${code}: as intended`;
  const indent = /^\s*/.exec(written)?.[0] ?? '';
  const isAbove = written.includes('//');
  const column = isAbove ? 1 : written.trimEnd().length + 1;
  const at = lines.offsetAt({ line, column });
  const text = isAbove ? `${indent}${comment}\n` : `  ${comment}`;
  return [{ title: `Allow ${code} on this line`, edits: [{ start: at, end: at, text }] }];
}

function actionOf(analysis: Analysis, fix: QuickFix, desk: Desk): CodeAction {
  const edits = fix.edits.map((edit) => ({ range: rangeOf(analysis, edit), newText: edit.text }));
  return {
    title: fix.title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [protocolDiagnostic(analysis, fix.diagnostic, desk.options())],
    ...(fix.isPreferred ? { isPreferred: true } : {}),
    edit: { changes: { [analysis.uri]: edits } },
  };
}

function wantsFixes({ context: { only } }: CodeActionParams): boolean {
  return only === undefined || only.some((kind) => kind === '' || kind === CodeActionKind.QuickFix);
}

export const quickFixes = documentFeature({
  name: 'quick fixes',
  capabilities: { codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] } },
  request: CodeActionRequest.type,
  reads: 'headers',
  empty: null as (Command | CodeAction)[] | null,
  answer: (analysis, params, desk) =>
    wantsFixes(params)
      ? fixesIn(analysis, spanOf(analysis, params.range)).map((fix) =>
          actionOf(analysis, fix, desk),
        )
      : [],
});
