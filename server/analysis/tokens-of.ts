/** The tokens of an analysed text, read once. */
import { lex, type Lexed } from '../../grammar/syntax/lexer.ts';
import type { Analysis } from './analysis.ts';

const known = new WeakMap<Analysis, Lexed>();

export function tokensOf(analysis: Analysis): Lexed {
  let lexed = known.get(analysis);
  if (lexed === undefined) known.set(analysis, (lexed = lex(analysis.text)));
  return lexed;
}
