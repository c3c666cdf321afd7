/**
 * True values of the elementary functions for tests, to some 240 bits: series and long division in
 * integers, by other ways than the code under test.
 */

/** Fixed point: a real r is kept as r · 2^BITS. */
const BITS = 320n;
const ONE = 1n << BITS;

/** The real `scaled · 2^(exponent − BITS)`. */
export interface TrueValue {
  readonly scaled: bigint;
  readonly exponent: number;
}

type Binary = { readonly integer: bigint; readonly exponent: number };

/** A finite double as integer · 2^exponent. */
function binary(x: number): Binary {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const magnitude = biased === 0 ? fraction : fraction | (1n << 52n);
  return { integer: bits >> 63n ? -magnitude : magnitude, exponent: Math.max(biased, 1) - 1075 };
}

function shifted(integer: bigint, by: number): bigint {
  return by >= 0 ? integer << BigInt(by) : integer >> BigInt(-by);
}

function fixed(x: number): bigint {
  const { integer, exponent } = binary(x);
  return shifted(integer, exponent + Number(BITS));
}

function times(a: bigint, b: bigint): bigint {
  return (a * b) >> BITS;
}

function over(a: bigint, b: bigint): bigint {
  return (a << BITS) / b;
}

function roundedQuotient(a: bigint, b: bigint): bigint {
  return (2n * a + (a < 0n ? -b : b)) / (2n * b);
}

/** x + s·x³/3 + x⁵/5 + s·x⁷/7 …: artanh for a sign of 1, arctan for −1. */
function oddSeries(x: bigint, sign: 1n | -1n): bigint {
  const square = times(x, x) * sign;
  let sum = 0n;
  for (let power = x, n = 1n; power / n !== 0n; power = times(power, square), n += 2n) {
    sum += power / n;
  }
  return sum;
}

const LN2 = 2n * oddSeries(ONE / 3n, 1n);
const PI = 16n * oddSeries(ONE / 5n, -1n) - 4n * oddSeries(ONE / 239n, -1n);

/** Σ r^n / n! over n = first, first + step, …, each term with the given sign change. */
function factorialSeries(r: bigint, first: 0 | 1, step: 1 | 2, sign: 1n | -1n): bigint {
  let term = first === 0 ? ONE : r;
  let sum = 0n;
  for (let n = first; term !== 0n && term !== -1n; n += step) {
    sum += term;
    for (let i = 1; i <= step; i += 1) term = times(term, r) / BigInt(n + i);
    term *= sign;
  }
  return sum;
}

function exponential(t: bigint): TrueValue {
  const exponent = roundedQuotient(t, LN2);
  const scaled = factorialSeries(t - exponent * LN2, 0, 1, 1n);
  return { scaled, exponent: Number(exponent) };
}

function logarithm(x: number): bigint {
  const { integer, exponent } = binary(x);
  const length = integer.toString(2).length;
  const half = shifted(integer, Number(BITS) - length);
  return BigInt(exponent + length) * LN2 + 2n * oddSeries(over(half - ONE, half + ONE), 1n);
}

function sineAndCosine(angle: bigint): { readonly sine: bigint; readonly cosine: bigint } {
  const turns = roundedQuotient(angle, PI);
  const rest = angle - turns * PI;
  const sign = turns % 2n === 0n ? 1n : -1n;
  return {
    sine: sign * factorialSeries(rest, 1, 2, -1n),
    cosine: sign * factorialSeries(rest, 0, 2, -1n),
  };
}

/** ⌊√n⌋ by Newton's iteration from above. */
function integerRoot(n: bigint): bigint {
  let root = 1n << BigInt(Math.ceil(n.toString(2).length / 2));
  for (;;) {
    const next = (root + n / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** 2·arctan √((1 − x) / (1 + x)), the tangent halved until its series is short. */
function arccosine(x: number): bigint {
  let tangent = integerRoot(over(ONE - fixed(x), ONE + fixed(x)) << BITS);
  const halvings = 4n;
  for (let i = 0n; i < halvings; i += 1n) {
    const secant = integerRoot((ONE << BITS) + tangent * tangent);
    tangent = over(tangent, ONE + secant);
  }
  return oddSeries(tangent, -1n) << (halvings + 1n);
}

function hyperbolicTangent(x: number): bigint {
  const { scaled, exponent } = exponential(2n * fixed(x));
  const power = shifted(scaled, exponent);
  return over(power - ONE, power + ONE);
}

/** For finite operands inside the domain whose results are neither zero nor infinite. */
export const trueValues = {
  exp: (x) => exponential(fixed(x)),
  log: (x) => ({ scaled: logarithm(x), exponent: 0 }),
  sin: (x) => ({ scaled: sineAndCosine(fixed(x)).sine, exponent: 0 }),
  cos: (x) => ({ scaled: sineAndCosine(fixed(x)).cosine, exponent: 0 }),
  acos: (x) => ({ scaled: arccosine(x), exponent: 0 }),
  tanh: (x) => ({ scaled: hyperbolicTangent(x), exponent: 0 }),
  pow: (x, y) => {
    const { integer, exponent } = binary(y);
    return exponential(shifted(logarithm(x) * integer, exponent));
  },
} satisfies Record<string, (x: number, y: number) => TrueValue>;

/** |actual − truth| in units of the last place that a double has there. */
export function ulpError(actual: number, truth: TrueValue): number {
  if (!Number.isFinite(actual)) return Infinity;
  const length = (truth.scaled < 0n ? -truth.scaled : truth.scaled).toString(2).length;
  const trueExponent = truth.exponent - Number(BITS);
  const ulpExponent = Math.max(length + trueExponent - 53, -1074);
  const unit = ulpExponent - 30;
  const { integer, exponent } = binary(actual);
  const error = shifted(integer, exponent - unit) - shifted(truth.scaled, trueExponent - unit);
  return Math.abs(Number(error)) / 1073741824;
}
