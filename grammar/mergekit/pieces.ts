/** Text that knows which part of another text each piece comes from. */
import type { Span } from '../syntax/span.ts';

export type Piece = string | readonly Piece[] | { readonly from: Span; readonly piece: Piece };

/** A span of the written text and where it comes from. */
export interface Origin extends Span {
  readonly from: Span;
}

export interface Written {
  readonly text: string;
  /** Inner before outer. */
  readonly origins: readonly Origin[];
}

export function from(span: Span, piece: Piece): Piece {
  return { from: { start: span.start, end: span.end }, piece };
}

export function joined(pieces: readonly Piece[], between: string): Piece {
  return pieces.flatMap((piece, index) => (index === 0 ? [piece] : [between, piece]));
}

export function textOfPiece(piece: Piece): string {
  if (typeof piece === 'string') return piece;
  return isTagged(piece) ? textOfPiece(piece.piece) : piece.map(textOfPiece).join('');
}

export function write(piece: Piece): Written {
  const parts: string[] = [];
  const origins: Origin[] = [];
  let length = 0;
  const walk = (one: Piece): void => {
    if (typeof one === 'string') {
      parts.push(one);
      length += one.length;
    } else if (isTagged(one)) {
      const start = length;
      walk(one.piece);
      origins.push({ start, end: length, from: one.from });
    } else {
      one.forEach(walk);
    }
  };
  walk(piece);
  return { text: parts.join(''), origins };
}

function isTagged(
  piece: Exclude<Piece, string>,
): piece is { readonly from: Span; readonly piece: Piece } {
  return 'piece' in piece;
}

/** Where a span of the written text comes from: by the smallest piece around it, else around its start. */
export function originOf(span: Span, origins: readonly Origin[]): Span | undefined {
  const around = (end: number): Origin | undefined =>
    origins
      .filter((origin) => origin.start <= span.start && end <= origin.end)
      .reduce<Origin | undefined>(
        (least, one) =>
          least === undefined || one.end - one.start < least.end - least.start ? one : least,
        undefined,
      );
  return (around(span.end) ?? around(span.start))?.from;
}
