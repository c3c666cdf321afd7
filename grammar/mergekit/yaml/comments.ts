/** The comments of a YAML text, each with what it is about. */
import { Lexer } from 'yaml';
import type { Span } from '../../syntax/span.ts';

export interface YamlComment extends Span {
  /** What follows its sign; blanks before it are kept, since many comments are configuration themselves. */
  readonly text: string;
  /** Whether it has a line of its own. */
  readonly isOwnLine: boolean;
  /** A place within what it is about. */
  readonly about: number;
  /** Whether it stands below what it is about. */
  readonly isAfter: boolean;
}

interface Token extends Span {
  readonly line: number;
  readonly column: number;
  readonly isDash: boolean;
}

/** Between the parts of its output the lexer puts signs of its own, which are no letters of the text. */
const signs: ReadonlySet<string> = new Set(['\u0002', '\u0018', '\u001f']);

export function commentsOf(text: string): readonly YamlComment[] {
  const tokens: Token[] = [];
  const found: (Token & { readonly before: number })[] = [];
  let offset = 0;
  let line = 0;
  let lineStart = 0;
  let isScalar = false;
  for (const part of new Lexer().lex(text)) {
    if (signs.has(part)) {
      isScalar = part === '\u001f';
      continue;
    }
    const start = offset;
    offset += part.length;
    const token = { start, end: offset, line, column: start - lineStart, isDash: part === '-' };
    if (part.startsWith('#') && !isScalar) found.push({ ...token, before: tokens.length });
    else if (part.trim() !== '' && part !== '\uFEFF') tokens.push(token);
    isScalar = false;
    for (let at = start; at < offset; at++) {
      if (text[at] === '\n') {
        line += 1;
        lineStart = at + 1;
      }
    }
  }
  const indents = indentsOf(tokens);
  return found.map((comment): YamlComment => {
    const previous = tokens[comment.before - 1];
    // A dash only says that an item begins.
    const following = tokens[comment.before];
    const next = following?.isDash === true ? (tokens[comment.before + 1] ?? following) : following;
    const isOwnLine = previous === undefined || previous.line !== comment.line;
    // A comment below something, indented deeper than what follows, is about what it is below.
    const isAfter =
      isOwnLine &&
      previous !== undefined &&
      (following === undefined || (indents.get(following.line) ?? 0) < comment.column);
    const about = !isOwnLine || isAfter ? previous! : (next ?? comment);
    return {
      start: comment.start,
      end: comment.end,
      text: text.slice(comment.start + 1, comment.end).trimEnd(),
      isOwnLine,
      isAfter,
      about: !isOwnLine || isAfter ? about.end - 1 : about.start,
    };
  });
}

function indentsOf(tokens: readonly Token[]): ReadonlyMap<number, number> {
  const indents = new Map<number, number>();
  for (const { line, column } of tokens) if (!indents.has(line)) indents.set(line, column);
  return indents;
}

/** The comments that have not been written yet. */
export interface CommentBook {
  /** Those about anything within the span; each is given once. */
  take(span: Span): readonly YamlComment[];
  /** One more line of its own, above what it is about. */
  add(text: string, about: number): void;
}

export function commentBook(comments: readonly YamlComment[]): CommentBook {
  const left = new Set(comments);
  return {
    take(span) {
      const taken = [...left].filter(({ about }) => span.start <= about && about < span.end);
      for (const comment of taken) left.delete(comment);
      return taken.sort((one, other) => one.start - other.start);
    },
    add(text, about) {
      left.add({ text, about, isOwnLine: true, isAfter: false, start: about, end: about });
    },
  };
}
