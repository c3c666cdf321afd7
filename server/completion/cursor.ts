/** Where a cursor stands: in the text, in the grammar, and in the tree the text would have with a name at that place. */
import type { IToken, TokenType } from 'chevrotain';
import { endOf, lex } from '../../grammar/syntax/lexer.ts';
import { reparse } from '../../grammar/syntax/reparse.ts';
import type { Span } from '../../grammar/syntax/span.ts';
import { beginsLine, isText, splitStatements } from '../../grammar/syntax/statements.ts';
import {
  LeftBrace,
  LeftBracket,
  LeftParen,
  OpenText,
  RightBrace,
  RightBracket,
  RightParen,
} from '../../grammar/syntax/tokens.ts';
import type { Recipe } from '../../grammar/syntax/tree.ts';
import type { Node } from '../../grammar/syntax/walk.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { nodesAt } from '../analysis/nodes-at.ts';
import { advance, isDead, joined, type Ways, waysInto } from './expected.ts';

/** No recipe has such a name. */
export const placeholder = 'here_stands_the_cursor_';

export interface Cursor {
  readonly analysis: Analysis;
  readonly offset: number;
  /** The word around the cursor, which a proposal replaces; empty where there is none. */
  readonly word: Span;
  /** The tree with the placeholder in place of the word. */
  readonly recipe: Recipe;
  /** From the statement down to the node that holds the placeholder. */
  readonly path: readonly Node[];
  /** How the text may go on. */
  readonly ways: Ways;
  /** How many braces of the statement are open: one in the rules of a step, two in a rule. */
  readonly openBraces: number;
  /** Whether nothing but blanks stands before the word on its line. */
  readonly beginsLine: boolean;
  /** The token before the word. */
  readonly before: IToken | undefined;
}

/** The text that a cursor stands in, its quotes left out. */
export interface TextCursor {
  readonly analysis: Analysis;
  readonly offset: number;
  readonly inside: Span;
  readonly path: readonly Node[];
}

export function isInComment({ recipe }: Analysis, offset: number): boolean {
  return recipe.comments.some(({ start, end }) => start < offset && offset <= end);
}

/** The cursor within a text, closed or not. */
export function textCursor(analysis: Analysis, offset: number): TextCursor | undefined {
  const { lines, text } = analysis;
  const { line } = lines.positionAt(offset);
  const start = lines.offsetAt({ line, column: 1 });
  const { tokens } = lex(text, { start, end: start + lines.lineText(line).length });
  const token = tokens.find((of) => isText(of) && of.startOffset < offset && offset <= endOf(of));
  if (token === undefined) return undefined;
  const isOpen = token.tokenType === OpenText;
  const end = isOpen ? offset : endOf(token) - 1;
  if (offset > end) return undefined;
  return {
    analysis,
    offset,
    inside: { start: token.startOffset + 1, end },
    path: nodesAt(analysis.recipe, token.startOffset + 1),
  };
}

export function cursorAt(analysis: Analysis, offset: number): Cursor {
  const { text } = analysis;
  const start = offset - (/[A-Za-z_][A-Za-z0-9_]*$/.exec(text.slice(0, offset))?.[0].length ?? 0);
  const end =
    start === offset
      ? offset
      : offset + (/^[A-Za-z0-9_]*/.exec(text.slice(offset))?.[0].length ?? 0);
  const marked = text.slice(0, start) + placeholder + text.slice(end);
  const { recipe } = reparse(analysis, marked);
  const prefix = text.slice(0, start);
  // What stands above the statement says nothing of how it goes on.
  const opened = analysis.parsed.pieces.findLast((piece) => piece.start < start)?.start ?? 0;
  const { tokens } = lex(prefix, { start: opened, end: start });
  const last = splitStatements(prefix, tokens).at(-1);
  const statement = last?.opens === true ? last.tokens : [];
  return {
    analysis,
    offset,
    word: { start, end },
    recipe,
    path: nodesAt(recipe, start + 1),
    ways: waysAfter(statement),
    openBraces: count(statement, LeftBrace) - count(statement, RightBrace),
    beginsLine: beginsLine(text, { startOffset: start } as IToken),
    before: tokens.at(-1),
  };
}

function count(tokens: readonly IToken[], type: TokenType): number {
  return tokens.filter(({ tokenType }) => tokenType === type).length;
}

/** The rules that a bracket may open. */
const openedRules = new Map<object, readonly string[]>([
  [LeftParen, ['args', 'group']],
  [LeftBracket, ['list']],
  [LeftBrace, ['map', 'mergeBody', 'outputBody']],
]);

/** The ways to go on; behind a slip they start anew at the innermost bracket that is open. */
function waysAfter(tokens: readonly IToken[]): Ways {
  const whole = advance(waysInto('statement'), tokens);
  if (!isDead(whole)) return whole;
  const open = innermostOpen(tokens);
  if (open === undefined) return whole;
  const rules = openedRules.get(tokens[open]!.tokenType) ?? [];
  return joined(...rules.map((rule) => advance(waysInto(rule), tokens.slice(open))));
}

function innermostOpen(tokens: readonly IToken[]): number | undefined {
  let closed = 0;
  for (let at = tokens.length - 1; at >= 0; at -= 1) {
    const type = tokens[at]!.tokenType;
    if (type === RightParen || type === RightBracket || type === RightBrace) closed += 1;
    if (!openedRules.has(type)) continue;
    if (closed === 0) return at;
    closed -= 1;
  }
  return undefined;
}
