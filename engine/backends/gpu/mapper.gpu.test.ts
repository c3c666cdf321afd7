import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { roundToWord, widen } from '../../formula/derived.ts';
import { Graph } from '../../formula/graph.ts';
import type { GpuDevice } from './device.ts';
import { floatWords, storing } from './formula-building.ts';
import { createMapper, type Mapper, type MapRequest } from './mapper.ts';
import { oracleSlice } from './oracle-slice.ts';
import { trustedRange } from './range.ts';
import {
  conversion,
  dare,
  linear,
  rounding,
  taskArithmetic,
  type Sample,
} from './sample-formulas.ts';
import { compareWithOracle } from './self-check.ts';
import { edges, operandOf, weights } from './self-check-inputs.ts';
import { sliceRunner } from './slice-runner.ts';
import { openTestDevice } from './test-device.ts';

let gpu: GpuDevice;
let mapper: Mapper;

beforeAll(async () => {
  gpu = await openTestDevice();
  mapper = createMapper(gpu, { sliceBytes: 2 ** 24, slots: 3 });
});

afterAll(() => {
  mapper.close();
  gpu.close();
});

const brain = { from: 'BF16', to: 'BF16' } as const;
const single = { from: 'F32', to: 'F32' } as const;
const merged = taskArithmetic(brain);

function request(sample: Sample, operands: readonly Uint8Array[], elements: number): MapRequest {
  const { formula, uniforms } = sample;
  const fill = (operand: number, into: Uint8Array): void =>
    into.set(operands[operand]!.subarray(0, into.length));
  return { formula, uniforms, elements, firstElement: 0, fill };
}

async function flagsOf(sample: Sample, operands: readonly Uint8Array[], elements: number) {
  const mapped = await mapper.map(request(sample, operands, elements));
  if ('refused' in mapped) throw new Error(mapped.refused);
  const { outsideRange, nonFinite } = mapped;
  mapped.release();
  return { outsideRange, nonFinite };
}

describe('sizes', () => {
  const shapes = [brain, single, { from: 'F32', to: 'BF16' }, { from: 'BF16', to: 'F32' }] as const;
  test.each(shapes)('1 to 17 elements and around a workgroup, $from to $to', async (types) => {
    const sample = dare(types);
    const sizes = [...Array.from({ length: 17 }, (_, i) => i + 1), 511, 512, 513, 4099];
    for (const elements of sizes) {
      const operands = weights(types.from, 3, elements);
      const difference = await compareWithOracle(mapper, { ...sample, operands, elements });
      expect(difference, `${elements} elements`).toBeUndefined();
    }
  });

  test('a slice in several dispatches, each from where the one before ended', async () => {
    const pace = { dispatchElements: () => 1 << 16, took: () => undefined, lost: () => undefined };
    const own = createMapper(gpu, { sliceBytes: 2 ** 22, slots: 1, pace });
    const sample = dare(brain);
    const elements = 150_001;
    const operands = weights('BF16', 3, elements);
    const trial = { ...sample, operands, elements, firstElement: 2 ** 33 };
    expect(await compareWithOracle(own, trial)).toBeUndefined();
    own.close();
  });

  test('a slice of nothing', async () => {
    const mapped = await mapper.map(request(merged, weights('BF16', 4, 0), 0));
    expect(mapped).toMatchObject({ outsideRange: false, nonFinite: false });
    if (!('refused' in mapped)) mapped.release();
  });
});

describe('the trusted range', () => {
  const ordinary = 0x3f800000;
  const oneAmong = (word: number, at: number, elements: number): Uint8Array[] =>
    [0, 1, 2, 3].map((operand) => {
      const words = new Uint32Array(elements).fill(ordinary);
      if (operand === 2) words[at] = word;
      return operandOf('F32', words);
    });
  const sample = taskArithmetic(single);

  test.each([
    ['the least subnormal', 0x00000001],
    ['a negative subnormal', 0x807fffff],
    ['a number below the range', 0x03800000],
    ['infinity', 0x7f800000],
    ['a NaN', 0xffc00000],
  ])('%s is flagged wherever it is', async (_, word) => {
    for (const elements of [1, 5, 8, 13]) {
      for (let at = 0; at < elements; at++) {
        const { outsideRange } = await flagsOf(sample, oneAmong(word, at, elements), elements);
        expect(outsideRange, `element ${at} of ${elements}`).toBe(true);
      }
    }
  });

  test.each([
    ['zero', 0],
    ['minus zero', 0x80000000],
    ['one', ordinary],
  ])('%s is not', async (_, word) => {
    const { outsideRange } = await flagsOf(sample, oneAmong(word, 3, 13), 13);
    expect(outsideRange).toBe(false);
  });

  test('what is only moved is not asked about', async () => {
    const words = new Uint32Array([1, 0x7f7fffff, 0x80000001, 0x7f800000]);
    const sample = conversion({ from: 'F32', to: 'BF16' });
    const trial = { ...sample, operands: [operandOf('F32', words)], elements: 4 };
    expect(await compareWithOracle(mapper, trial)).toBeUndefined();
  });

  test('the value of a step is asked about', async () => {
    const g = new Graph();
    const [a, b] = [widen(g, 'F32', g.operand(32)), widen(g, 'F32', g.operand(32))];
    const step = g.border(g.sub(a, b));
    const formula = storing(g, 'F32', g.mul(step, g.constant(0.5)));
    const range = trustedRange(formula, new Uint32Array());
    if ('refused' in range) throw new Error(range.refused);
    const least = (range.low + 127) << 23;
    const chain: Sample = {
      name: '',
      formula,
      uniforms: new Uint32Array(),
      operands: ['F32', 'F32'],
    };
    const operands = [[least + 1], [least]].map((words) =>
      operandOf('F32', new Uint32Array(words)),
    );
    expect(await flagsOf(chain, operands, 1)).toMatchObject({ outsideRange: true });
  });

  test('this adapter flushes: below the range its bytes are wrong, and only the flag tells', async () => {
    const { formula, uniforms } = taskArithmetic(single);
    const elements = 4096;
    const operands = edges('F32', 4, elements, { low: -126, high: 0 });
    const runner = sliceRunner(gpu, { sliceBytes: 2 ** 20, slots: 1 });
    const forged = { low: -126, high: 128 };
    const mapped = await runner.run({
      ...request(merged, operands, elements),
      formula,
      uniforms,
      range: forged,
    });
    if ('refused' in mapped) throw new Error(mapped.refused);
    const expected = oracleSlice(formula, { uniforms, operands, elements, firstElement: 0 });
    expect(Buffer.compare(mapped.output, expected.output)).not.toBe(0);
    mapped.release();
    runner.close();
    expect(await flagsOf(taskArithmetic(single), operands, elements)).toMatchObject({
      outsideRange: true,
    });
  });
});

describe('non-finite words', () => {
  test('an overflow of the stored type is flagged, at any place', async () => {
    const sample = linear({ from: 'BF16', to: 'F16' });
    for (const at of [0, 1, 6, 12]) {
      const words = new Uint32Array(13).fill(0x3f800000);
      words[at] = 0x49000000;
      const operands = [0, 1, 2].map(() => operandOf('BF16', words));
      expect(await flagsOf(sample, operands, 13)).toEqual({ outsideRange: false, nonFinite: true });
    }
  });

  test('what lies behind the end is not: the padding divides zero by zero', async () => {
    const g = new Graph();
    const [a, b] = [widen(g, 'BF16', g.operand(16)), widen(g, 'BF16', g.operand(16))];
    const formula = storing(g, 'BF16', g.div(a, b));
    const sample: Sample = {
      name: '',
      formula,
      uniforms: new Uint32Array(),
      operands: ['BF16', 'BF16'],
    };
    for (let elements = 1; elements <= 9; elements++) {
      const ones = operandOf('BF16', new Uint32Array(elements).fill(0x3f800000));
      expect(await flagsOf(sample, [ones, ones], elements)).toEqual({
        outsideRange: false,
        nonFinite: false,
      });
    }
  });
});

describe('slots', () => {
  test('many slices at once, of several sizes and formulas', async () => {
    const samples = [merged, linear(brain), dare(brain), rounding(brain)];
    const trials = Array.from({ length: 16 }, (_, i) => {
      const sample = samples[i % samples.length]!;
      const elements = 1000 + 777 * i;
      const operands = weights('BF16', sample.operands.length, elements);
      return compareWithOracle(mapper, { ...sample, operands, elements, firstElement: 65536 * i });
    });
    expect(await Promise.all(trials)).toEqual(trials.map(() => undefined));
  });

  test('a slice waits for a slot, and leaves the queue when it is cancelled', async () => {
    const own = createMapper(gpu, { sliceBytes: 2 ** 20, slots: 1 });
    const operands = weights('BF16', 4, 100);
    const first = await own.map(request(merged, operands, 100));
    if ('refused' in first) throw new Error(first.refused);
    const controller = new AbortController();
    const cancelled = own.map(request(merged, operands, 100), controller.signal);
    const second = own.map(request(merged, operands, 100));
    setTimeout(() => controller.abort(new Error('cancelled')), 20);
    await expect(cancelled).rejects.toThrow('cancelled');
    const bytes = Buffer.from(first.output);
    first.release();
    const mapped = await second;
    if ('refused' in mapped) throw new Error(mapped.refused);
    expect(Buffer.compare(bytes, mapped.output)).toBe(0);
    mapped.release();
    own.close();
  });

  test('a source that fails rejects, and the slot goes on', async () => {
    const own = createMapper(gpu, { sliceBytes: 2 ** 20, slots: 1 });
    const failing = request(merged, [], 100);
    const fill = (): Promise<void> => Promise.reject(new Error('disk on fire'));
    await expect(own.map({ ...failing, fill })).rejects.toThrow('disk on fire');
    const operands = weights('BF16', 4, 100);
    expect(await compareWithOracle(own, { ...merged, operands, elements: 100 })).toBeUndefined();
    own.close();
  });
});

describe('refusals', () => {
  test('a formula that sums', async () => {
    const g = new Graph();
    const x = widen(g, 'F32', g.operand(32));
    const formula = g.formula([{ kind: 'dot', p: x, q: x }]);
    const refused = await mapper.map({
      ...request(merged, [], 8),
      formula,
      uniforms: new Uint32Array(),
    });
    expect(refused).toMatchObject({
      refused: 'a GPU only maps: sums, counts and histograms run on the CPU',
    });
  });

  test('scalars with no trusted range', async () => {
    const sample = linear(single);
    const operands = weights('F32', 3, 8);
    const refused = await mapper.map({
      ...request(sample, operands, 8),
      uniforms: floatWords(0.5, Number.NaN, 0.5),
    });
    expect(refused).toMatchObject({ refused: expect.stringContaining('infinite or NaN') });
  });

  test('a slice larger than planned for', async () => {
    const refused = await mapper.map(request(merged, [], 2 ** 22));
    expect(refused).toMatchObject({ refused: expect.stringContaining('larger than planned') });
  });

  test('a raw 16-bit word is stored as it is', async () => {
    const g = new Graph();
    const word = roundToWord(g, 'F16', widen(g, 'F16', g.operand(16)));
    const formula = g.formula([{ kind: 'store', word, width: 16, nonFinite: 0x7c00 }]);
    const all = new Uint8Array(Uint16Array.from({ length: 0x7c00 }, (_, i) => i).buffer);
    const trial = { formula, uniforms: new Uint32Array(), operands: [all], elements: 0x7c00 };
    expect(await compareWithOracle(mapper, trial)).toBeUndefined();
  });
});
