import { expect, test } from 'vitest';
import { narrowSmall, roundDoubles, widenSmall, widenToDoubles } from './conversion.ts';
import { f32Bits } from './decimal.ts';
import { narrow, widen } from './storage.ts';

const smallTypes = ['F8_E4M3', 'F8_E5M2'] as const;

/** Every f32 that has no more than eight bits of significand, with the neighbours on either side that have more. */
function f32Samples(): Uint32Array {
  return Uint32Array.from({ length: 65536 * 5 }, (_, i) => {
    const step = [0, 1, 0xffff, 0x8000, 0x7fff][i % 5]!;
    return (Math.floor(i / 5) * 65536 + step) >>> 0;
  });
}

test.each(smallTypes)('every %s pattern as bf16 is its value', (dtype) => {
  const patterns = Uint8Array.from({ length: 256 }, (_, pattern) => pattern);
  const words = new Uint16Array(256);
  widenSmall(patterns, dtype, words);
  const back = [...words].map((word) => (word << 16) >>> 0);
  expect(back).toEqual([...patterns].map((pattern) => widen(pattern, dtype)));
});

test.each(smallTypes)('f32 to %s through a table is the rounding of the definition', (dtype) => {
  const samples = f32Samples();
  const patterns = new Uint8Array(samples.length);
  narrowSmall(samples, dtype, patterns);
  expect(patterns).toEqual(Uint8Array.from(samples, (bits) => narrow(bits, dtype)));
});

test.each([
  ['F8_E4M3', 448, false],
  ['F8_E4M3', 464, false],
  ['F8_E4M3', 464.1, true],
  ['F8_E4M3', -1e9, true],
  ['F8_E5M2', 57344, false],
  ['F8_E5M2', 61439, false],
  ['F8_E5M2', 61440, true],
  ['F8_E5M2', NaN, true],
] as const)('%s: %d leaves the finite numbers: %s', (dtype, value, isLeft) => {
  const patterns = new Uint8Array(3);
  const bits = Uint32Array.from([0, f32Bits(value), 0]);
  expect(narrowSmall(bits, dtype, patterns)).toBe(isLeft);
});

test('doubles are rounded to nearest even, subnormals and overflow included', () => {
  const doubles = Float64Array.of(
    1 + 2 ** -24,
    1 + 3 * 2 ** -24,
    2 ** -150,
    2 ** -150 + 2 ** -180,
    -(2 ** -149) * 1.5,
    3.4028235677973366e38,
    3.4028235677973362e38,
    NaN,
    -0,
  );
  const rounded = new Float32Array(doubles.length);
  roundDoubles(doubles, rounded);
  expect([...rounded]).toEqual([
    1,
    1 + 2 ** -22,
    0,
    2 ** -149,
    -(2 ** -148),
    Infinity,
    3.4028234663852886e38,
    NaN,
    -0,
  ]);
});

test('the one NaN that is written in a double', () => {
  const doubles = new Float64Array(1);
  widenToDoubles(new Float32Array(Uint32Array.of(0x7fc00000).buffer), doubles);
  expect([...new Uint32Array(doubles.buffer)]).toEqual([0, 0x7ff80000]);
});
