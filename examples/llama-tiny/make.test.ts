import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { encodeHeader, readFolder } from '../safetensors.ts';
import type { FloatType, Tensor } from '../safetensors.ts';
import { makeLlamaTiny } from './make.ts';
import { readOptions } from './options.ts';
import { store } from './rounding.ts';
import { llamaShape, llamaTensors, parameterCount } from './shape.ts';

const scratch = mkdtempSync(join(tmpdir(), 'llama-tiny-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const small = { layers: 2, hidden: 64, vocabulary: 96, experts: 2 } as const;

describe('a made checkpoint', () => {
  test('has the same values in one file and in four', () => {
    const whole = makeLlamaTiny({ ...small, out: join(scratch, 'whole') });
    const sharded = makeLlamaTiny({ ...small, out: join(scratch, 'sharded'), shards: 4 });
    expect(readdirSync(sharded.folders[0]).filter((name) => name.endsWith('.safetensors'))).toEqual(
      [
        'model-00001-of-00004.safetensors',
        'model-00002-of-00004.safetensors',
        'model-00003-of-00004.safetensors',
        'model-00004-of-00004.safetensors',
      ],
    );
    whole.folders.forEach((folder, i) => {
      const other = readFolder(sharded.folders[i]);
      const tensors = [...readFolder(folder).values()];
      expect(tensors.map(({ name }) => name)).toEqual(
        llamaTensors(whole.shape).map(({ name }) => name),
      );
      for (const { name, values } of tensors) expect(other.get(name)?.values).toEqual(values);
    });
  });

  test('follows its seed', () => {
    const bytesOf = (out: string, seed: number): Buffer => {
      const { folders } = makeLlamaTiny({ ...small, out: join(scratch, out), seed });
      return readFileSync(join(folders[1], 'model.safetensors'));
    };
    const first = bytesOf('first', 5);
    expect(bytesOf('again', 5).equals(first)).toBe(true);
    expect(bytesOf('other', 6).equals(first)).toBe(false);
  });

  test('has experts that are each a small step from the base', () => {
    const { folders } = makeLlamaTiny({ ...small, out: join(scratch, 'steps'), dtype: 'F32' });
    const [base, one, two] = folders.map((folder) => readFolder(folder));
    const name = 'model.layers.1.mlp.down_proj.weight';
    const change = (expert: Map<string, Tensor>): number[] => {
      const from = base.get(name)?.values ?? [];
      return [...(expert.get(name)?.values ?? [])].map((value, i) => value - from[i]);
    };
    expect(spread([...(base.get(name)?.values ?? [])])).toBeCloseTo(0.02, 3);
    expect(spread(change(one))).toBeCloseTo(0.001, 4);
    expect(spread(change(two))).toBeCloseTo(0.001, 4);
    const [a, b] = [change(one), change(two)];
    expect(Math.abs(a.reduce((sum, value, i) => sum + value * b[i], 0) / a.length)).toBeLessThan(
      1e-7,
    );
  });

  test.each([
    ['F16', 2 ** -11],
    ['BF16', 2 ** -8],
  ] as const)('in %s is the one in F32, rounded', (dtype, roundingError) => {
    const valuesIn = (type: FloatType): Float32Array[] => {
      const { folders } = makeLlamaTiny({ ...small, out: join(scratch, type), dtype: type });
      return [...readFolder(folders[0]).values()].map(({ values }) => values);
    };
    const rounded = valuesIn(dtype);
    const furthest = valuesIn('F32').map((exact, tensor) =>
      exact.reduce((most, value, i) => {
        const error = Math.abs(rounded[tensor][i] - value) - 2 ** -25;
        return Math.max(most, error / Math.abs(value));
      }, 0),
    );
    expect(Math.max(...furthest)).toBeLessThanOrEqual(roundingError);
    expect(Math.max(...furthest)).toBeGreaterThan(roundingError / 2);
  });

  test('leaves no shard of an earlier one behind', () => {
    const out = join(scratch, 'twice');
    makeLlamaTiny({ ...small, out, shards: 3 });
    const { folders } = makeLlamaTiny({ ...small, out });
    expect(readdirSync(folders[0]).filter((name) => name.startsWith('model'))).toEqual([
      'model.safetensors',
    ]);
  });
});

describe('the shape', () => {
  test('of 0.37 B parameters is that of a model of this size', () => {
    const shape = llamaShape({ parameters: 0.37e9 });
    expect(shape).toMatchObject({
      layers: 24,
      hidden: 1024,
      intermediate: 2816,
      vocabulary: 32_000,
    });
    expect(parameterCount(shape)).toBe(373_867_520);
  });

  test('counts the parameters that its tensors have', () => {
    const extent = fc.integer({ min: 1, max: 40 });
    const shapes = fc.record({
      layers: extent,
      hidden: extent,
      intermediate: extent,
      vocabulary: extent,
      tied: fc.boolean(),
    });
    fc.assert(
      fc.property(shapes, (shape) => {
        const sizes = llamaTensors(shape).map((tensor) => tensor.shape.reduce((a, b) => a * b));
        expect(sizes.reduce((a, b) => a + b)).toBe(parameterCount(shape));
      }),
    );
  });

  test.each([
    [['--parameters', 'many'], /^--parameters wants a size like/],
    [['--shards', '0'], /^--shards must be at least 1/],
    [['--layers', '2.5'], /^--layers wants a whole number/],
    [['--dtype', 'int8'], /^--dtype is bf16, f16 or f32/],
    [['--colour', 'red'], /--colour/],
  ])('%s is answered with what is wrong', (args, message) => {
    expect(readOptions(args)).toMatch(message);
  });
});

describe('rounding to storage', () => {
  const magnitudes = fc.oneof(
    fc.float({ min: -60_000, max: 60_000, noNaN: true }),
    fc.float({ min: Math.fround(-1e-4), max: Math.fround(1e-4), noNaN: true }),
  );

  test.each(['F16', 'BF16'] as const)('%s stores the nearest value, and reads it back', (dtype) => {
    fc.assert(
      fc.property(fc.array(magnitudes, { minLength: 1 }), (numbers) => {
        const values = Float32Array.from(numbers);
        const stored = new ArrayBuffer(2 * numbers.length);
        store(values, dtype, stored);
        const bits = new Uint16Array(stored);
        numbers.forEach((number, i) => {
          const error = Math.abs(values[i] - number);
          for (const neighbour of [bits[i] - 1, bits[i] + 1]) {
            if (((neighbour ^ bits[i]) & 0x8000) !== 0 || neighbour < 0) continue;
            const other = Math.abs(widened(neighbour, dtype) - number);
            expect(error).toBeLessThanOrEqual(other);
            if (error === other) expect(bits[i] % 2).toBe(0);
          }
          expect(widened(bits[i], dtype)).toBe(values[i]);
        });
      }),
    );
  });
});

/** What the format's own definition says these 16 bits are worth. */
function widened(bits: number, dtype: 'F16' | 'BF16'): number {
  const [exponentBits, fractionBits] = dtype === 'F16' ? [5, 10] : [8, 7];
  const bias = 2 ** (exponentBits - 1) - 1;
  const exponent = (bits >> fractionBits) & (2 ** exponentBits - 1);
  const fraction = (bits & (2 ** fractionBits - 1)) / 2 ** fractionBits;
  const sign = bits & 0x8000 ? -1 : 1;
  return (
    sign * (exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias))
  );
}

function spread(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

test('a header begins its tensors at a multiple of eight', () => {
  const names = fc
    .string({ minLength: 1, maxLength: 40 })
    .filter((name) => name !== '__metadata__');
  fc.assert(
    fc.property(names, (name) => {
      const bytes = encodeHeader([{ name, dtype: 'BF16', shape: [3, 5] }]);
      expect(bytes.length % 8).toBe(0);
      const header = JSON.parse(bytes.toString('utf8', 8)) as Record<string, unknown>;
      expect(header[name]).toEqual({ dtype: 'BF16', shape: [3, 5], data_offsets: [0, 30] });
    }),
  );
});
