/**
 * What is known of a node's 32-bit words: that each lies in one of some spans, ends in so many zero bits, and, read as a finite
 * f32, is a multiple of a power of two. Every function here gives a set that holds at least the possible results.
 */
export interface WordSet {
  /** Disjoint, rising, ends included. */
  readonly spans: readonly Span[];
  /** Bits that are 0 at the low end of every word; 32 if all are 0. */
  readonly trailing: number;
  /** Read as f32, each nonzero finite word is a multiple of 2^q. */
  readonly q: number;
}

export type Span = readonly [from: number, to: number];

const signBit = 0x80000000;
const all = 0xffffffff;
const full: Span = [0, all];
/** More spans than this are joined where the gap is least. */
const mostSpans = 8;

export function wordSet(
  spans: readonly Span[],
  known: { readonly trailing?: number; readonly q?: number } = {},
): WordSet {
  const joined = normalised(spans);
  const single = joined.length === 1 && joined[0]![0] === joined[0]![1];
  const trailing = single ? trailingZeros(joined[0]![0]) : (known.trailing ?? 0);
  return { spans: joined, trailing, q: Math.max(known.q ?? -149, leastUnit(joined, trailing)) };
}

export const anyWord: WordSet = wordSet([full]);

export function singleWord(word: number): WordSet {
  return wordSet([[word, word]]);
}

export function singleOf(set: WordSet): number | undefined {
  if (set.spans.length !== 1) return undefined;
  const [from, to] = set.spans[0]!;
  return from === to ? from : undefined;
}

export function least(set: WordSet): number {
  return set.spans[0]?.[0] ?? all;
}

export function greatest(set: WordSet): number {
  return set.spans.at(-1)?.[1] ?? 0;
}

export function union(a: WordSet, b: WordSet): WordSet {
  if (a.spans.length === 0) return b;
  if (b.spans.length === 0) return a;
  return wordSet([...a.spans, ...b.spans], {
    trailing: Math.min(a.trailing, b.trailing),
    q: Math.min(a.q, b.q),
  });
}

/** Those words of the set that lie in the spans. */
export function within(set: WordSet, allowed: readonly Span[]): WordSet {
  const spans = set.spans.flatMap(([from, to]) =>
    allowed.flatMap(([low, high]): Span[] =>
      Math.max(from, low) <= Math.min(to, high) ? [[Math.max(from, low), Math.min(to, high)]] : [],
    ),
  );
  return wordSet(spans, set);
}

/** The spans cut at the sign bit, so that none holds words of both signs. */
export function bySign(spans: readonly Span[]): readonly Span[] {
  return spans.flatMap(([from, to]): Span[] =>
    from < signBit && to >= signBit
      ? [
          [from, signBit - 1],
          [signBit, to],
        ]
      : [[from, to]],
  );
}

/** The spans of the words without their sign. */
export function magnitudes(set: WordSet): readonly Span[] {
  return bySign(set.spans).map(([from, to]) =>
    from >= signBit ? [from - signBit, to - signBit] : [from, to],
  );
}

/** `and` with 0x7fffffff and `xor` with 0x80000000 change the sign alone: the float stays a multiple of what it was. */
export function withoutSign(set: WordSet): WordSet {
  return wordSet(magnitudes(set), { trailing: Math.min(set.trailing, 31), q: set.q });
}

export function flippedSign(set: WordSet): WordSet {
  const spans = bySign(set.spans).map(([from, to]): Span =>
    from >= signBit ? [from - signBit, to - signBit] : [from + signBit, to + signBit],
  );
  return wordSet(spans, { trailing: Math.min(set.trailing, 31), q: set.q });
}

export function and(a: WordSet, b: WordSet): WordSet {
  const mask = singleOf(b) ?? singleOf(a);
  const other = singleOf(b) === undefined ? b : a;
  const trailing = Math.max(a.trailing, b.trailing);
  if (mask === undefined) return wordSet([[0, Math.min(greatest(a), greatest(b))]], { trailing });
  if (mask === signBit - 1) return withoutSign(other);
  // All bits from some place up: words keep their order, and nothing above is lost.
  if (mask + lowestBit(mask) === all + 1) {
    const spans = other.spans.map(([from, to]): Span => [(from & mask) >>> 0, (to & mask) >>> 0]);
    return wordSet(spans, { trailing });
  }
  return wordSet(
    other.spans.flatMap((span) => maskedSpan(span, mask)),
    { trailing },
  );
}

function maskedSpan([from, to]: Span, mask: number): readonly Span[] {
  if (mask === 0) return [[0, 0]];
  const isOneBit = lowestBit(mask) === mask;
  if (isOneBit)
    return [
      [0, 0],
      [mask, mask],
    ];
  const width = ones(mask) + 1;
  const isLowOnes = mask + 1 === width;
  if (isLowOnes && Math.floor(from / width) === Math.floor(to / width))
    return [[(from & mask) >>> 0, (to & mask) >>> 0]];
  return [[0, Math.min(mask, to)]];
}

export function or(a: WordSet, b: WordSet): WordSet {
  return pairwise(a, b, ([a0, a1], [b0, b1]) => {
    if (a0 === a1 && b0 === b1) return [[(a0 | b0) >>> 0, (a0 | b0) >>> 0]];
    // A lone sign bit beside words without it.
    for (const [one, [from, to]] of [
      [
        [a0, a1],
        [b0, b1],
      ],
      [
        [b0, b1],
        [a0, a1],
      ],
    ] as const) {
      if (one[0] !== one[1]) continue;
      if (one[0] === 0) return [[from, to]];
      if (one[0] === signBit && to < signBit) return [[from + signBit, to + signBit]];
    }
    return [[Math.max(a0, b0), ones(Math.max(a1, b1))]];
  });
}

export function xor(a: WordSet, b: WordSet): WordSet {
  if (singleOf(b) === signBit) return flippedSign(a);
  if (singleOf(a) === signBit) return flippedSign(b);
  return pairwise(a, b, ([a0, a1], [b0, b1]) =>
    a0 === a1 && b0 === b1 ? [[(a0 ^ b0) >>> 0, (a0 ^ b0) >>> 0]] : [[0, ones(Math.max(a1, b1))]],
  );
}

export function shiftLeft(a: WordSet, count: number): WordSet {
  const trailing = Math.min(32, a.trailing + count);
  const factor = (1 << count) >>> 0;
  const spans = a.spans.map(([from, to]): Span =>
    to * factor <= all ? [from * factor, to * factor] : [0, all - (factor - 1)],
  );
  return wordSet(spans, { trailing });
}

export function shiftRight(a: WordSet, count: number): WordSet {
  return wordSet(
    a.spans.map(([from, to]) => [from >>> count, to >>> count]),
    { trailing: Math.max(0, a.trailing - count) },
  );
}

export function shiftRightSigned(a: WordSet, count: number): WordSet {
  return wordSet(
    bySign(a.spans).map(([from, to]) => [(from >> count) >>> 0, (to >> count) >>> 0]),
    { trailing: a.trailing === 32 ? 32 : Math.max(0, a.trailing - count) },
  );
}

export function addWords(a: WordSet, b: WordSet): WordSet {
  return pairwise(a, b, ([a0, a1], [b0, b1]) => wrapped(a0 + b0, a1 + b1));
}

export function subtractWords(a: WordSet, b: WordSet): WordSet {
  return pairwise(a, b, ([a0, a1], [b0, b1]) => wrapped(a0 - b1, a1 - b0));
}

export function multiplyWords(a: WordSet, b: WordSet): WordSet {
  const trailing = Math.min(32, a.trailing + b.trailing);
  const spans = pairs(a, b, ([a0, a1], [b0, b1]) =>
    a1 * b1 <= all ? [[a0 * b0, a1 * b1]] : [full],
  );
  return wordSet(spans, { trailing });
}

type Extreme = (a: number, b: number) => number;

export function extremeUnsigned(a: WordSet, b: WordSet, pick: Extreme): WordSet {
  return pairwise(a, b, ([a0, a1], [b0, b1]) => [[pick(a0, b0), pick(a1, b1)]]);
}

/** Signed order is unsigned order with the sign bit flipped. */
export function extremeSigned(a: WordSet, b: WordSet, pick: Extreme): WordSet {
  return flippedSign(extremeUnsigned(flippedSign(a), flippedSign(b), pick));
}

/** A span modulo 2^32 of ends that lie less than 2^32 outside. */
function wrapped(from: number, to: number): readonly Span[] {
  const modulus = all + 1;
  if (to - from >= modulus) return [full];
  if (from < 0)
    return to < 0
      ? [[from + modulus, to + modulus]]
      : [
          [0, to],
          [from + modulus, all],
        ];
  if (to > all)
    return from > all
      ? [[from - modulus, to - modulus]]
      : [
          [from, all],
          [0, to - modulus],
        ];
  return [[from, to]];
}

function pairs(
  a: WordSet,
  b: WordSet,
  combine: (a: Span, b: Span) => readonly Span[],
): readonly Span[] {
  return a.spans.flatMap((left) => b.spans.flatMap((right) => combine(left, right)));
}

/** For operations that keep the zero bits at the low end that both have. */
function pairwise(a: WordSet, b: WordSet, combine: (a: Span, b: Span) => readonly Span[]): WordSet {
  return wordSet(pairs(a, b, combine), { trailing: Math.min(a.trailing, b.trailing) });
}

/** Sorted, without overlap, and few. */
function normalised(spans: readonly Span[]): readonly Span[] {
  const joined: [number, number][] = [];
  for (const [from, to] of [...spans].sort((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  while (joined.length > mostSpans) {
    let at = 1;
    for (let i = 2; i < joined.length; i++)
      if (joined[i]![0] - joined[i - 1]![1] < joined[at]![0] - joined[at - 1]![1]) at = i;
    joined.splice(at - 1, 2, [joined[at - 1]![0], joined[at]![1]]);
  }
  return joined;
}

/** From the least nonzero magnitude and the zero bits at its end: the unit in its last place, or more. */
function leastUnit(spans: readonly Span[], trailing: number): number {
  let unit = Infinity;
  for (const [from, to] of bySign(spans)) {
    const [low, high] = from >= signBit ? [from - signBit, to - signBit] : [from, to];
    if (high === 0) continue;
    const nonzero = Math.max(low, 1);
    const exponent = Math.max(nonzero >>> 23, 1);
    unit = Math.min(unit, exponent - 150 + Math.min(trailing, 23));
  }
  return unit;
}

export function trailingZeros(word: number): number {
  return word === 0 ? 32 : 31 - Math.clz32(lowestBit(word));
}

function lowestBit(word: number): number {
  return (word & -word) >>> 0;
}

/** The least 2^n - 1 that is not below the word. */
function ones(word: number): number {
  return word === 0 ? 0 : all >>> Math.clz32(word);
}
