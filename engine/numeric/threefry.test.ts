import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawKey, drawWord, threefry2x32 } from './threefry.ts';

const hex = (words: readonly number[]) =>
  words.map((word) => word.toString(16).padStart(8, '0')).join(' ');

test.each([
  ['zeros', [0, 0], [0, 0], '6b200159 99ba4efe'],
  ['ones', [0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], '1cb996fc bb002be7'],
  ['digits of π', [0x243f6a88, 0x85a308d3], [0x13198a2e, 0x03707344], 'c4923a9c 483df7a0'],
] as const)('published words: %s', (_, counter, key, words) => {
  expect(hex(threefry2x32(key, counter))).toBe(words);
});

describe('draws of a tensor', () => {
  const place = {
    seed: 7,
    purpose: 'drop',
    slot: '1.2',
    tensor: 'model.layers.0.mlp.up_proj.weight',
  } as const;
  const key = drawKey(place);

  test('key and words', () => {
    expect(hex(key)).toBe('41e7df16 b7f843c7');
    expect(hex([0, 1, 2, 3, 4, 5].map((index) => drawWord(key, index)))).toBe(
      '82debf3e 2a1a5c7c b0efbcfa 76859257 111c3b16 d4cd4695',
    );
    expect(hex([drawWord(key, 2 ** 33 + 5)])).toBe('ebf1b00a');
  });

  test('a seed may be a bigint, beyond the integers of a double', () => {
    expect(drawKey({ ...place, seed: 7n })).toEqual(key);
    const seed = 2n ** 53n;
    expect(drawKey({ ...place, seed })).not.toEqual(drawKey({ ...place, seed: seed + 1n }));
  });

  test('every part of the place counts', () => {
    const others = [
      { ...place, seed: 8 },
      { ...place, purpose: 'mask' as const },
      { ...place, slot: '1.1' as const },
      { ...place, tensor: 'model.layers.1.mlp.up_proj.weight' },
      { ...place, tensor: 'modèle' },
    ];
    const keys = [place, ...others].map((other) => hex(drawKey(other)));
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('two neighbours share the counter of their half index, up to 2^53', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (index) => {
        const half = BigInt(index) / 2n;
        const counter = [Number(half & 0xffffffffn), Number(half >> 32n)] as const;
        expect(drawWord(key, index)).toBe(threefry2x32(key, counter)[index % 2]);
      }),
    );
    expect(drawWord(key, Number.MAX_SAFE_INTEGER)).toBe(
      threefry2x32(key, [0xffffffff, 0xfffff])[1],
    );
  });

  test('bits are fair', () => {
    // 2^16 draws: a share of ones is 1/2 within 0.00195 (one standard deviation).
    const count = 65536;
    const ones = new Array<number>(32).fill(0);
    for (let index = 0; index < count; index += 1) {
      const word = drawWord(key, index);
      for (let bit = 0; bit < 32; bit += 1) ones[bit]! += (word >>> bit) & 1;
    }
    for (const share of ones) expect(Math.abs(share / count - 0.5)).toBeLessThan(0.01);
  });
});
