import { roundToWord } from '../../formula/derived.ts';
import { Graph } from '../../formula/graph.ts';
import type { FNode, Formula } from '../../formula/node.ts';
import { floatWords, storing } from './formula-building.ts';

/** A formula over 32-bit operands, and rows of their words with the word that has to come out. */
export interface ProbeVector {
  readonly name: string;
  readonly formula: Formula;
  readonly uniforms: Uint32Array;
  /** Each the operands' words, then the result. */
  readonly rows: readonly (readonly number[])[];
  /** The draws' counter: index of the first element in its tensor. */
  readonly firstElement?: number;
}

function vector(
  name: string,
  operands: number,
  make: (g: Graph, operands: readonly FNode[]) => FNode,
  rows: readonly (readonly number[])[],
  uniforms: Uint32Array = new Uint32Array(),
): ProbeVector {
  const g = new Graph();
  const xs = Array.from({ length: operands }, () => g.float(g.operand(32)));
  return { name, formula: storing(g, 'F32', make(g, xs)), uniforms, rows };
}

const uniform = (g: Graph): FNode => g.float(g.uniform());

/** What a device has to get right before anything is computed on it. The words are those of IEEE arithmetic, for good. */
export const probeVectors: readonly ProbeVector[] = [
  vector('a sum fused with a product', 3, (g, [a, b, c]) => g.add(g.mul(a!, b!), c!), [
    [0x3f800800, 0x3f800800, 0xbf801000, 0x00000000],
    [0x3f800001, 0x3f800001, 0xbf800002, 0x00000000],
    [0x3f7fffff, 0x3f800001, 0xbf800000, 0x00000000],
  ]),
  vector('a difference fused with a product', 3, (g, [a, b, c]) => g.sub(c!, g.mul(a!, b!)), [
    [0x3f800800, 0x3f800800, 0x3f801000, 0x00000000],
    [0x3f800001, 0x3f800001, 0x3f800002, 0x00000000],
    [0x3f7fffff, 0x3f800001, 0x3f800000, 0x00000000],
  ]),
  vector(
    'a weighted sum',
    2,
    (g, [a, b]) => g.add(g.mul(a!, uniform(g)), g.mul(b!, uniform(g))),
    [
      [0x3f800800, 0xbf801000, 0x00000000],
      [0x3f99999a, 0x3e4ccccd, 0x3fb33cce],
      [0xbf99999a, 0x3f99a027, 0xb8c34000],
    ],
    floatWords(1.000244140625, 1),
  ),
  vector('a sum reassociated', 2, (g, [a, b]) => g.sub(g.add(a!, b!), a!), [
    [0x4b800000, 0x3f800000, 0x00000000],
    [0xcb800000, 0xbf800000, 0x00000000],
    [0x3f800000, 0x33000000, 0x00000000],
  ]),
  vector('a sum of three reordered', 3, (g, [a, b, c]) => g.add(g.add(a!, b!), c!), [
    [0x4b800000, 0x3f800000, 0x3f800000, 0x4b800000],
    [0x3f800000, 0x4b800000, 0xcb800000, 0x00000000],
  ]),
  vector(
    'rounding by a large constant folded',
    1,
    (g, [a]) => g.sub(g.add(a!, g.constant(12582912)), g.constant(12582912)),
    [
      [0x3e99999a, 0x00000000],
      [0x3f333333, 0x3f800000],
      [0x40200000, 0x40000000],
      [0x40600000, 0x40800000],
      [0xc0200000, 0xc0000000],
    ],
  ),
  vector(
    'products reassociated',
    1,
    (g, [a]) => g.mul(g.mul(a!, uniform(g)), uniform(g)),
    [
      [0x3f800001, 0x3fb70a3f],
      [0x3dcccccd, 0x3e126e98],
    ],
    floatWords(1.1, 1.3),
  ),
  vector(
    'a common factor taken out',
    2,
    (g, [a, b]) => {
      const factor = uniform(g);
      return g.sub(g.mul(a!, factor), g.mul(b!, factor));
    },
    [
      [0x3f800001, 0x3f800000, 0x32800000],
      [0x3fb504f3, 0x3fb504f2, 0x32800000],
    ],
    floatWords(0.1),
  ),
  vector('ties of sums', 2, (g, [a, b]) => g.add(a!, b!), [
    [0x3f800000, 0x33800000, 0x3f800000],
    [0x3f800001, 0x33800000, 0x3f800002],
    [0x3f800000, 0x33800001, 0x3f800001],
    [0xbf800001, 0xb3800000, 0xbf800002],
    [0x3f800000, 0xb3000000, 0x3f800000],
    [0x4b7fffff, 0x3f000000, 0x4b800000],
  ]),
  vector('ties of products', 2, (g, [a, b]) => g.mul(a!, b!), [
    [0x3f800001, 0x3fc00000, 0x3fc00002],
    [0x3f800003, 0x3fc00000, 0x3fc00004],
    [0xbf800001, 0x3fc00000, 0xbfc00002],
    [0x3f800001, 0x3f7fffff, 0x3f800000],
    [0x3fffffff, 0x3fffffff, 0x407ffffe],
  ]),
  vector('signs of zero in sums', 2, (g, [a, b]) => g.add(a!, b!), [
    [0x80000000, 0x80000000, 0x80000000],
    [0x80000000, 0x00000000, 0x00000000],
    [0x3f800000, 0xbf800000, 0x00000000],
    [0xbf800000, 0x3f800000, 0x00000000],
  ]),
  vector('signs of zero in differences', 2, (g, [a, b]) => g.sub(a!, b!), [
    [0x80000000, 0x00000000, 0x80000000],
    [0x00000000, 0x00000000, 0x00000000],
    [0x00000000, 0x80000000, 0x00000000],
    [0xbf800000, 0xbf800000, 0x00000000],
  ]),
  vector('signs of zero in products', 2, (g, [a, b]) => g.mul(a!, b!), [
    [0x80000000, 0x3f800000, 0x80000000],
    [0x00000000, 0xbf800000, 0x80000000],
    [0x80000000, 0xbf800000, 0x00000000],
    [0x40490fdb, 0x80000000, 0x80000000],
  ]),
  vector('overflow of sums', 2, (g, [a, b]) => g.add(a!, b!), [
    [0x7f7fffff, 0x7f7fffff, 0x7f800000],
    [0xff7fffff, 0xff7fffff, 0xff800000],
    [0x7f7fffff, 0x73000000, 0x7f800000],
    [0x7f7fffff, 0x72ffffff, 0x7f7fffff],
  ]),
  vector('overflow of products', 2, (g, [a, b]) => g.mul(a!, b!), [
    [0x7f7fffff, 0x40000000, 0x7f800000],
    [0xff7fffff, 0x3f800001, 0xff800000],
    [0x7f000000, 0x3fffffff, 0x7f7fffff],
  ]),
  vector('integer division', 2, (g, [a, b]) => g.div(a!, b!), [
    [0x3f800000, 0x40400000, 0x3eaaaaab],
    [0xc0000000, 0x40400000, 0xbf2aaaab],
    [0x40490fdb, 0x3fb504f3, 0x400e2c19],
    [0x7f7fffff, 0x00000001, 0x7f800000],
    [0x00000001, 0x7f7fffff, 0x00000000],
    [0x00800000, 0x40000000, 0x00400000],
    [0x00000001, 0x40000000, 0x00000000],
    [0x00000003, 0x40000000, 0x00000002],
    [0x00800001, 0x40000000, 0x00400000],
    [0x3f800000, 0x80000000, 0xff800000],
    [0x00000000, 0x00000000, 0x7fc00000],
    [0x7f800000, 0xff800000, 0x7fc00000],
    [0x3f800000, 0xff800000, 0x80000000],
  ]),
  vector('integer root', 1, (g, [a]) => g.sqrt(a!), [
    [0x40000000, 0x3fb504f3],
    [0x40400000, 0x3fddb3d7],
    [0x3f7fffff, 0x3f7fffff],
    [0x00000001, 0x1a3504f3],
    [0x7f7fffff, 0x5f7fffff],
    [0x80000000, 0x80000000],
    [0xbf800000, 0x7fc00000],
    [0x7f800000, 0x7f800000],
  ]),
  generator(),
  halves(),
];

/** Both words of counters on either side of 2^32, one key. */
function generator(): ProbeVector {
  const g = new Graph();
  const { word } = g.draw();
  const formula = g.formula([{ kind: 'store', word, width: 32, nonFinite: 0xffffffff }]);
  return {
    name: 'generator',
    formula,
    uniforms: new Uint32Array([0x41e7df16, 0xb7f843c7]),
    rows: [
      [0x90e5a2a9],
      [0xb3f93cd2],
      [0xd81796e1],
      [0x8b409568],
      [0x9318d53c],
      [0x04d2da96],
      [0x1075ef5b],
      [0xd6767cb8],
    ],
    firstElement: 8589934588,
  };
}

/** f32 to f16: ties, subnormals, overflow. */
function halves(): ProbeVector {
  const g = new Graph();
  const word = roundToWord(g, 'F16', g.float(g.operand(32)));
  const formula = g.formula([{ kind: 'store', word, width: 32, nonFinite: 0x7c00 }]);
  return {
    name: 'rounding to f16',
    formula,
    uniforms: new Uint32Array(),
    rows: [
      [0x3f801000, 0x00003c00],
      [0x3f803000, 0x00003c02],
      [0x33000000, 0x00000000],
      [0x33000001, 0x00000001],
      [0xb8fff000, 0x00008800],
      [0x477fefff, 0x00007bff],
      [0x477ff000, 0x00007c00],
      [0x80000000, 0x00008000],
    ],
  };
}
