/** Formatting of a selection: the normal form of the statements that it touches, and of no others. */
import { DocumentRangeFormattingRequest, type TextEdit } from 'vscode-languageserver';
import { format } from '../../grammar/format/format.ts';
import { parse } from '../../grammar/syntax/parse.ts';
import type { Span } from '../../grammar/syntax/span.ts';
import { rangeOf, spanOf } from '../analysis/positions.ts';
import { documentFeature } from './feature.ts';
import type { Replacement } from './formatting.ts';

/** Undefined where nothing would change, or the text has a syntax error. */
export function formattingWithin(text: string, selection: Span): Replacement | undefined {
  const formatted = format(text);
  if (formatted === text) return undefined;
  const before = parse(text).recipe.statements;
  // Formatting keeps the statements and their order.
  const after = parse(formatted).recipe.statements;
  const first = before.findIndex(({ end }) => end >= selection.start);
  const last = before.findLastIndex(({ start }) => start <= selection.end);
  const [from, to] = [before[first], before[last]];
  if (from === undefined || to === undefined || last < first) return undefined;
  const span = { start: from.start, end: to.end };
  const written = formatted.slice(after[first]!.start, after[last]!.end);
  return written === text.slice(span.start, span.end) ? undefined : { span, text: written };
}

export const rangeFormatting = documentFeature({
  name: 'range formatting',
  about: 'The normal form of the statements that a selection touches.',
  capabilities: { documentRangeFormattingProvider: true },
  request: DocumentRangeFormattingRequest.type,
  reads: 'text',
  empty: null as TextEdit[] | null,
  answer: (analysis, { range }) => {
    const replacement = formattingWithin(analysis.text, spanOf(analysis, range));
    if (replacement === undefined) return [];
    return [{ range: rangeOf(analysis, replacement.span), newText: replacement.text }];
  },
});
