import fc from 'fast-check';
import { expect, test } from 'vitest';
import { roundOnce } from './round-once.ts';
import { storageFormat, widen } from './storage.ts';
import { toDoubles } from './to-doubles.ts';

const small = ['F16', 'BF16', 'F8_E4M3', 'F8_E5M2'] as const;
type Small = (typeof small)[number];

function rounded(value: number, dtype: Small | 'F32' | 'F64'): number {
  const bytes = new Uint8Array(8);
  roundOnce(Float64Array.of(value), dtype, bytes);
  const back = new Float64Array(1);
  toDoubles(bytes, dtype, back);
  return back[0]!;
}

/** The magnitudes of a type in order, and what would follow the largest. */
function magnitudes(dtype: Small): readonly number[] {
  const { infinity, mantissaBits } = storageFormat(dtype);
  const finite = Array.from({ length: infinity }, (_, pattern) => {
    const bits = widen(pattern, dtype);
    return new Float32Array(Uint32Array.of(bits).buffer)[0]!;
  });
  const largest = finite.at(-1)!;
  const unit = 2 ** (Math.floor(Math.log2(largest)) - mantissaBits);
  return [...finite, largest + unit];
}

test.each(small)('%s: the nearest value, of two the even pattern', (dtype) => {
  const known = magnitudes(dtype);
  const last = known.length - 1;
  const between = fc.integer({ min: 0, max: last - 1 }).chain((at) => {
    const [low, high] = [known[at]!, known[at + 1]!];
    const middle = (low + high) / 2;
    const near = fc.integer({ min: -3, max: 3 }).map((ulps) => middle * (1 + ulps * 2 ** -52));
    const any = fc.double({ min: low, max: high, noNaN: true });
    return fc.tuple(fc.constant(at), fc.oneof(near, any), fc.boolean());
  });
  fc.assert(
    fc.property(between, ([at, value, isNegative]) => {
      const middle = (known[at]! + known[at + 1]!) / 2;
      const up = value > middle || (value === middle && at % 2 === 1);
      const nearest = up ? at + 1 : at;
      const sign = isNegative ? -1 : 1;
      const made = rounded(sign * value, dtype);
      if (nearest === last) expect(Number.isFinite(made)).toBe(false);
      else expect(made).toBe(sign * known[nearest]!);
    }),
    { numRuns: 2000 },
  );
});

test('a double stays one, an f32 is the nearest, and every NaN is the one', () => {
  fc.assert(
    fc.property(fc.double(), (value) => {
      expect(rounded(value, 'F64')).toBe(value);
      expect(rounded(value, 'F32')).toBe(Math.fround(value));
    }),
  );
  const bytes = new Uint8Array(8);
  const odd = new Float64Array(BigUint64Array.of(0xfff0_0000_0000_0001n).buffer);
  roundOnce(odd, 'F32', bytes);
  expect(new Uint32Array(bytes.buffer)[0]).toBe(0x7fc00000);
  roundOnce(odd, 'F64', bytes);
  expect(new BigUint64Array(bytes.buffer)[0]).toBe(0x7ff8_0000_0000_0000n);
});
