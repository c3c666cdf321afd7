import { canonicalBits } from '../../formula/derived.ts';
import { Graph } from '../../formula/graph.ts';
import type { FNode, Op, UNode } from '../../formula/node.ts';
import type { Trial } from './self-check.ts';
import { ordinaryFloats, randomWords, wordsWithSpecials } from './self-check-inputs.ts';

type Operand = 'any words' | 'ordinary floats';

interface OperationSample {
  readonly inputs: Operand;
  make(g: Graph, a: UNode, b: UNode): UNode;
}

const words = (make: OperationSample['make']): OperationSample => ({ inputs: 'any words', make });

/** The operation on floats, its NaNs made one. */
const floats = (
  inputs: Operand,
  make: (g: Graph, a: FNode, b: FNode) => FNode,
): OperationSample => ({
  inputs,
  make: (g, a, b) => canonicalBits(g, make(g, g.float(a), g.float(b))),
});

/** What a GPU does: masks are kept on a processor alone. */
export type MappedOp = Exclude<Op, 'kept'>;

/** Each operation by itself, over two 32-bit operands. */
const operations: Readonly<Record<MappedOp, OperationSample>> = {
  load: words((g, a) => g.iadd(a, g.operand(16))),
  uni: words((g, a) => g.iadd(a, g.uniform())),
  const: words((g, a) => g.iadd(a, g.word(0xdeadbeef))),
  idx: words((g, a) => g.iadd(a, g.index())),
  draw: words((g, a) => g.iadd(a, g.draw().word)),
  bits: floats('ordinary floats', (g, a, b) => g.float(g.iadd(g.bits(g.add(a, b)), g.word(1)))),
  float: words((g, a) => g.bits(g.float(g.iadd(a, g.word(1))))),
  border: floats('ordinary floats', (g, a, b) => g.mul(g.border(g.add(a, b)), b)),
  fadd: floats('ordinary floats', (g, a, b) => g.add(a, b)),
  fsub: floats('ordinary floats', (g, a, b) => g.sub(a, b)),
  fmul: floats('ordinary floats', (g, a, b) => g.mul(a, b)),
  fdiv: floats('any words', (g, a, b) => g.div(a, b)),
  fsqrt: floats('any words', (g, a) => g.sqrt(a)),
  u2f: words((g, a) => g.bits(g.toFloat(g.and(a, g.word(0xffffff))))),
  and: words((g, a, b) => g.and(a, b)),
  or: words((g, a, b) => g.or(a, b)),
  xor: words((g, a, b) => g.xor(a, b)),
  shl: words((g, a) => g.xor(g.shl(a, 5), g.shl(a, 31))),
  shr: words((g, a) => g.xor(g.shr(a, 5), g.shr(a, 31))),
  sar: words((g, a) => g.xor(g.sar(a, 5), g.sar(a, 31))),
  iadd: words((g, a, b) => g.iadd(a, b)),
  isub: words((g, a, b) => g.isub(a, b)),
  imul: words((g, a, b) => g.imul(a, b)),
  minU: words((g, a, b) => g.minU(a, b)),
  maxU: words((g, a, b) => g.maxU(a, b)),
  minS: words((g, a, b) => g.minS(a, b)),
  maxS: words((g, a, b) => g.maxS(a, b)),
  gtS: words((g, a, b) => g.fromMask(g.gtS(a, b))),
  ltU: words((g, a, b) => g.fromMask(g.ltU(a, b))),
  eqU: words((g, a, b) => g.fromMask(g.eqU(a, b))),
  mand: words((g, a, b) => g.fromMask(g.both(g.ltU(a, b), g.gtS(a, b)))),
  mor: words((g, a, b) => g.fromMask(g.either(g.ltU(a, b), g.gtS(a, b)))),
  mnot: words((g, a, b) => g.fromMask(g.not(g.eqU(a, b)))),
  selU: words((g, a, b) => g.selU(g.ltU(a, b), g.xor(a, g.word(1)), b)),
  selF: words((g, a, b) => g.bits(g.selF(g.gtS(a, b), g.float(a), g.float(b)))),
  m2u: words((g, a, b) => g.iadd(g.fromMask(g.ltU(a, b)), g.shl(g.fromMask(g.eqU(a, b)), 1))),
  addM: words((g, a, b) => g.addMask(a, g.ltU(a, b))),
};

export const operationNames = Object.keys(operations) as readonly MappedOp[];

/** A slice that shows the operation: all pairs of special words, where it takes any, and random ones; an odd number. */
export function operationTrial(op: MappedOp): Trial {
  const elements = 70_001;
  const { inputs, make } = operations[op];
  const g = new Graph();
  const word = make(g, g.operand(32), g.operand(32));
  const formula = g.formula([{ kind: 'store', word, width: 32, nonFinite: 0x7f800000 }]);
  const operands = formula.operandWidths.map((width, operand) => {
    if (width === 16) return new Uint8Array(Uint16Array.from(randomWords(3, elements)).buffer);
    const any = wordsWithSpecials(operand, elements);
    const given = inputs === 'any words' ? any : ordinaryFloats(randomWords(operand, elements));
    return new Uint8Array(given.buffer);
  });
  const uniforms = randomWords(5, formula.uniformCount);
  return { formula, uniforms, operands, elements, firstElement: 131072 };
}
