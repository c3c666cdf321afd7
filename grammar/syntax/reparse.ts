/**
 * Reads a text again after an edit: the statements around the edit are read, all others are taken over where they now stand.
 * Whatever was edited, the answer is the one that reading the whole text gives.
 */
import { commentOf } from './docs.ts';
import { type Lexed, lex } from './lexer.ts';
import { movedComment } from './moved.ts';
import type { Statement } from './tree.ts';
import { parse, type Parsed, parsedOf, readPieces } from './parse.ts';
import { Piece } from './piece.ts';

/** A text with what was read in it. */
export interface Reading {
  readonly text: string;
  readonly parsed: Parsed;
}

/** The stretch that differs: where it starts in both texts, where it ends in each. */
export interface Change {
  readonly start: number;
  readonly endBefore: number;
  readonly endNow: number;
}

/** The smallest stretch outside of which both texts are the same. */
export function changeBetween(before: string, now: string): Change {
  const most = Math.min(before.length, now.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === now.charCodeAt(start)) start += 1;
  let behind = 0;
  while (
    behind < most - start &&
    before.charCodeAt(before.length - 1 - behind) === now.charCodeAt(now.length - 1 - behind)
  ) {
    behind += 1;
  }
  return { start, endBefore: before.length - behind, endNow: now.length - behind };
}

export function reparse(before: Reading, text: string): Parsed {
  if (before.text === text) return before.parsed;
  return readAgain(before, text) ?? parse(text);
}

/** Undefined where the edit reaches further than its own surroundings, as an open brace does. */
function readAgain({ text: textBefore, parsed }: Reading, text: string): Parsed | undefined {
  const { pieces } = parsed;
  const change = changeBetween(textBefore, text);
  const by = change.endNow - change.endBefore;
  const first = firstToRead(textBefore, pieces, change);
  const behind = firstBehind(textBefore, pieces, change);
  const next = pieces[behind];
  // One statement more is read, to see that it is still met as it was.
  const start = first === 0 ? 0 : pieces[first]!.start;
  const end = (pieces[behind + 1]?.start ?? textBefore.length) + by;
  const lexed = lex(text, { start, end });
  const read = readPieces(text, lexed, { end, braces: pieces[first]?.bracesBefore ?? 0 });
  const opens = first === 0 || read.pieces[0]?.start === start;
  if (!opens || read.loose.length > 0) return undefined;
  const met = next && read.pieces.at(-1);
  if (next !== undefined && !isSameStart(met, next, by)) return undefined;
  const kept = met === undefined ? [] : takenOver(pieces.slice(behind), by, met.bracesBefore);
  if (kept === undefined) return undefined;
  const reread = met === undefined ? read.pieces : read.pieces.slice(0, -1);
  const documented = first === 0 ? reread : withDoc(reread, pieces[first]!);
  const now = keptAlike(documented, pieces.slice(first, behind), { textBefore, text });
  const below = met === undefined ? [] : withDoc(kept, met);
  return parsedOf(text, [...pieces.slice(0, first), ...now, ...below], {
    comments: commentsOf(parsed, lexed, { start, behind: next?.start, by }),
    loose: [],
    doc: first === 0 ? read.doc : parsed.recipe.doc,
  });
}

function isSameStart(met: Piece | undefined, next: Piece, by: number): boolean {
  const opens = (piece: Piece) => piece.read.statement !== undefined;
  return met?.start === next.start + by && opens(met) === opens(next);
}

/**
 * The statement before the one that the edit touches, or the text's head.
 * What documents that statement stands above it and is the same.
 */
function firstToRead(text: string, pieces: readonly Piece[], { start }: Change): number {
  const line = lineStart(text, start);
  const touched = pieces.findLastIndex((piece) => piece.start < line);
  for (let at = touched - 1; at > 0; at -= 1) {
    if (pieces[at]!.read.statement !== undefined && beginsLine(text, pieces[at]!.start)) return at;
  }
  return 0;
}

/**
 * The first statement on a line of its own below the lines of the edit; behind the last where there is none.
 * It is not the recipe's first, since what stands above that one is its own.
 */
function firstBehind(text: string, pieces: readonly Piece[], { endBefore }: Change): number {
  const line = lineEnd(text, endBefore);
  const at = pieces.findIndex(
    (piece, index) =>
      index > 0 &&
      piece.start > line &&
      beginsLine(text, piece.start) &&
      (pieces[index + 1] === undefined || beginsLine(text, pieces[index + 1]!.start)),
  );
  return at < 0 ? pieces.length : at;
}

/** Statements that stand `by` further on; undefined where one of them has to be read anew. */
function takenOver(
  pieces: readonly Piece[],
  by: number,
  braces: number,
): readonly Piece[] | undefined {
  const all: Piece[] = [];
  let open = braces;
  for (const piece of pieces) {
    const taken = piece.taken({ by, bracesBefore: open });
    if (taken === undefined) return undefined;
    open = taken.bracesBehind;
    all.push(taken);
  }
  return all;
}

/** Pieces that read as they did before are taken for those: to whoever holds them they are unchanged. */
function keptAlike(
  now: readonly Piece[],
  before: readonly Piece[],
  texts: { readonly textBefore: string; readonly text: string },
): readonly Piece[] {
  const kept = [...now];
  const keep = (at: number, other: Piece | undefined): boolean => {
    const piece = kept[at];
    if (piece === undefined || other === undefined || !isAlike(piece, other, texts)) return false;
    const by = piece.start - other.read.start;
    kept[at] = new Piece(other.read, by, piece.bracesBefore);
    return true;
  };
  let same = 0;
  while (keep(same, before[same])) same += 1;
  // What was doubled is taken over once: each piece of before stands for one of now.
  const most = Math.min(now.length, before.length) - same;
  let behind = 1;
  while (behind <= most && keep(now.length - behind, before.at(-behind))) behind += 1;
  return kept;
}

/** Without a slip, the same text is read as the same statement. */
function isAlike(
  { read }: Piece,
  other: Piece,
  { textBefore, text }: { readonly textBefore: string; readonly text: string },
): boolean {
  const [now, before] = [read.statement, other.read.statement];
  if (now === undefined || before === undefined || now.doc !== before.doc) return false;
  const isClean = ({ diagnostics, bracesBefore, bracesBehind }: Piece['read']): boolean =>
    diagnostics.length === 0 && bracesBefore === 0 && bracesBehind === 0;
  if (!isClean(read) || !isClean(other.read)) return false;
  const written = textBefore.slice(other.start, before.end + other.by);
  return text.slice(now.start, now.end) === written;
}

/** The first of some pieces with the documentation that another reading of it has, which saw what stands above. */
function withDoc(pieces: readonly Piece[], { read: like }: Piece): readonly Piece[] {
  const [first, ...others] = pieces;
  if (first?.read.statement === undefined) return pieces;
  const doc = like.statement?.doc;
  if (first.read.statement.doc === doc) return pieces;
  const statement: Statement = { ...first.read.statement, doc };
  return [new Piece({ ...first.read, statement }, first.by, first.bracesBefore), ...others];
}

interface ReadStretch {
  readonly start: number;
  /** Where in the text before the statements begin that are taken over; absent: there are none. */
  readonly behind: number | undefined;
  readonly by: number;
}

function commentsOf(
  { recipe }: Parsed,
  lexed: Lexed,
  { start, behind = Infinity, by }: ReadStretch,
): Parsed['recipe']['comments'] {
  return [
    ...recipe.comments.filter((comment) => comment.start < start),
    ...lexed.comments.map(commentOf).filter((comment) => comment.start < behind + by),
    ...recipe.comments.flatMap((comment) =>
      comment.start < behind ? [] : [movedComment(comment, by)],
    ),
  ];
}

function lineStart(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && !isLineEnd(text.charCodeAt(at - 1))) at -= 1;
  return at;
}

function lineEnd(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && !isLineEnd(text.charCodeAt(at))) at += 1;
  return at;
}

const isLineEnd = (unit: number): boolean => unit === 0x0a || unit === 0x0d;

/** Whether nothing but blanks stands before an offset on its line. */
function beginsLine(text: string, offset: number): boolean {
  return text.slice(lineStart(text, offset), offset).trim() === '';
}
