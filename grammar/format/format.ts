/** A recipe in its normal form. */
import { parse } from '../syntax/parse.ts';
import { textOf } from './layout.ts';
import { printLines } from './printer.ts';

/**
 * Writes a recipe in normal form: its order, numbers, texts, parentheses and comments stay, only blanks and line ends move.
 * Formatting twice is formatting once, and the tree is the same. A text with a syntax error is returned as it is.
 */
export function format(text: string): string {
  const { recipe, diagnostics } = parse(text);
  if (diagnostics.length > 0) return text;
  const lineEnd = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
  const formatted = textOf(printLines(text, recipe), '\n');
  return lineEnd === '\r\n' ? formatted.replaceAll('\n', lineEnd) : formatted;
}
