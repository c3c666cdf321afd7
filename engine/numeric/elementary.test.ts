import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { trueValues, ulpError } from './elementary.reference.ts';
import * as elementary from './elementary.ts';
import { drawWord } from './threefry.ts';

type Name = keyof typeof trueValues;
type Operands = readonly [number, number];

const LARGEST_ANGLE = 1048576 * (Math.PI / 2);

/** Points of one function, drawn in turn from regions that each try another part of its code. */
function* operands(name: Name, count: number): Generator<Operands> {
  let index = 0;
  const word = () => drawWord([0x6e756d, 1], index++);
  const between = (low: number, high: number) =>
    low + (high - low) * ((word() + word() / 4294967296) / 4294967296);
  // A factor of a half or a double is exact, so the points are the same in every engine.
  const magnitude = (low: number, high: number) => {
    let x = between(1, 2);
    const exponent = Math.floor(between(low, high));
    for (let i = 0; i < Math.abs(exponent); i += 1) x *= exponent < 0 ? 0.5 : 2;
    return word() % 2 === 0 ? x : -x;
  };
  const positiveDouble = () => {
    const view = new DataView(new ArrayBuffer(8));
    view.setUint32(0, word() % 0x7ff00000);
    view.setUint32(4, word());
    return Math.max(view.getFloat64(0), Number.MIN_VALUE);
  };
  const angles = [
    () => between(-10, 10),
    () => between(-LARGEST_ANGLE, LARGEST_ANGLE),
    () => Math.floor(between(1, 1048576)) * (Math.PI / 2),
    () => magnitude(-30, 20),
  ];
  const single: Record<Exclude<Name, 'pow'>, readonly (() => number)[]> = {
    exp: [() => between(-745, 709.78), () => between(-1, 1), () => magnitude(-60, 9)],
    log: [positiveDouble, () => between(0.5, 2), () => 1 + magnitude(-50, -2)],
    sin: angles,
    cos: angles,
    acos: [
      () => between(-1, 1),
      () => 1 - Math.abs(magnitude(-53, -2)),
      () => Math.abs(magnitude(-53, -2)) - 1,
      () => magnitude(-60, -1),
    ],
    tanh: [() => between(-3, 3), () => between(-22.5, 22.5), () => magnitude(-40, 4)],
  };
  const double: readonly (() => Operands)[] = [
    () => [Math.abs(magnitude(-20, 20)), between(-45, 45)],
    () => [between(0, 1), between(0, 4)],
    () => [between(0.5, 2), magnitude(-10, 10)],
    () => {
      const excess = magnitude(-51, -20);
      return [1 + excess, between(-700, 700) / excess];
    },
    () => [positiveDouble(), between(-1, 1)],
  ];
  for (let i = 0; i < count; i += 1) {
    if (name === 'pow') yield double[i % double.length]!();
    else yield [single[name][i % single[name].length]!(), 0];
  }
}

const words = new DataView(new ArrayBuffer(16));

/** How many doubles lie between two of the same sign. */
function distance(a: number, b: number): number {
  if (Object.is(a, b)) return 0;
  words.setFloat64(0, a);
  words.setFloat64(8, b);
  const high = words.getInt32(0) - words.getInt32(8);
  return Math.abs(high * 4294967296 + (words.getUint32(4) - words.getUint32(12)));
}

function bitsOf(x: number): string {
  words.setFloat64(0, x);
  return words.getBigUint64(0).toString(16).padStart(16, '0');
}

const names = Object.keys(trueValues) as Name[];

describe.each(names)('%s', (name) => {
  const ours: (x: number, y: number) => number = elementary[name];
  const engines: (x: number, y: number) => number = Math[name];

  test('is within 1 ulp of the true value', () => {
    let worst = { error: 0, x: 0, y: 0 };
    for (const [x, y] of operands(name, 4000)) {
      const truth = trueValues[name](x, y);
      const value = ours(x, y);
      if (truth.scaled === 0n || truth.exponent >= 1024 || truth.exponent < -1074) continue;
      const error = ulpError(value, truth);
      if (error > worst.error) worst = { error, x, y };
    }
    expect(worst.error, `at ${worst.x}, ${worst.y}`).toBeLessThan(1);
    expect(worst.error).toBeGreaterThan(0.4);
  });

  test('is near what the engine has over a million points', () => {
    // The engines' own tanh is off by up to 2.2 ulp.
    const allowed = name === 'tanh' ? 3 : 2;
    let worst = { apart: 0, x: 0, y: 0 };
    for (const [x, y] of operands(name, 1_000_000)) {
      const apart = distance(ours(x, y), engines(x, y));
      if (apart > worst.apart) worst = { apart, x, y };
    }
    expect(worst.apart, `at ${worst.x}, ${worst.y}`).toBeLessThanOrEqual(allowed);
  });
});

test('the bits are the same in every engine', () => {
  const digests = names.map((name) => {
    const hash = createHash('sha256');
    for (const [x, y] of operands(name, 50_000)) {
      words.setFloat64(0, elementary[name](x, y));
      hash.update(new Uint8Array(words.buffer, 0, 8));
    }
    return `${name} ${hash.digest('hex').slice(0, 16)}`;
  });
  expect(digests).toMatchInlineSnapshot(`
    [
      "exp 0cf2906b38cde770",
      "log 1c195904f3a8f67a",
      "sin f272703d5f54603b",
      "cos 085b63ff2088ae7a",
      "acos 2a0171f6107ce4cb",
      "tanh 70e7465b0fdaf298",
      "pow 64f21d65ea3c67f0",
    ]
  `);
});

describe('golden values', () => {
  const { acos, cos, exp, log, pow, sin, tanh } = elementary;
  test.each<[string, number, string]>([
    ['exp(1)', exp(1), '4005bf0a8b14576a'],
    ['exp(-1)', exp(-1), '3fd78b56362cef38'],
    ['exp(0.5)', exp(0.5), '3ffa61298e1e069c'],
    ['exp(10.25)', exp(10.25), '40db9ea2aed2a0f2'],
    ['exp(-0.001)', exp(-0.001), '3feff7cfe56f1a9e'],
    ['exp(700)', exp(700), '7f0d945df4f8ec8e'],
    ['exp(-740.5)', exp(-740.5), '0000000000000033'],
    ['exp(0.34657359027997264)', exp(0.34657359027997264), '3ff6a09e667f3bcc'],
    ['log(2)', log(2), '3fe62e42fefa39ef'],
    ['log(10)', log(10), '40026bb1bbb55516'],
    ['log(0.1)', log(0.1), 'c0026bb1bbb55515'],
    ['log(0.9999999999999999)', log(0.9999999999999999), 'bca0000000000000'],
    ['log(1.0000000000000002)', log(1.0000000000000002), '3cafffffffffffff'],
    ['log(5e-324)', log(5e-324), 'c0874385446d71c3'],
    ['log(1.7976931348623157e308)', log(1.7976931348623157e308), '40862e42fefa39ef'],
    ['log(0.7071067811865476)', log(0.7071067811865476), 'bfd62e42fefa39ee'],
    ['sin(0.5)', sin(0.5), '3fdeaee8744b05f0'],
    ['sin(1)', sin(1), '3feaed548f090cee'],
    ['sin(3.141592653589793)', sin(3.141592653589793), '3ca1a62633145c07'],
    ['sin(-2)', sin(-2), 'bfed18f6ead1b446'],
    ['sin(100.25)', sin(100.25), 'bfd1bf00980dc35c'],
    ['sin(1647099)', sin(1647099), 'bfd4b02e5be91e9e'],
    ['sin(1e-9)', sin(1e-9), '3e112e0be826d695'],
    ['cos(0.5)', cos(0.5), '3fec1528065b7d50'],
    ['cos(1)', cos(1), '3fe14a280fb5068c'],
    ['cos(1.5707963267948966)', cos(1.5707963267948966), '3c91a62633145c07'],
    ['cos(-2)', cos(-2), 'bfdaa22657537205'],
    ['cos(100.25)', cos(100.25), '3feebec72ba6b0ec'],
    ['cos(1647099)', cos(1647099), '3fee4831257a62da'],
    ['cos(1e-9)', cos(1e-9), '3ff0000000000000'],
    ['acos(0.5)', acos(0.5), '3ff0c152382d7366'],
    ['acos(-0.5)', acos(-0.5), '4000c152382d7366'],
    ['acos(0.9999999999999999)', acos(0.9999999999999999), '3e50000000000000'],
    ['acos(-0.9999999999999999)', acos(-0.9999999999999999), '400921fb52442d18'],
    ['acos(0.1)', acos(0.1), '3ff787b22ce3f590'],
    ['acos(-0.25)', acos(-0.25), '3ffd2cf5c7c70f0c'],
    ['acos(0.999)', acos(0.999), '3fa6e634e566a29e'],
    ['tanh(0.5)', tanh(0.5), '3fdd9353d7568af3'],
    ['tanh(-0.75)', tanh(-0.75), 'bfe45323e552f228'],
    ['tanh(1)', tanh(1), '3fe85efab514f394'],
    ['tanh(3.5)', tanh(3.5), '3feff112c63a9077'],
    ['tanh(0.01)', tanh(0.01), '3f847ab48ae4595e'],
    ['tanh(20)', tanh(20), '3ff0000000000000'],
    ['tanh(0.8905455824236508)', tanh(0.8905455824236508), '3fe6c5f1b1ef2e2e'],
    ['pow(2, 0.5000001)', pow(2, 0.5000001), '3ff6a09e80cf8438'],
    ['pow(10, -3)', pow(10, -3), '3f50624dd2f1a9fc'],
    ['pow(1.5, 2.5)', pow(1.5, 2.5), '40060b9fd68a4554'],
    ['pow(0.1, 0.1)', pow(0.1, 0.1), '3fe96b230bcdc434'],
    ['pow(1.0000000000000002, 1e17)', pow(1.0000000000000002, 1e17), '41f06272889f21c5'],
    ['pow(3, 600.5)', pow(3, 600.5), '7b6b48b2442c167f'],
    ['pow(7e-320, 0.9)', pow(7e-320, 0.9), '044c13b2235f2d90'],
    ['pow(0.999, 0.333)', pow(0.999, 0.333), '3feffd456a54a7b7'],
    ['pow(10, -320)', pow(10, -320), '00000000000007e8'],
  ])('%s', (_, value, bits) => expect(bitsOf(value)).toBe(bits));
});

describe('edges', () => {
  const { acos, cos, exp, log, pow, sin, tanh } = elementary;
  const tiny = Number.MIN_VALUE;

  test.each<[string, number, number]>([
    ['exp 0', exp(0), 1],
    ['exp -0', exp(-0), 1],
    ['exp tiny', exp(tiny), 1],
    ['exp infinity', exp(Infinity), Infinity],
    ['exp -infinity', exp(-Infinity), 0],
    ['exp NaN', exp(NaN), NaN],
    ['exp above its limit', exp(709.7827128933841), Infinity],
    ['exp below its limit', exp(-745.1332191019412), 0],
    ['exp at its lower limit', exp(-745.1332191019411), tiny],
    ['log 0', log(0), -Infinity],
    ['log -0', log(-0), -Infinity],
    ['log 1', log(1), 0],
    ['log -1', log(-1), NaN],
    ['log -tiny', log(-tiny), NaN],
    ['log infinity', log(Infinity), Infinity],
    ['log -infinity', log(-Infinity), NaN],
    ['log NaN', log(NaN), NaN],
    ['sin 0', sin(0), 0],
    ['sin -0', sin(-0), -0],
    ['sin tiny', sin(-tiny), -tiny],
    ['sin infinity', sin(Infinity), NaN],
    ['sin NaN', sin(NaN), NaN],
    ['cos 0', cos(0), 1],
    ['cos -0', cos(-0), 1],
    ['cos tiny', cos(tiny), 1],
    ['cos -infinity', cos(-Infinity), NaN],
    ['cos NaN', cos(NaN), NaN],
    ['acos 1', acos(1), 0],
    ['acos -1', acos(-1), Math.PI],
    ['acos 0', acos(0), Math.PI / 2],
    ['acos -0', acos(-0), Math.PI / 2],
    ['acos tiny', acos(tiny), Math.PI / 2],
    ['acos beyond 1', acos(1.0000000000000002), NaN],
    ['acos beyond -1', acos(-1.0000000000000002), NaN],
    ['acos infinity', acos(-Infinity), NaN],
    ['acos NaN', acos(NaN), NaN],
    ['tanh 0', tanh(0), 0],
    ['tanh -0', tanh(-0), -0],
    ['tanh tiny', tanh(-tiny), -tiny],
    ['tanh infinity', tanh(Infinity), 1],
    ['tanh -infinity', tanh(-Infinity), -1],
    ['tanh NaN', tanh(NaN), NaN],
    ['tanh of much', tanh(1e300), 1],
  ])('%s', (_, value, wanted) => expect(value).toBe(wanted));

  test('powers of special operands are those of ECMAScript', () => {
    const special = [0, 1, 2, 3, 0.5, 1.5, 1e10, 1e300, tiny, 9007199254740991, Infinity, NaN];
    const values = special.flatMap((x) => [x, -x]);
    for (const x of values) {
      for (const y of values) {
        const [value, wanted] = [pow(x, y), Math.pow(x, y)];
        const nearness = Number.isFinite(wanted) && wanted !== 0 ? 2 : 0;
        expect(distance(value, wanted), `pow(${x}, ${y}) = ${value}`).toBeLessThanOrEqual(nearness);
      }
    }
  });

  test('powers of integers are exact where a double holds them', () => {
    for (let base = 2; base <= 30; base += 1) {
      for (let n = 3, exact = base * base * base; exact < 9007199254740992; n += 1, exact *= base) {
        expect(distance(pow(-base, n), n % 2 === 0 ? exact : -exact)).toBeLessThanOrEqual(1);
      }
    }
    for (let n = -1074, exact = tiny; n < 1024; n += 1, exact *= 2) expect(pow(2, n)).toBe(exact);
  });

  test('signs and symmetries', () => {
    for (const [x] of operands('sin', 1000)) {
      expect(sin(-x)).toBe(-sin(x));
      expect(cos(-x)).toBe(cos(x));
      expect(tanh(-x)).toBe(-tanh(x));
    }
  });

  test('an angle too large to reduce is refused, not answered wrongly', () => {
    expect(Math.abs(sin(LARGEST_ANGLE) - Math.sin(LARGEST_ANGLE))).toBeLessThan(1e-25);
    for (const f of [sin, cos]) {
      expect(() => f(LARGEST_ANGLE * 1.0001)).toThrow(RangeError);
      expect(() => f(-1e300)).toThrow(RangeError);
    }
  });
});
