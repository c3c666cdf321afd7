/** Folding: what stands in brackets over several lines, and blocks of comments. */
import { type FoldingRange, FoldingRangeKind, FoldingRangeRequest } from 'vscode-languageserver';
import { endOf } from '../../grammar/syntax/lexer.ts';
import {
  LeftBrace,
  LeftBracket,
  LeftParen,
  RightBrace,
  RightBracket,
  RightParen,
} from '../../grammar/syntax/tokens.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { positionAt } from '../analysis/positions.ts';
import { tokensOf } from '../analysis/tokens-of.ts';
import { documentFeature } from './feature.ts';

export interface Fold {
  /** Lines from 0; the last one is hidden with the others. */
  readonly first: number;
  readonly last: number;
  readonly kind: 'brackets' | 'comment';
}

const opening = new Set<object>([LeftParen, LeftBracket, LeftBrace]);
const closing = new Set<object>([RightParen, RightBracket, RightBrace]);

export function foldsOf(analysis: Analysis): readonly Fold[] {
  return [...bracketFolds(analysis), ...commentFolds(analysis)].sort(
    (one, other) => one.first - other.first || other.last - one.last,
  );
}

/** The line of the closing bracket stays in sight. Of several brackets that open on one line, the outermost folds. */
function bracketFolds(analysis: Analysis): readonly Fold[] {
  const open: number[] = [];
  const folds = new Map<number, Fold>();
  for (const token of tokensOf(analysis).tokens) {
    if (opening.has(token.tokenType)) open.push(token.startOffset);
    if (!closing.has(token.tokenType)) continue;
    const start = open.pop();
    if (start === undefined) continue;
    const first = positionAt(analysis, start).line;
    const last = positionAt(analysis, endOf(token)).line - 1;
    if (last > first) folds.set(first, { first, last, kind: 'brackets' });
  }
  return [...folds.values()];
}

function commentFolds(analysis: Analysis): readonly Fold[] {
  const folds: { first: number; last: number; kind: 'comment' }[] = [];
  for (const comment of analysis.recipe.comments) {
    const { line, character } = positionAt(analysis, comment.start);
    const isAlone =
      analysis.lines
        .lineText(line + 1)
        .slice(0, character)
        .trim() === '';
    if (!isAlone) continue;
    const block = folds.at(-1);
    if (block !== undefined && block.last === line - 1) block.last = line;
    else folds.push({ first: line, last: line, kind: 'comment' });
  }
  return folds.filter(({ first, last }) => last > first);
}

export const folding = documentFeature({
  name: 'folding',
  about: 'Brackets over several lines, and blocks of comments.',
  capabilities: { foldingRangeProvider: true },
  request: FoldingRangeRequest.type,
  reads: 'text',
  empty: null as FoldingRange[] | null,
  answer: (analysis) =>
    foldsOf(analysis).map(({ first, last, kind }) => ({
      startLine: first,
      endLine: last,
      ...(kind === 'comment' ? { kind: FoldingRangeKind.Comment } : {}),
    })),
});
