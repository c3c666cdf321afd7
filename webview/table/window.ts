/** Which of many equal rows or columns a scrolled view needs. */
export interface Stretch {
  readonly first: number;
  /** Not itself in the stretch. */
  readonly end: number;
}

export interface Window {
  /** In pixels, as the three that follow. */
  readonly scroll: number;
  readonly size: number;
  readonly each: number;
  readonly count: number;
  /** Stretches begin and end at multiples of this: most frames of a scroll then change nothing. */
  readonly step: number;
}

export function stretchOf({ scroll, size, each, count, step }: Window): Stretch {
  const first = Math.floor(Math.max(0, scroll) / each / step) * step;
  const end = Math.ceil((scroll + size) / each / step) * step;
  return { first: Math.min(count, first), end: Math.max(0, Math.min(count, end)) };
}

export function isSame(a: Stretch, b: Stretch): boolean {
  return a.first === b.first && a.end === b.end;
}
