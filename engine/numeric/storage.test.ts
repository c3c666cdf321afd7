import { describe, expect, test } from 'vitest';
import { bitsToF32, f32Bits } from './decimal.ts';
import { narrow, narrowAll, storageFormat, widen, widenAll, type StorageDtype } from './storage.ts';
import { drawWord } from './threefry.ts';

const SMALL = ['BF16', 'F16', 'F8_E4M3', 'F8_E5M2'] as const satisfies readonly StorageDtype[];

/** Exponent and significand bits as the formats' papers give them, apart from the table under test. */
const LAYOUT = {
  BF16: { exponentBits: 8, mantissaBits: 7, largest: 0x7f7f },
  F16: { exponentBits: 5, mantissaBits: 10, largest: 0x7bff },
  F8_E4M3: { exponentBits: 4, mantissaBits: 3, largest: 0x7e },
  F8_E5M2: { exponentBits: 5, mantissaBits: 2, largest: 0x7b },
} as const;

/** What a pattern without sign would mean if no pattern were special. */
function meaning(pattern: number, dtype: (typeof SMALL)[number]): number {
  const { exponentBits, mantissaBits } = LAYOUT[dtype];
  const bias = 2 ** (exponentBits - 1) - 1;
  const exponent = Math.floor(pattern / 2 ** mantissaBits);
  const fraction = (pattern % 2 ** mantissaBits) / 2 ** mantissaBits;
  return exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias);
}

function everyPattern(dtype: StorageDtype): number[] {
  return Array.from({ length: 2 ** (8 * storageFormat(dtype).bytes) }, (_, pattern) => pattern);
}

describe.each(SMALL)('%s', (dtype) => {
  const { infinity, nan, sign } = storageFormat(dtype);
  const { largest } = LAYOUT[dtype];
  // One step past the largest finite value, where rounding decides whether it overflows.
  const ladder = Array.from({ length: largest + 2 }, (_, pattern) => meaning(pattern, dtype));

  /** The nearest step of the ladder by search, ties to the even pattern. */
  function nearest(f32: number): number {
    const magnitude = Math.abs(f32);
    const negative = f32 < 0 || Object.is(f32, -0) ? sign : 0;
    let [below, above] = [0, ladder.length];
    while (above - below > 1) {
      const middle = (below + above) >> 1;
      if (ladder[middle]! <= magnitude) below = middle;
      else above = middle;
    }
    let pattern = below;
    if (below < largest + 1) {
      const toBelow = magnitude - ladder[below]!;
      const toAbove = ladder[below + 1]! - magnitude;
      if (toAbove < toBelow || (toAbove === toBelow && below % 2 === 1)) pattern = below + 1;
    }
    if (pattern <= largest) return pattern + negative;
    return dtype === 'F8_E4M3' ? 0x7f : infinity + negative;
  }

  function checkRounding(bits: Iterable<number>): void {
    const wrong: string[] = [];
    for (const word of bits) {
      if ((word & 0x7fffffff) > 0x7f800000) continue;
      const [value, wanted] = [narrow(word, dtype), nearest(bitsToF32(word))];
      if (value !== wanted) wrong.push(`${word.toString(16)}: ${value} for ${wanted}`);
    }
    expect(wrong.slice(0, 5)).toEqual([]);
  }

  test('every pattern means what its paper says', () => {
    const wrong = everyPattern(dtype).filter((pattern) => {
      const value = bitsToF32(widen(pattern, dtype));
      const magnitude = pattern & (sign - 1);
      const signed = (x: number) => (pattern & sign ? -x : x);
      if (magnitude <= largest) return !Object.is(value, signed(meaning(magnitude, dtype)));
      if (magnitude === infinity && infinity !== nan) return value !== signed(Infinity);
      return !Number.isNaN(value);
    });
    expect(wrong).toEqual([]);
  });

  test('every pattern survives the way to f32 and back, every NaN as the one', () => {
    const patterns = everyPattern(dtype);
    const isNaN = (pattern: number) =>
      (pattern & (sign - 1)) > infinity || (pattern & (sign - 1)) === nan;
    const wanted = patterns.map((pattern) => (isNaN(pattern) ? nan : pattern));
    const small = storageFormat(dtype).bytes === 1 ? Uint8Array : Uint16Array;
    const back = narrowAll(widenAll(small.from(patterns), dtype), dtype);
    expect(back).toEqual(small.from(wanted));
  });

  test('values, ties and their neighbours round to the nearest', () => {
    function* candidates() {
      for (let pattern = 0; pattern <= largest; pattern += 1) {
        const tie = (ladder[pattern]! + ladder[pattern + 1]!) / 2;
        for (const value of [ladder[pattern]!, tie]) {
          const bits = f32Bits(value);
          for (let step = -2; step <= 2; step += 1) {
            const word = Math.max(bits + step, 0);
            yield word;
            yield (word | 0x80000000) >>> 0;
          }
        }
      }
    }
    checkRounding(candidates());
  });

  test('random words, and random values in and around the range, round to the nearest', () => {
    function* candidates() {
      const lowest = f32Bits(ladder[1]! / 8);
      const highest = Math.min(f32Bits(ladder[largest + 1]!) + 0x01000000, 0x7f800001);
      for (let i = 0; i < 200_000; i += 1) {
        const word = drawWord([0x73746f72, 1], i);
        yield word;
        yield ((word & 0x80000000) | (lowest + (word % (highest - lowest)))) >>> 0;
      }
    }
    checkRounding(candidates());
  });

  test('every NaN becomes the one', () => {
    for (const bits of [0x7f800001, 0x7fc00000, 0x7fffffff, 0xff800001, 0xffc00000, 0xffffffff]) {
      expect(narrow(bits, dtype)).toBe(nan);
      expect(narrow(bits | 0, dtype)).toBe(nan);
    }
  });

  test('signed words round like unsigned ones', () => {
    for (const bits of [0x80000000, 0xbf800000, 0xff800000, 0xb3c90001]) {
      expect(narrow(bits | 0, dtype)).toBe(narrow(bits, dtype));
    }
  });
});

test.each<[StorageDtype, number, number]>([
  ['BF16', 1.00390625, 0x3f80],
  ['BF16', 1.01171875, 0x3f82],
  ['BF16', 3.4e38, 0x7f80],
  ['BF16', 2 ** -149, 0x0000],
  ['F16', 65519, 0x7bff],
  ['F16', 65520, 0x7c00],
  ['F16', -65520, 0xfc00],
  ['F16', 2 ** -25, 0x0000],
  ['F16', -(2 ** -25), 0x8000],
  ['F16', 2 ** -25 * 1.0000001, 0x0001],
  ['F16', 2 ** -14 - 2 ** -26, 0x0400],
  ['F8_E4M3', 448, 0x7e],
  ['F8_E4M3', 464, 0x7e],
  ['F8_E4M3', 464.1, 0x7f],
  ['F8_E4M3', -500, 0x7f],
  ['F8_E4M3', -Infinity, 0x7f],
  ['F8_E5M2', 57344, 0x7b],
  ['F8_E5M2', 61440, 0x7c],
  ['F8_E5M2', -Infinity, 0xfc],
  ['F8_E5M2', 2 ** -17, 0x00],
])('%s of %d', (dtype, value, pattern) => {
  expect(narrow(f32Bits(value), dtype)).toBe(pattern);
});

test('f32 keeps its bits, and has one NaN', () => {
  const words = Uint32Array.of(0, 1, 0x80000000, 0x3f800001, 0x7f800000, 0xff800000, 0xff7fffff);
  expect(narrowAll(words, 'F32')).toEqual(words);
  expect(widenAll(words, 'F32')).toEqual(words);
  expect(narrow(0xffc12345, 'F32')).toBe(0x7fc00000);
});

test('the NaNs are those of the contract', () => {
  const nans = (['F32', ...SMALL] as const).map((dtype) => storageFormat(dtype).nan);
  expect(nans).toEqual([0x7fc00000, 0x7fc0, 0x7e00, 0x7f, 0x7f]);
});
