import { exponentialCore } from './exponential.ts';
import { highWord, leadingPart, scaleByPowerOfTwo, withHighWord } from './float64-words.ts';

/** A number as an unevaluated sum; the head has at most 21 significant bits. */
interface Pair {
  readonly head: number;
  readonly rest: number;
}

const LN2 = 6.93147180559945286227e-1;
const LN2_HEAD = 6.93147182464599609375e-1;
const LN2_REST = -1.90465429995776804525e-9;

/** 2 / (3·ln 2), which turns the scaled logarithm into one to base 2. */
const TO_BASE_TWO = 9.61796693925975554329e-1;
const TO_BASE_TWO_HEAD = 9.61796700954437255859e-1;
const TO_BASE_TWO_REST = -7.02846165095275826516e-9;

/** The significand is divided by 1 or by 3/2, whichever is nearer; log2 of it is added again. */
const NEAR_ONE = { divisor: 1, log2: { head: 0, rest: 0 } } as const;
const NEAR_THREE_HALVES = {
  divisor: 1.5,
  log2: { head: 5.84962487220764160156e-1, rest: 1.35003920212974897128e-8 },
} as const;

/** High words of √(3/2) and √3, between which the significand is compared with 3/2. */
const SQRT_THREE_HALVES_HIGH = 0x3ff3988e;
const SQRT_THREE_HIGH = 0x3ffbb67a;

/**
 * x to the power y, within 1 ulp. Special values as ECMAScript has them: `pow(x, 0)` is 1 for
 * every x, `pow(±1, ±∞)` and every other NaN operand give NaN.
 */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  const magnitude = Math.abs(x);
  if (!Number.isFinite(y)) {
    if (magnitude === 1) return NaN;
    return magnitude > 1 === y > 0 ? Infinity : 0;
  }
  const negative = highWord(x) < 0;
  const sign = negative && isOddInteger(y) ? -1 : 1;
  if (x === 0 || magnitude === Infinity) return sign * (y < 0 ? 1 / magnitude : magnitude);
  if (negative && !Number.isInteger(y)) return NaN;
  if (magnitude === 1) return sign;
  if (y === 1) return x;
  if (y === 2) return x * x;
  if (y === -1) return 1 / x;
  if (y === 0.5) return Math.sqrt(x);
  return sign * exponentialOfBaseTwo(timesLogarithm(y, logarithmToBaseTwo(magnitude)));
}

/** Doubles from 2^53 on are all even. */
function isOddInteger(y: number): boolean {
  return Number.isInteger(y) && !Number.isInteger(0.5 * y);
}

/** log2 x for a positive finite x, to about 75 bits. */
function logarithmToBaseTwo(x: number): Pair {
  const subnormal = x < 2.2250738585072014e-308;
  const normal = subnormal ? x * 9007199254740992 : x;
  const high = highWord(normal);
  const significandHigh = (high & 0xfffff) | 0x3ff00000;
  const large = significandHigh >= SQRT_THREE_HIGH;
  const exponent = (high >> 20) - 1023 - (subnormal ? 53 : 0) + (large ? 1 : 0);
  const significand = withHighWord(normal, significandHigh - (large ? 0x100000 : 0));
  const { divisor, log2 } =
    !large && significandHigh > SQRT_THREE_HALVES_HIGH ? NEAR_THREE_HALVES : NEAR_ONE;

  // s = (m − d) / (m + d), as leading part and rest.
  const difference = significand - divisor;
  const sum = significand + divisor;
  const inverse = 1 / sum;
  const s = difference * inverse;
  const sHead = leadingPart(s);
  const sumHead = leadingPart(sum);
  const sumRest = significand - (sumHead - divisor);
  const sRest = inverse * (difference - sHead * sumHead - sHead * sumRest);

  // ln(m / d) = 2/3 · s · (3 + s² + the tail of the series), again as leading part and rest.
  const square = s * s;
  const series =
    square *
      square *
      (5.99999999999994648725e-1 +
        square *
          (4.28571428578550184252e-1 +
            square *
              (3.33333329818377432918e-1 +
                square *
                  (2.72728123808534006489e-1 +
                    square * (2.30660745775561754067e-1 + square * 2.06975017800338417784e-1))))) +
    sRest * (sHead + s);
  const headSquare = sHead * sHead;
  const factorHead = leadingPart(3 + headSquare + series);
  const factorRest = series - (factorHead - 3 - headSquare);
  const main = sHead * factorHead;
  const minor = sRest * factorHead + factorRest * s;
  const naturalHead = leadingPart(main + minor);
  const naturalRest = minor - (naturalHead - main);

  const scaledHead = TO_BASE_TWO_HEAD * naturalHead;
  const scaledRest = TO_BASE_TWO_REST * naturalHead + naturalRest * TO_BASE_TWO + log2.rest;
  const head = leadingPart(scaledHead + scaledRest + log2.head + exponent);
  return { head, rest: scaledRest - (head - exponent - log2.head - scaledHead) };
}

/** y · logarithm: the product of the two heads is exact, all else is rest. */
function timesLogarithm(y: number, logarithm: Pair): Pair {
  const yHead = leadingPart(y);
  return {
    head: yHead * logarithm.head,
    rest: (y - yHead) * logarithm.head + y * logarithm.rest,
  };
}

/** 2^(head + rest). */
function exponentialOfBaseTwo({ head, rest }: Pair): number {
  const total = head + rest;
  if (total > 1025) return Infinity;
  if (total < -1080) return 0;
  const exponent = Math.floor(total + 0.5);
  const fraction = head - exponent;

  // e^(ln 2 · fraction), the product with ln 2 as a double and its error.
  const fractionHead = leadingPart(fraction + rest);
  const product = fractionHead * LN2_HEAD;
  const correction = (rest - (fractionHead - fraction)) * LN2 + fractionHead * LN2_REST;
  const r = product + correction;
  const error = correction - (r - product);
  const c = exponentialCore(r);
  return scaleByPowerOfTwo(1 - ((r * c) / (c - 2) - (error + r * error) - r), exponent);
}
