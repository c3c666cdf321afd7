/** Formatting: the recipe's normal form, as one edit from the first line that differs to the last. */
import { DocumentFormattingRequest, type TextEdit } from 'vscode-languageserver';
import { format } from '../../grammar/format/format.ts';
import type { Span } from '../../grammar/syntax/span.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { rangeOf } from '../analysis/positions.ts';
import { documentFeature } from './feature.ts';

export interface Replacement {
  readonly span: Span;
  readonly text: string;
}

/** Undefined where the text is in its normal form, or has a syntax error. */
export function formattingOf(text: string): Replacement | undefined {
  const formatted = format(text);
  if (formatted === text) return undefined;
  const start = lineStart(text, sameBefore(text, formatted));
  const behind = sameBehind(text.slice(start), formatted.slice(start));
  return {
    span: { start, end: text.length - behind },
    text: formatted.slice(start, formatted.length - behind),
  };
}

function sameBefore(one: string, other: string): number {
  let same = 0;
  while (same < one.length && same < other.length && one[same] === other[same]) same += 1;
  return same;
}

/** Whole lines that are the same at the end of both. */
function sameBehind(one: string, other: string): number {
  let same = 0;
  const most = Math.min(one.length, other.length);
  while (same < most && one[one.length - 1 - same] === other[other.length - 1 - same]) same += 1;
  const lineEnd = one.slice(one.length - same).indexOf('\n');
  return lineEnd < 0 ? 0 : same - lineEnd - 1;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

export const formatting = documentFeature({
  name: 'formatting',
  about: 'The normal form of a recipe; formatting twice is formatting once, and the meaning stays.',
  capabilities: { documentFormattingProvider: true },
  request: DocumentFormattingRequest.type,
  reads: 'text',
  empty: null as TextEdit[] | null,
  answer: (analysis: Analysis) => {
    const replacement = formattingOf(analysis.text);
    if (replacement === undefined) return [];
    return [{ range: rangeOf(analysis, replacement.span), newText: replacement.text }];
  },
});
