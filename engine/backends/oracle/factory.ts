import { threefry2x32 } from '../../numeric/threefry.ts';
import type { Formula, Node, Sink } from '../../formula/node.ts';
import { blockElements } from '../../formula/node.ts';
import type { Kernel, KernelFactory } from '../kernel.ts';
import { callLayout, highBytes } from '../layout.ts';

/**
 * The plain reading of a formula, node by node, in exact f32: what the other backends are held to.
 * Typed arrays round every result to f32; a sum, product, quotient or root of two f32 made in f64 and rounded is the f32 one.
 */
export function oracleKernels(): KernelFactory {
  let memory = new Uint8Array(65536);
  return {
    bytes: () => memory,
    reserve(byteLength) {
      if (byteLength <= memory.length) return;
      const grown = new Uint8Array(byteLength);
      grown.set(memory);
      memory = grown;
    },
    kernel: (formula) => interpreter(formula, () => memory),
  };
}

interface Words {
  readonly f: Float32Array;
  readonly u: Uint32Array;
}

function words(count: number): Words {
  const buffer = new ArrayBuffer(4 * count);
  return { f: new Float32Array(buffer), u: new Uint32Array(buffer) };
}

function interpreter(formula: Formula, memory: () => Uint8Array): Kernel {
  const layout = callLayout(formula);
  const values = new Map<Node, Words>();
  const run = (block: number): void => {
    const bytes = memory();
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const at = (offset: number): number => view.getUint32(block + offset, true);
    const count = at(layout.groups) * 8 + at(layout.tail);
    for (const node of formula.nodes) {
      const value = values.get(node) ?? words(blockElements);
      values.set(node, value);
      evaluate(node, value, count, {
        operand: (index) => at(layout.operands[index]!),
        width: (index) => formula.operandWidths[index]!,
        uniform: (index) => at(layout.uniforms + 4 * index),
        mask: (number) => at(layout.masks.get(number)!),
        firstIndex: at(layout.firstIndex),
        counter: [at(layout.counterLow), at(layout.counterHigh)],
        view,
        of: (argument) => values.get(argument)!,
      });
    }
    formula.sinks.forEach((sink, index) => {
      drain(sink, (node) => values.get(node)!, {
        view,
        block,
        at: layout.sinks[index]!,
        flag: layout.flag,
        count,
      });
    });
  };
  return { formula, layout, run };
}

interface Surroundings {
  operand(index: number): number;
  width(index: number): 16 | 32;
  uniform(index: number): number;
  mask(number: number): number;
  readonly firstIndex: number;
  readonly counter: readonly [number, number];
  readonly view: DataView;
  of(argument: Node): Words;
}

function evaluate(node: Node, into: Words, count: number, around: Surroundings): void {
  const [a, b, c] = node.args.map((argument) => around.of(argument)) as [Words, Words, Words];
  const { f, u } = into;
  const each = (compute: (i: number) => number): void => {
    for (let i = 0; i < count; i++) u[i] = compute(i);
  };
  const eachFloat = (compute: (i: number) => number): void => {
    for (let i = 0; i < count; i++) f[i] = compute(i);
  };
  switch (node.op) {
    case 'load': {
      const pointer = around.operand(node.imm);
      if (around.width(node.imm) === 16)
        return each((i) => around.view.getUint16(pointer + 2 * i, true));
      return each((i) => around.view.getUint32(pointer + 4 * i, true));
    }
    case 'uni': {
      const value = around.uniform(node.imm);
      return each(() => value);
    }
    case 'const':
      return each(() => node.imm);
    case 'idx':
      return each((i) => around.firstIndex + i);
    case 'draw': {
      const key = [around.uniform(node.imm), around.uniform(node.imm + 1)] as const;
      const [low, high] = around.counter;
      return each((i) => threefry2x32(key, [(low + (i >>> 1)) >>> 0, high])[(i & 1) as 0 | 1]);
    }
    case 'kept': {
      const pointer = around.mask(node.imm);
      return each((i) => (around.view.getUint8(pointer + (i >>> 3)) >>> keptBit(i)) & 1);
    }
    case 'bits':
    case 'float':
    case 'border':
      return u.set(a.u.subarray(0, count));
    case 'fadd':
      return eachFloat((i) => a.f[i]! + b.f[i]!);
    case 'fsub':
      return eachFloat((i) => a.f[i]! - b.f[i]!);
    case 'fmul':
      return eachFloat((i) => a.f[i]! * b.f[i]!);
    case 'fdiv':
      return eachFloat((i) => a.f[i]! / b.f[i]!);
    case 'fsqrt':
      return eachFloat((i) => Math.sqrt(a.f[i]!));
    case 'u2f':
      return eachFloat((i) => a.u[i]!);
    case 'and':
    case 'mand':
      return each((i) => a.u[i]! & b.u[i]!);
    case 'or':
    case 'mor':
      return each((i) => a.u[i]! | b.u[i]!);
    case 'xor':
      return each((i) => a.u[i]! ^ b.u[i]!);
    case 'shl':
      return each((i) => a.u[i]! << node.imm);
    case 'shr':
      return each((i) => a.u[i]! >>> node.imm);
    case 'sar':
      return each((i) => (a.u[i]! | 0) >> node.imm);
    case 'iadd':
      return each((i) => a.u[i]! + b.u[i]!);
    case 'isub':
      return each((i) => a.u[i]! - b.u[i]!);
    case 'imul':
      return each((i) => Math.imul(a.u[i]!, b.u[i]!));
    case 'minU':
      return each((i) => Math.min(a.u[i]!, b.u[i]!));
    case 'maxU':
      return each((i) => Math.max(a.u[i]!, b.u[i]!));
    case 'minS':
      return each((i) => Math.min(a.u[i]! | 0, b.u[i]! | 0));
    case 'maxS':
      return each((i) => Math.max(a.u[i]! | 0, b.u[i]! | 0));
    case 'gtS':
      return each((i) => ((a.u[i]! | 0) > (b.u[i]! | 0) ? 1 : 0));
    case 'ltU':
      return each((i) => (a.u[i]! < b.u[i]! ? 1 : 0));
    case 'eqU':
      return each((i) => (a.u[i]! === b.u[i]! ? 1 : 0));
    case 'mnot':
      return each((i) => a.u[i]! ^ 1);
    case 'selU':
    case 'selF':
      return each((i) => (a.u[i]! === 1 ? b.u[i]! : c.u[i]!));
    case 'm2u':
      return u.set(a.u.subarray(0, count));
    case 'addM':
      return each((i) => a.u[i]! + b.u[i]!);
  }
}

/** Of each eight elements the even ones come first. */
function keptBit(element: number): number {
  return ((element & 7) >>> 1) | ((element & 1) << 2);
}

interface Drain {
  readonly view: DataView;
  readonly block: number;
  readonly at: number;
  readonly flag: number;
  readonly count: number;
}

function drain(
  sink: Sink,
  of: (node: Node) => Words,
  { view, block, at, flag, count }: Drain,
): void {
  switch (sink.kind) {
    case 'store': {
      const pointer = view.getUint32(block + at, true);
      const { u } = of(sink.word);
      for (let i = 0; i < count; i++) {
        const word = sink.width === 16 ? u[i]! & 0xffff : u[i]!;
        if ((word & sink.nonFinite) === sink.nonFinite) view.setUint32(block + flag, 1, true);
        if (sink.width === 16) view.setUint16(pointer + 2 * i, word, true);
        else view.setUint32(pointer + 4 * i, word, true);
      }
      return;
    }
    case 'hist': {
      const { u } = of(sink.key);
      const prefix = sink.prefix === undefined ? undefined : of(sink.prefix).u;
      for (let i = 0; i < count; i++) {
        const high = u[i]! >>> 16;
        if (prefix !== undefined && prefix[i] !== high) continue;
        const bin = prefix === undefined ? high : u[i]! & 0xffff;
        // The first level's odd elements have bins of their own, as everywhere.
        const place = at + 4 * bin + (prefix === undefined && i % 2 === 1 ? highBytes : 0);
        view.setUint32(place, view.getUint32(place, true) + 1, true);
      }
      return;
    }
    case 'dot': {
      const p = of(sink.p).f;
      const q = of(sink.q).f;
      const lanes = new Float64Array(8);
      for (let i = 0; i < count; i++) lanes[i & 7]! += p[i]! * q[i]!;
      const [l0, l1, l2, l3, l4, l5, l6, l7] = lanes as unknown as readonly number[] as [
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      view.setFloat64(block + at, l0 + l1 + (l4 + l5) + (l2 + l3 + (l6 + l7)), true);
      return;
    }
    case 'count': {
      const { u } = of(sink.mask);
      let total = 0;
      for (let i = 0; i < count; i++) total += u[i]!;
      view.setUint32(block + at, total, true);
      return;
    }
    case 'keep': {
      const pointer = view.getUint32(block + at, true);
      const { u } = of(sink.mask);
      for (let first = 0; first < count; first += 8) {
        let bits = 0;
        for (let i = first; i < Math.min(first + 8, count); i++) bits |= u[i]! << keptBit(i);
        view.setUint8(pointer + first / 8, bits);
      }
      return;
    }
  }
}
