import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addBlocks, dot, dotBlocks, foldLanes } from './sums.ts';
import { drawWord } from './threefry.ts';

/** Values of either sign over 40 binary orders: every wrong order shows in their sums. */
function wideValues(length: number, stream: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => {
    const word = drawWord([stream, 0x73756d73], i);
    const order = (word >>> 1) % 40;
    return (word & 1 ? -1 : 1) * (1 + (word >>> 7) / 2 ** 25) * 2 ** (order - 20);
  });
}

/** The same tree, told by lanes instead of by elements. */
function blockByLanes(p: Float32Array, q: Float32Array): number {
  const [l0, l1, l2, l3, l4, l5, l6, l7] = [0, 1, 2, 3, 4, 5, 6, 7].map((lane) => {
    const products = [...p].map((value, i) => value * q[i]!);
    return products.filter((_, i) => (i & 7) === lane).reduce((sum, x) => sum + x, 0);
  }) as [number, number, number, number, number, number, number, number];
  const left = l0 + l1 + (l4 + l5);
  const right = l2 + l3 + (l6 + l7);
  return left + right;
}

function chain(p: Float32Array, q: Float32Array): number {
  return p.reduce((sum, value, i) => sum + value * q[i]!, 0);
}

describe('over 40 binary orders', () => {
  const length = 3 * 65536 + 12345;
  const [p, q] = [wideValues(length, 1), wideValues(length, 2)];
  const blocks = dotBlocks(p, q, length);

  test('each block is the tree, and never the chain', () => {
    expect(blocks.length).toBe(4);
    blocks.forEach((sum, block) => {
      const part = (x: Float32Array) => x.subarray(block * 65536, (block + 1) * 65536);
      expect(sum).toBe(blockByLanes(part(p), part(q)));
      expect(sum).not.toBe(chain(part(p), part(q)));
    });
  });

  test('the total adds the blocks in order', () => {
    expect(dot(p, q, length)).toBe(blocks[0]! + blocks[1]! + blocks[2]! + blocks[3]!);
    expect(dot(p, q, length)).toBe(addBlocks(blocks));
  });

  test('the bits', () => {
    const bits = new BigUint64Array(blocks.buffer);
    expect([...bits].map((word) => word.toString(16))).toMatchInlineSnapshot(`
      [
        "42832417037be87a",
        "c2901608de15f4f4",
        "c24f2cf52c3d4110",
        "42839e526b51939c",
      ]
    `);
  });

  test('slices of whole blocks cannot show', () => {
    const first = dotBlocks(p, q, 2 * 65536);
    const second = dotBlocks(p.subarray(131072), q.subarray(131072), length - 131072);
    expect([...first, ...second]).toEqual([...blocks]);
  });

  test('operands may be functions of the index', () => {
    expect(
      dotBlocks(
        (i) => p[i]!,
        (i) => q[i]!,
        length,
      ),
    ).toEqual(blocks);
    const sum = dotBlocks(p, () => 1, length);
    expect(sum).toEqual(dotBlocks(p, new Float32Array(length).fill(1), length));
  });
});

test('the fold', () => {
  const tiny = 2 ** -53;
  // A sum of 1 and tiny loses tiny; of 1 and twice tiny it does not. So each shape has its own bits.
  expect(foldLanes([1, 0, tiny, 0, 0, 0, tiny, 0])).toBe(1 + 2 * tiny);
  expect(foldLanes([1, 0, 0, 0, tiny, 0, tiny, 0])).toBe(1);
  expect(foldLanes([1, tiny, 0, tiny, 0, 0, 0, 0])).toBe(1);
  expect(foldLanes([1, 0, 0, 0, tiny, tiny, 0, 0])).toBe(1 + 2 * tiny);
  expect(foldLanes([tiny, tiny, 1, 0, 0, 0, 0, 0])).toBe(1 + 2 * tiny);
  expect(foldLanes([0, 0, 1, tiny, 0, 0, tiny, 0])).toBe(1);
});

test('sums of small integers are exact, at every length', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 100 }), (values) => {
      const x = Float32Array.from(values);
      const exact = values.reduce((sum, value) => sum + value * value, 0);
      expect(dot(x, x, values.length)).toBe(exact);
    }),
  );
});

test('elements past the end add nothing, whatever they are', () => {
  const x = Float32Array.of(1, 2, 3, NaN, Infinity);
  expect(dot(x, x, 3)).toBe(14);
});

test('an empty sum is +0, and so is one of negative zeros', () => {
  expect(dotBlocks(new Float32Array(0), new Float32Array(0), 0).length).toBe(0);
  expect(dot(new Float32Array(0), new Float32Array(0), 0)).toBe(0);
  expect(dot(Float32Array.of(-0), Float32Array.of(1), 1)).toBe(0);
});

test('products of f32 do not round', () => {
  const x = 1 + 2 ** -23;
  expect(dot(Float32Array.of(x), Float32Array.of(x), 1)).toBe(1 + 2 ** -22 + 2 ** -46);
});

test('an operand that is too short is a mistake of the caller', () => {
  expect(() => dot(Float32Array.of(1), Float32Array.of(1, 2), 2)).toThrow(RangeError);
});
