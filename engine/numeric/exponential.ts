import { highWord, scaleByPowerOfTwo, withHighWord } from './float64-words.ts';

/** The constants of fdlibm (Sun Microsystems, 1993): ln 2 in two parts, of which the first has 33 bits. */
const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const INVERSE_LN2 = 1.442695040888963387;

/** From here on e^x is infinite, below the other it rounds to zero. */
const EXP_OVERFLOW = 7.09782712893383973096e2;
const EXP_UNDERFLOW = -7.4513321910194110842e2;

/**
 * `r − r²·P(r²)` for r in ±ln 2 / 2, the c in e^r = 1 + r + r·c / (2 − c). It comes from the even
 * function r·(e^r + 1) / (e^r − 1) = 2 + r²·P(r²), hence five coefficients are enough.
 */
export function exponentialCore(r: number): number {
  const t = r * r;
  return (
    r -
    t *
      (1.66666666666666019037e-1 +
        t *
          (-2.77777777770155933842e-3 +
            t *
              (6.61375632143793436117e-5 +
                t * (-1.6533902205465251539e-6 + t * 4.13813679705723846039e-8))))
  );
}

/**
 * e^x = (1 + excess) · 2^exponent, the excess in about [−0.3, 0.42].
 * The excess keeps what the sum with 1 would round away. `x` is finite and below 2000.
 */
export function splitExponential(x: number): {
  readonly excess: number;
  readonly exponent: number;
} {
  const exponent =
    Math.abs(x) <= 0.5 * LN2_HIGH ? 0 : Math.trunc(x * INVERSE_LN2 + (x < 0 ? -0.5 : 0.5));
  const high = x - exponent * LN2_HIGH;
  const low = exponent * LN2_LOW;
  const r = high - low;
  const c = exponentialCore(r);
  return { excess: high - (low - (r * c) / (2 - c)), exponent };
}

/** e^x, within 1 ulp. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > EXP_OVERFLOW) return Infinity;
  if (x < EXP_UNDERFLOW) return 0;
  const { excess, exponent } = splitExponential(x);
  return scaleByPowerOfTwo(1 + excess, exponent);
}

/** The natural logarithm, within 1 ulp: −∞ at ±0, NaN below. */
export function log(x: number): number {
  if (x === 0) return -Infinity;
  if (x < 0 || Number.isNaN(x)) return NaN;
  if (x === Infinity) return Infinity;

  // x = 2^k · (1 + f) with 1 + f between √½ and √2.
  const subnormal = x < 2.2250738585072014e-308;
  const normal = subnormal ? x * 18014398509481984 : x;
  const high = highWord(normal);
  const significand = withHighWord(normal, (high & 0xfffff) | 0x3ff00000);
  const large = significand > Math.SQRT2;
  const k = (high >> 20) - 1023 - (subnormal ? 54 : 0) + (large ? 1 : 0);
  const f = (large ? 0.5 * significand : significand) - 1;

  // ln(1 + f) = f − f²/2 + s·(f²/2 + R(s²)) with s = f / (2 + f).
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even =
    w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const odd =
    z *
    (6.66666666666673513e-1 +
      w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  const halfSquare = 0.5 * f * f;
  return k * LN2_HIGH - (halfSquare - (s * (halfSquare + (even + odd)) + k * LN2_LOW) - f);
}
