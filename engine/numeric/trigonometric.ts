import { highWord, leadingPart } from './float64-words.ts';

/** π/2 as one double and what it lacks. */
const HALF_PI = 1.570796326794896558;
const HALF_PI_REST = 6.12323399573676603587e-17;
const QUARTER_PI = 7.85398163397448278999e-1;
const TWO_OVER_PI = 6.36619772367581382433e-1;

/** π/2 in three parts of 33 bits, each with the double of all that follows it. */
const HALF_PI_PARTS = [
  { part: 1.57079632673412561417, rest: 6.07710050650619224932e-11, lostBits: 16 },
  { part: 6.0771005063039659766e-11, rest: 2.02226624879595063154e-21, lostBits: 49 },
  { part: 2.0222662487111664558e-21, rest: 8.47842766036889956997e-32, lostBits: Infinity },
] as const;

/** Up to 2^20 quarter turns, multiples of a part of 33 bits are exact. */
const LARGEST_ANGLE = 1048576 * HALF_PI;

interface ReducedAngle {
  readonly quadrant: number;
  /** What is left of the angle, in ±π/4, as the sum of two doubles. */
  readonly head: number;
  readonly tail: number;
}

/**
 * The angle less the nearest multiple of π/2. Each further part of π/2 is taken off only where
 * the one before has cancelled so many leading bits that its own rest is no longer good enough.
 */
function reduceAngle(x: number): ReducedAngle {
  if (Math.abs(x) <= QUARTER_PI) return { quadrant: 0, head: x, tail: 0 };
  if (Math.abs(x) > LARGEST_ANGLE) {
    throw new RangeError(`The angle ${x} is beyond 2^20 quarter turns.`);
  }
  const turns = Math.floor(x * TWO_OVER_PI + 0.5);
  let remaining = x;
  let carried = 0;
  for (const { part, rest, lostBits } of HALF_PI_PARTS) {
    const before = remaining;
    const product = turns * part;
    remaining = before - product;
    carried = turns * rest - (before - remaining - product);
    if (exponentOf(x) - exponentOf(remaining - carried) <= lostBits) break;
  }
  const head = remaining - carried;
  return { quadrant: turns & 3, head, tail: remaining - head - carried };
}

function exponentOf(x: number): number {
  return (highWord(x) >> 20) & 0x7ff;
}

/** The sine of head + tail, in ±π/4. */
function sineCore(head: number, tail: number): number {
  const z = head * head;
  const cube = z * head;
  const r =
    8.33333333332248946124e-3 +
    z *
      (-1.98412698298579493134e-4 +
        z *
          (2.75573137070700676789e-6 +
            z * (-2.50507602534068634195e-8 + z * 1.58969099521155010221e-10)));
  return head - (z * (0.5 * tail - cube * r) - tail + cube * 1.66666666666666324348e-1);
}

/** The cosine of head + tail, in ±π/4. */
function cosineCore(head: number, tail: number): number {
  const z = head * head;
  const r =
    z *
    (4.16666666666666019037e-2 +
      z *
        (-1.38888888888741095749e-3 +
          z *
            (2.48015872894767294178e-5 +
              z *
                (-2.75573143513906633035e-7 +
                  z * (2.0875723212981748279e-9 + z * -1.13596475577881948265e-11)))));
  const half = 0.5 * z;
  const rounded = 1 - half;
  return rounded + (1 - rounded - half + (z * r - head * tail));
}

/** sin x, within 1 ulp; a RangeError beyond 2^20 quarter turns, NaN at infinity. */
export function sin(x: number): number {
  if (!Number.isFinite(x)) return NaN;
  const { quadrant, head, tail } = reduceAngle(x);
  const value = quadrant & 1 ? cosineCore(head, tail) : sineCore(head, tail);
  return quadrant & 2 ? -value : value;
}

/** cos x, within 1 ulp; a RangeError beyond 2^20 quarter turns, NaN at infinity. */
export function cos(x: number): number {
  if (!Number.isFinite(x)) return NaN;
  const { quadrant, head, tail } = reduceAngle(x);
  const value = quadrant & 1 ? sineCore(head, tail) : cosineCore(head, tail);
  return quadrant === 1 || quadrant === 2 ? -value : value;
}

/** (asin √z − √z) / √z for z up to 1/4. */
function arcsineExcess(z: number): number {
  const numerator =
    z *
    (1.66666666666666657415e-1 +
      z *
        (-3.25565818622400915405e-1 +
          z *
            (2.01212532134862925881e-1 +
              z *
                (-4.00555345006794114027e-2 +
                  z * (7.91534994289814532176e-4 + z * 3.4793310759602116757e-5)))));
  const denominator =
    1 +
    z *
      (-2.40339491173441421878 +
        z *
          (2.02094576023350569471 +
            z * (-6.8828397160545329303e-1 + z * 7.70381505559019352791e-2)));
  return numerator / denominator;
}

/** arccos x in [0, π], within 1 ulp; NaN outside [−1, 1]. */
export function acos(x: number): number {
  if (!(x >= -1 && x <= 1)) return NaN;
  if (Math.abs(x) < 0.5) return HALF_PI - (x - (HALF_PI_REST - x * arcsineExcess(x * x)));

  // cos 2a = 1 − 2·sin² a, so half the angle (or half of what it lacks to π) is an arcsine.
  const z = 0.5 * (1 - Math.abs(x));
  const root = Math.sqrt(z);
  const excess = root * arcsineExcess(z);
  if (x < 0) return 2 * (HALF_PI - (root + (excess - HALF_PI_REST)));
  if (z === 0) return 0;
  const leading = leadingPart(root);
  const rootRest = (z - leading * leading) / (root + leading);
  return 2 * (leading + (excess + rootRest));
}
