import { bySign, magnitudes, wordSet, type Span, type WordSet } from './word-set.ts';

/** What is known of a float's magnitudes. */
export interface FloatSet {
  /** Each finite value is a multiple of 2^q. */
  readonly q: number;
  /** Bounds of the nonzero magnitudes; Infinity and 0 where there are none. */
  readonly lo: number;
  /** Infinity where an infinity or a NaN is possible. */
  readonly hi: number;
  readonly mayBeZero: boolean;
  readonly mayBeNegative: boolean;
}

/** Powers of two between which an operation is the same on every device, rounded or not. */
const leastNormal = fromBits(1 << 23);
const wellBelowOverflow = fromBits((127 + 127) << 23);

const scratch = new DataView(new ArrayBuffer(4));

export function toBits(value: number): number {
  scratch.setFloat32(0, value);
  return scratch.getUint32(0);
}

export function fromBits(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits);
  return view.getFloat32(0);
}

/** 2^exponent, exactly, for what a product of two f32 can be. */
export function powerOfTwo(exponent: number): number {
  const view = new DataView(new ArrayBuffer(8));
  if (exponent < -1022) return 0;
  view.setBigUint64(0, BigInt(exponent + 1023) << 52n);
  return view.getFloat64(0);
}

/** floor(log2 x) of a positive normal f64. */
function exponentOf(value: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return ((view.getUint32(0) >>> 20) & 0x7ff) - 1023;
}

export function floatsOf(words: WordSet): FloatSet {
  let lo = Infinity;
  let hi = 0;
  let mayBeZero = false;
  for (const [from, to] of magnitudes(words)) {
    if (from === 0) mayBeZero = true;
    if (to === 0) continue;
    if (from < 0x7f800000) lo = Math.min(lo, fromBits(Math.max(from, 1)));
    hi = Math.max(hi, to >= 0x7f800000 ? Infinity : fromBits(to));
  }
  const mayBeNegative = bySign(words.spans).some(([, to]) => to > 0x80000000);
  return { q: words.q, lo, hi, mayBeZero, mayBeNegative };
}

export function wordsOf({ q, lo, hi, mayBeZero, mayBeNegative }: FloatSet): WordSet {
  const zero: readonly Span[] = mayBeZero
    ? [
        [0, 0],
        [0x80000000, 0x80000000],
      ]
    : [];
  if (hi === 0) return wordSet(zero);
  const low = lo === Infinity ? 0x7f800000 : Math.max(1, toBits(lo));
  const high = hi === Infinity ? 0x7fffffff : toBits(hi);
  const negative: readonly Span[] =
    // A NaN has any sign.
    mayBeNegative || hi === Infinity ? [[low + 0x80000000, high + 0x80000000]] : [];
  return wordSet([...zero, [low, high], ...negative], { q });
}

/** Everything, NaN included, from this magnitude up. */
function unbounded(lo: number): FloatSet {
  return { q: -149, lo, hi: Infinity, mayBeZero: true, mayBeNegative: true };
}

export type Arithmetic = 'fadd' | 'fsub' | 'fmul';

/** Why an operation may differ between devices. */
export type Doubt =
  | 'an operand may be subnormal'
  | 'an operand may be infinite or NaN'
  | 'a result may be subnormal'
  | 'a result may overflow'
  | 'an integer above 2^24 may become a float';

/**
 * A sum, difference or product, rounded. The bounds go through the same rounding as the values, which keeps order, so they hold.
 * What is not zero is at least 2^q, and after rounding at least a multiple of the last place of the least magnitude.
 */
export function arithmetic(
  op: Arithmetic,
  a: FloatSet,
  b: FloatSet,
  same: boolean,
): FloatSet | Doubt {
  if (a.hi === Infinity || b.hi === Infinity) return 'an operand may be infinite or NaN';
  if (a.lo < leastNormal || b.lo < leastNormal) return 'an operand may be subnormal';
  const exact = op === 'fmul' ? product(a, b, same) : sum(a, b, op);
  if (exact.hi === 0) return { ...exact, q: Infinity, lo: Infinity };
  const lo = Math.fround(Math.max(exact.lo, powerOfTwo(exact.q)));
  if (lo < leastNormal) return 'a result may be subnormal';
  const hi = Math.fround(exact.hi);
  if (hi >= wellBelowOverflow) return 'a result may overflow';
  return { ...exact, lo, hi, q: Math.max(exact.q, exponentOf(lo) - 23) };
}

function product(a: FloatSet, b: FloatSet, same: boolean): FloatSet {
  const isZero = a.hi === 0 || b.hi === 0;
  return {
    q: a.q + b.q,
    lo: isZero ? Infinity : a.lo * b.lo,
    hi: a.hi * b.hi,
    mayBeZero: a.mayBeZero || b.mayBeZero,
    mayBeNegative: !same && (a.mayBeNegative || b.mayBeNegative),
  };
}

function sum(a: FloatSet, b: FloatSet, op: 'fadd' | 'fsub'): FloatSet {
  const outweighs = a.lo > b.hi ? a.lo - b.hi : b.lo > a.hi ? b.lo - a.hi : 0;
  const canCancel = outweighs === 0 && a.hi > 0 && b.hi > 0;
  const q = Math.min(a.q, b.q);
  const both = a.hi === 0 || b.hi === 0 ? Infinity : Math.max(outweighs, powerOfTwo(q));
  return {
    q,
    lo: Math.min(both, b.mayBeZero ? a.lo : Infinity, a.mayBeZero ? b.lo : Infinity),
    hi: a.hi + b.hi,
    mayBeZero: canCancel || (a.mayBeZero && b.mayBeZero),
    mayBeNegative: op === 'fsub' || a.mayBeNegative || b.mayBeNegative,
  };
}

/** A quotient: exact whatever its operands are, since it is made of integers. */
export function quotient(a: FloatSet, b: FloatSet): FloatSet {
  if (a.hi === 0 && !b.mayBeZero && b.hi < Infinity) return { ...a, mayBeNegative: true };
  const lo = b.hi === Infinity || a.lo === Infinity ? 0 : Math.fround(a.lo / b.hi);
  const least = Math.max(lo, fromBits(1));
  if (b.mayBeZero || a.hi === Infinity || b.hi === Infinity) return unbounded(least);
  const hi = Math.fround(a.hi / b.lo);
  return {
    q: -149,
    lo: least,
    hi,
    mayBeZero: a.mayBeZero || lo === 0,
    mayBeNegative: a.mayBeNegative || b.mayBeNegative,
  };
}

/** A root, exact likewise; of a negative number it is NaN. */
export function squareRoot(a: FloatSet): FloatSet {
  const lo = a.lo === Infinity ? Infinity : Math.fround(Math.sqrt(a.lo));
  if (a.mayBeNegative || a.hi === Infinity) return unbounded(Math.min(lo, leastNormal));
  return { ...a, q: -149, lo, hi: Math.fround(Math.sqrt(a.hi)) };
}
