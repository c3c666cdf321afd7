/** Which of many equal rows or columns a scrolled view needs. */
export interface Stretch {
  readonly first: number;
  /** Not itself in the stretch. */
  readonly end: number;
}

export function stretchOf(scroll: number, size: number, each: number, count: number): Stretch {
  const first = Math.max(0, Math.min(count, Math.floor(scroll / each) - 1));
  const end = Math.min(count, Math.ceil((scroll + size) / each) + 1);
  return { first, end: Math.max(first, end) };
}
