/** A stretch of the recipe's text: UTF-16 offsets, the end not included. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The place of anything that has one, and nothing else of it. */
export function spanOf({ start, end }: Span): Span {
  return { start, end };
}

/** The smallest span that holds both. */
export function spanOver(first: Span, last: Span): Span {
  return { start: Math.min(first.start, last.start), end: Math.max(first.end, last.end) };
}

/** Whether an offset lies in the span, its end included: a cursor may stand behind the last letter. */
export function touches(span: Span, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}
