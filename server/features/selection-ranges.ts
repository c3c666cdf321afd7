/** Selection that grows with the tree: word, expression, argument, call, rule, statement, recipe. */
import { type SelectionRange, SelectionRangeRequest } from 'vscode-languageserver';
import type { Span } from '../../grammar/syntax/span.ts';
import { touches } from '../../grammar/syntax/span.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { nodesAt } from '../analysis/nodes-at.ts';
import { offsetAt, rangeOf } from '../analysis/positions.ts';
import { tokensOf } from '../analysis/tokens-of.ts';
import { spanOf } from '../../grammar/syntax/lexer.ts';
import { documentFeature } from './feature.ts';

/** From the smallest to the whole text; each holds the one before and is larger. */
export function selectionsAt(analysis: Analysis, offset: number): readonly Span[] {
  const token = tokensOf(analysis).tokens.findLast((of) => touches(spanOf(of), offset));
  const body = bodyAt(analysis, offset);
  const spans: Span[] = [
    ...(token === undefined ? [] : [spanOf(token)]),
    ...nodesAt(analysis.recipe, offset).toReversed(),
    ...(body === undefined ? [] : [body]),
    { start: 0, end: analysis.text.length },
  ].sort((one, other) => size(one) - size(other));
  const grown: Span[] = [];
  for (const { start, end } of spans) {
    const last = grown.at(-1);
    const holdsLast =
      last === undefined || (start <= last.start && last.end <= end && size(last) < end - start);
    if (holdsLast) grown.push({ start, end });
  }
  return grown;
}

const size = ({ start, end }: Span): number => end - start;

/** The braces around the cursor, which are no node of their own. */
function bodyAt({ recipe }: Analysis, offset: number): Span | undefined {
  return nodesAt(recipe, offset)
    .flatMap((node) => ('body' in node && node.body !== undefined ? [node.body] : []))
    .findLast((body) => touches(body, offset));
}

export const selectionRanges = documentFeature({
  name: 'selection ranges',
  about: 'A selection that grows from word to argument, call, rule and statement.',
  capabilities: { selectionRangeProvider: true },
  request: SelectionRangeRequest.type,
  reads: 'text',
  empty: null as SelectionRange[] | null,
  answer: (analysis, { positions }) =>
    positions.map((position) => {
      const spans = selectionsAt(analysis, offsetAt(analysis, position));
      return spans.reduceRight<SelectionRange | undefined>(
        (parent, span) => ({
          range: rangeOf(analysis, span),
          ...(parent === undefined ? {} : { parent }),
        }),
        undefined,
      )!;
    }),
});
