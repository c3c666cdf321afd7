/** A `let` is given up: what it holds stands wherever its name stood. */
import type { TextEdit } from '../../grammar/diagnostics/diagnostic.ts';
import type { Span } from '../../grammar/syntax/span.ts';
import type { Expr, LetStatement } from '../../grammar/syntax/tree.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { mentionAt, mentionsOf, mentionsOfName } from '../analysis/mentions.ts';
import { nodesAt } from '../analysis/nodes-at.ts';
import { holdsComment, isSound, type Refactoring } from './refactoring.ts';

export function inlineLet(analysis: Analysis, { start }: Span): readonly Refactoring[] {
  const mention = mentionAt(analysis, start);
  if (mention?.kind !== 'name') return [];
  const statement = mentionsOf(analysis).declared.get(mention.name)?.statement;
  if (statement?.kind !== 'let' || holdsComment(analysis, statement)) return [];
  const uses = mentionsOfName(analysis, mention.name).filter(({ role }) => role !== 'declaration');
  // A map by the experts' names needs the name.
  if (uses.length === 0 || uses.some(({ role }) => role !== 'use')) return [];
  const edits = [
    wholeLines(analysis, statement),
    ...uses.map((use) => ({
      start: use.start,
      end: use.end,
      text: written(analysis, statement, use),
    })),
  ];
  const title = `Inline ${mention.name}`;
  return isSound(analysis, edits) ? [{ title, kind: 'refactor.inline', edits }] : [];
}

/** In parentheses where an operator beside it would take a part of it. */
function written({ text, recipe }: Analysis, { value }: LetStatement, use: Span): string {
  const own = text.slice(value.start, value.end);
  const parent = nodesAt(recipe, use.start).findLast(
    ({ start, end }) => start < use.start || end > use.end,
  );
  const isBeside =
    parent?.kind === 'binary' || parent?.kind === 'negation' || parent?.kind === 'index';
  return isBeside && isLoose(value) ? `(${own})` : own;
}

function isLoose({ kind }: Expr): boolean {
  return kind === 'binary' || kind === 'negation';
}

/** The statement with its documentation and its line's end. */
function wholeLines({ text, lines }: Analysis, statement: LetStatement): TextEdit {
  let { line } = lines.positionAt(statement.start);
  const first = lines.offsetAt({ line, column: 1 });
  if (text.slice(first, statement.start).trim() !== '') {
    return { start: statement.start, end: statement.end, text: '' };
  }
  if (statement.doc !== undefined) {
    while (line > 1 && /^\s*\/\/\//.test(lines.lineText(line - 1))) line -= 1;
  }
  const end = /^[ \t]*(\r\n|\r|\n)?/.exec(text.slice(statement.end))![0].length;
  return { start: lines.offsetAt({ line, column: 1 }), end: statement.end + end, text: '' };
}
