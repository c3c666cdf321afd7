import { describe, expect, test } from 'vitest';
import { roundToWord, widen } from '../../formula/derived.ts';
import { Graph } from '../../formula/graph.ts';
import type { FNode, Formula, MNode, UNode } from '../../formula/node.ts';
import { checkedNodes } from './checked-nodes.ts';
import { extents, isDoubtful } from './extents.ts';
import { floatWords, storing } from './formula-building.ts';
import { oracleSlice } from './oracle-slice.ts';
import { bitSpan, trustedRange } from './range.ts';
import { dispatchCount, parameterBytes, writeParameters } from './dispatch.ts';
import { word } from './parameters.ts';
import { fisher, linear, samples, taskArithmetic } from './sample-formulas.ts';
import { edges, weights } from './self-check-inputs.ts';
import { singleWord } from './word-set.ts';

const brain = { from: 'BF16', to: 'BF16' } as const;
const none = new Uint32Array();

/** A formula of f32 operands. */
function over(count: number, make: (g: Graph, xs: readonly FNode[]) => FNode): Formula {
  const g = new Graph();
  const xs = Array.from({ length: count }, () => widen(g, 'F32', g.operand(32)));
  return storing(g, 'F32', make(g, xs));
}

describe('how small an input may be', () => {
  test('weights of a third: 2^-101', () => {
    const { formula } = linear(brain);
    const third = floatWords(1 / 3, 1 / 3, 1 / 3);
    expect(trustedRange(formula, third)).toMatchObject({ low: -101 });
  });

  test('task arithmetic: a difference of bf16 neighbours, scaled by 0.4, has a last place: 2^-94', () => {
    const { formula } = taskArithmetic(brain);
    expect(trustedRange(formula, floatWords(0.4, 0.4, 0.4))).toMatchObject({ low: -94 });
  });

  test('a product of two operands halves the exponents there are', () => {
    const range = trustedRange(fisher(brain).formula, none);
    expect(range).toMatchObject({ low: -56, high: 63 });
  });

  test('the smaller the weight, the larger the input has to be', () => {
    const { formula } = linear(brain);
    const lows = [1, 2 ** -10, 2 ** -20, 2 ** -30].map((weight) => {
      const range = trustedRange(formula, floatWords(weight, weight, weight));
      return 'refused' in range ? undefined : range.low;
    });
    // A weight of 2^-n loses n of the exponents; powers of two lose no place.
    expect(lows).toEqual([-119, -109, -99, -89]);
  });

  test('no arithmetic, no bounds', () => {
    expect(
      trustedRange(
        over(1, (_, [x]) => x!),
        none,
      ),
    ).toEqual({ low: -126, high: 128 });
  });

  test('a weight of zero, of either sign, is fine', () => {
    const { formula } = linear(brain);
    expect(trustedRange(formula, floatWords(0, -0, 1))).not.toHaveProperty('refused');
  });
});

describe('refusals', () => {
  const scaled = over(1, (g, [x]) => g.mul(x!, g.float(g.uniform())));

  test.each([
    ['a NaN', [Number.NaN], 'an operand may be infinite or NaN'],
    ['an infinity', [Infinity], 'an operand may be infinite or NaN'],
    ['a subnormal', [2 ** -140], 'an operand may be subnormal'],
  ])('%s as a scalar', (_, values, reason) => {
    expect(trustedRange(scaled, floatWords(...values))).toMatchObject({
      refused: expect.stringContaining(reason),
    });
  });

  test('a divisor that may be zero, anywhere but at the end', () => {
    const last = over(2, (g, [a, b]) => g.div(a!, b!));
    const within = over(2, (g, [a, b]) => g.add(g.div(a!, b!), a!));
    expect(trustedRange(last, none)).not.toHaveProperty('refused');
    expect(trustedRange(within, none)).toMatchObject({
      refused: expect.stringContaining('infinite or NaN'),
    });
  });

  type Guard = (g: Graph, divisor: FNode) => UNode;
  test.each<[string, Guard]>([
    ['its magnitude', (g, b) => g.and(g.bits(b), g.word(0x7fffffff))],
    ['its key', (g, b) => g.minU(g.and(g.bits(b), g.word(0x7fffffff)), g.word(0x7f800001))],
    ['its canonical magnitude', (g, b) => g.and(roundToWord(g, 'F32', b), g.word(0x7fffffff))],
  ])('but for one of which zero is replaced by one, as %s tells', (_, magnitude) => {
    const within = over(2, (g, [a, b]) => {
      const isZero = g.eqU(magnitude(g, b!), g.word(0));
      return g.add(g.div(a!, g.selF(isZero, g.constant(1), b!)), a!);
    });
    expect(trustedRange(within, none)).not.toHaveProperty('refused');
  });

  test('or where the quotient is taken only of divisors that are not zero', () => {
    const selected = (isTaken: (g: Graph, b: FNode) => MNode) =>
      over(2, (g, [a, b]) =>
        g.selF(isTaken(g, b!), g.add(a!, g.mul(g.div(a!, b!), g.constant(0.5))), a!),
      );
    const isNotZero = (g: Graph, b: FNode): MNode =>
      g.ltU(g.word(0), g.and(g.bits(b), g.word(0x7fffffff)));
    const isOdd = (g: Graph, b: FNode): MNode => g.eqU(g.and(g.bits(b), g.word(1)), g.word(1));
    expect(trustedRange(selected(isNotZero), none)).not.toHaveProperty('refused');
    expect(
      trustedRange(
        selected((g, b) => g.not(isNotZero(g, b))),
        none,
      ),
    ).toHaveProperty('refused');
    expect(trustedRange(selected(isOdd), none)).toHaveProperty('refused');
  });

  test('bits alone tell +0 only: -0 still divides', () => {
    const within = over(2, (g, [a, b]) => {
      const isZero = g.eqU(g.bits(b!), g.word(0));
      return g.add(g.div(a!, g.selF(isZero, g.constant(1), b!)), a!);
    });
    expect(trustedRange(within, none)).toHaveProperty('refused');
  });

  test('a root is of what cannot be negative, unless it is the end', () => {
    const ofSquare = over(2, (g, [a, b]) => g.add(g.sqrt(g.mul(a!, a!)), b!));
    const ofAny = over(2, (g, [a, b]) => g.add(g.sqrt(a!), b!));
    expect(trustedRange(ofSquare, none)).not.toHaveProperty('refused');
    expect(trustedRange(ofAny, none)).toHaveProperty('refused');
  });

  test('integers above 2^24 that become floats', () => {
    const g = new Graph();
    const formula = storing(g, 'F32', g.toFloat(g.operand(32)));
    expect(trustedRange(formula, none)).toMatchObject({
      refused: expect.stringContaining('2^24'),
    });
  });
});

describe('what the walk says of each float holds for inputs in the range', () => {
  const elements = 600;
  test.each(samples)('$name', ({ formula, uniforms, operands: types }) => {
    const range = trustedRange(formula, uniforms);
    if ('refused' in range) throw new Error(range.refused);
    const checked = checkedNodes(formula);
    const span = bitSpan(range);
    const found = extents(formula, {
      uniform: (index) => singleWord(uniforms[index]!),
      watched: (node) => (checked.has(node) ? span : undefined),
    });
    const inputs = [
      weights(types[0]!, types.length, elements),
      edges(types[0]!, types.length, elements, range),
    ];
    for (const operands of inputs) {
      const words = new Map(
        formula.nodes
          .filter((node) => node.lane === 'f')
          .map((node) => [node, wordsOf(formula, node as UNode)] as const),
      );
      const isTrusted = (element: number): boolean =>
        [...checked].every((node) => {
          const magnitude = words.get(node)![element]! & 0x7fffffff;
          return magnitude === 0 || (magnitude >= span[0] && magnitude <= span[1]);
        });
      for (let element = 0; element < elements; element++) {
        if (!isTrusted(element)) continue;
        for (const [node, values] of words) {
          const value = values[element]!;
          const extent = found.get(node)!;
          // In lanes that a selection discards, a value may be anything.
          if (isDoubtful(extent)) continue;
          const { spans, trailing } = extent;
          const isIn = spans.some(([from, to]) => from <= value && value <= to);
          if (!isIn || (trailing < 32 && value % 2 ** trailing !== 0))
            expect.unreachable(`node ${node.id} ${node.op} is ${value.toString(16)}`);
        }
      }

      function wordsOf(whole: Formula, word: UNode): Uint32Array {
        const nodes = whole.nodes.slice(0, word.id + 1);
        const sinks = [{ kind: 'store', word, width: 32, nonFinite: 0 }] as const;
        const { output } = oracleSlice(
          { ...whole, nodes, sinks },
          { uniforms, operands, elements, firstElement: 0 },
        );
        return new Uint32Array(output.slice().buffer);
      }
    }
  });
});

test('the dispatches of a large slice cover its octets once', () => {
  const { formula, uniforms } = linear(brain);
  const dispatchElements = 1 << 16;
  const elements = 2 * dispatchElements + 13;
  const size = { elements, dispatchElements };
  const count = dispatchCount(size);
  expect(count).toBe(3);
  const stride = parameterBytes(formula) / 4;
  const words = new Uint32Array(count * stride);
  const firstElement = 2 ** 40 + 65536;
  const range = { low: -101, high: 127 };
  writeParameters(
    { formula, uniforms, ...size, firstElement, operandOffsets: [0, 256, 512], range },
    words,
  );
  const octets = Array.from({ length: count }, (_, i) => {
    const at = i * stride;
    return [words[at + word.firstOctet], words[at + word.endOctet]];
  });
  const each = dispatchElements / 8;
  expect(octets).toEqual([
    [0, each],
    [each, 2 * each],
    [2 * each, 2 * each + 2],
  ]);
  expect(words[2 * stride + word.counterHigh]).toBe(2 ** 7);
  expect(words[2 * stride + word.counterLow]).toBe(32768);
});
