/** Lists, arguments and statements with the comments that belong to them. */
import { joined, type Piece } from '../pieces.ts';
import type { YamlComment } from '../yaml/comments.ts';

export interface Row {
  readonly piece: Piece;
  readonly comments?: readonly YamlComment[];
}

/** Between brackets: on one line, or one a line where some have comments or it is asked for. */
export function bracketed(
  open: string,
  rows: readonly Row[],
  close: string,
  { isBroken = false }: { readonly isBroken?: boolean } = {},
): Piece {
  const hasComments = rows.some(({ comments = [] }) => comments.length > 0);
  if (isBroken || hasComments) return [open, '\n', rows.map((row) => lined(row, ',')), close];
  return [
    open,
    joined(
      rows.map(({ piece }) => piece),
      ', ',
    ),
    close,
  ];
}

/** A row as lines: comments above it, itself, comments below it. */
export function lined({ piece, comments = [] }: Row, mark = ''): Piece {
  const above = comments.filter(({ isOwnLine, isAfter }) => isOwnLine && !isAfter);
  const below = comments.filter(({ isAfter }) => isAfter);
  const [beside, ...more] = comments.filter(({ isOwnLine }) => !isOwnLine);
  return [
    [...above, ...more].map((comment) => [commentText(comment), '\n']),
    piece,
    mark,
    beside === undefined ? '' : ['  ', commentText(beside)],
    '\n',
    below.map((comment) => [commentText(comment), '\n']),
  ];
}

export function commentText({ text }: { readonly text: string }): string {
  const isTight = text === '' || text.startsWith(' ');
  return isTight ? `//${text}` : `// ${text}`;
}
