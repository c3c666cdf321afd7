import type { FNode, Formula, Lane, MNode, Node, Op, Sink, UNode, Width } from './node.ts';

/** Builds formulas. Equal operations give the same node, so that what is written twice is computed once. */
export class Graph {
  readonly #nodes = new Map<string, Node>();
  readonly #widths: Width[] = [];
  #uniforms = 0;
  #draws = 0;

  get operandCount(): number {
    return this.#widths.length;
  }

  get uniformCount(): number {
    return this.#uniforms;
  }

  get drawCount(): number {
    return this.#draws;
  }

  /** A new operand of that width; its raw word. */
  operand(width: Width): UNode {
    this.#widths.push(width);
    return this.#node('load', 'u', [], this.#widths.length - 1);
  }

  /** A new uniform of the pass: 32 bits. */
  uniform(): UNode {
    return this.#node('uni', 'u', [], this.#uniforms++);
  }

  /** 32 random bits of each element, keyed by two new uniforms: the index of the first comes with the node. */
  draw(): { readonly word: UNode; readonly key: number } {
    const key = this.#uniforms;
    this.#uniforms += 2;
    this.#draws++;
    return { word: this.#node('draw', 'u', [], key), key };
  }

  index(): UNode {
    return this.#node('idx', 'u', [], 0);
  }

  /** A literal, as its 32 bits. */
  word(value: number): UNode {
    return this.#node('const', 'u', [], value >>> 0);
  }

  /** A literal float, given as a number that f32 holds. */
  constant(value: number): FNode {
    scratchFloat[0] = value;
    return this.float(this.word(scratchWord[0]));
  }

  bits(x: FNode): UNode {
    return (x.op === 'float' ? x.args[0]! : this.#node('bits', 'u', [x], 0)) as UNode;
  }

  float(x: UNode): FNode {
    return (x.op === 'bits' ? x.args[0]! : this.#node('float', 'f', [x], 0)) as FNode;
  }

  /** The value of a named step, as it is. */
  border = (x: FNode): FNode => this.#node('border', 'f', [x], 0);

  add = (a: FNode, b: FNode): FNode => this.#node('fadd', 'f', [a, b], 0);
  sub = (a: FNode, b: FNode): FNode => this.#node('fsub', 'f', [a, b], 0);
  mul = (a: FNode, b: FNode): FNode => this.#node('fmul', 'f', [a, b], 0);
  div = (a: FNode, b: FNode): FNode => this.#node('fdiv', 'f', [a, b], 0);
  sqrt = (a: FNode): FNode => this.#node('fsqrt', 'f', [a], 0);
  /** Exact below 2^24. */
  toFloat = (a: UNode): FNode => this.#node('u2f', 'f', [a], 0);

  and = (a: UNode, b: UNode): UNode => this.#node('and', 'u', [a, b], 0);
  or = (a: UNode, b: UNode): UNode => this.#node('or', 'u', [a, b], 0);
  xor = (a: UNode, b: UNode): UNode => this.#node('xor', 'u', [a, b], 0);
  shl = (a: UNode, count: number): UNode => (count === 0 ? a : this.#node('shl', 'u', [a], count));
  shr = (a: UNode, count: number): UNode => (count === 0 ? a : this.#node('shr', 'u', [a], count));
  sar = (a: UNode, count: number): UNode => (count === 0 ? a : this.#node('sar', 'u', [a], count));
  iadd = (a: UNode, b: UNode): UNode => this.#node('iadd', 'u', [a, b], 0);
  isub = (a: UNode, b: UNode): UNode => this.#node('isub', 'u', [a, b], 0);
  imul = (a: UNode, b: UNode): UNode => this.#node('imul', 'u', [a, b], 0);
  minU = (a: UNode, b: UNode): UNode => this.#node('minU', 'u', [a, b], 0);
  maxU = (a: UNode, b: UNode): UNode => this.#node('maxU', 'u', [a, b], 0);
  minS = (a: UNode, b: UNode): UNode => this.#node('minS', 'u', [a, b], 0);
  maxS = (a: UNode, b: UNode): UNode => this.#node('maxS', 'u', [a, b], 0);

  gtS = (a: UNode, b: UNode): MNode => this.#node('gtS', 'm', [a, b], 0);
  ltU = (a: UNode, b: UNode): MNode => this.#node('ltU', 'm', [a, b], 0);
  eqU = (a: UNode, b: UNode): MNode => this.#node('eqU', 'm', [a, b], 0);
  both = (a: MNode, b: MNode): MNode => this.#node('mand', 'm', [a, b], 0);
  either = (a: MNode, b: MNode): MNode => this.#node('mor', 'm', [a, b], 0);
  not = (a: MNode): MNode =>
    a.op === 'mnot' ? (a.args[0] as MNode) : this.#node('mnot', 'm', [a], 0);

  selU = (m: MNode, then: UNode, otherwise: UNode): UNode =>
    m.op === 'mnot'
      ? this.#node('selU', 'u', [m.args[0]!, otherwise, then], 0)
      : this.#node('selU', 'u', [m, then, otherwise], 0);
  selF = (m: MNode, then: FNode, otherwise: FNode): FNode =>
    m.op === 'mnot'
      ? this.#node('selF', 'f', [m.args[0]!, otherwise, then], 0)
      : this.#node('selF', 'f', [m, then, otherwise], 0);
  /** The mask as 0 or 1. */
  fromMask = (m: MNode): UNode => this.#node('m2u', 'u', [m], 0);
  addMask = (a: UNode, m: MNode): UNode => this.#node('addM', 'u', [a, m], 0);

  /** The formula that ends in these sinks, with the nodes they reach and no others. */
  formula(sinks: readonly Sink[]): Formula {
    const nodes: Node[] = [];
    const renumbered = new Map<Node, Node>();
    const visit = (root: Node): Node => {
      const pending: Node[] = [root];
      while (pending.length > 0) {
        const node = pending[pending.length - 1]!;
        if (renumbered.has(node)) {
          pending.pop();
          continue;
        }
        const open = node.args.filter((argument) => !renumbered.has(argument));
        if (open.length > 0) {
          pending.push(...open.reverse());
          continue;
        }
        pending.pop();
        const placed: Node = {
          ...node,
          id: nodes.length,
          args: node.args.map((argument) => renumbered.get(argument)!),
        };
        renumbered.set(node, placed);
        nodes.push(placed);
      }
      return renumbered.get(root)!;
    };
    const placedSinks = sinks.map((sink) => mapSink(sink, visit));
    const operandWidths: (Width | undefined)[] = this.#widths.map(() => undefined);
    for (const node of nodes)
      if (node.op === 'load') operandWidths[node.imm] = this.#widths[node.imm]!;
    return {
      nodes,
      sinks: placedSinks,
      operandWidths,
      uniformCount: this.#uniforms,
      key: keyOf(nodes, placedSinks, operandWidths),
    };
  }

  #node<L extends Lane>(
    op: Op,
    lane: L,
    args: readonly Node[],
    imm: number,
  ): Node & { readonly lane: L } {
    let key = `${op} ${imm}`;
    for (const argument of args) key += ` ${argument.id}`;
    const known = this.#nodes.get(key);
    if (known !== undefined) return known as Node & { readonly lane: L };
    const node = { id: this.#nodes.size, op, lane, args, imm };
    this.#nodes.set(key, node);
    return node;
  }
}

const scratchFloat = new Float32Array(1);
const scratchWord = new Uint32Array(scratchFloat.buffer);

/** The sink over other nodes. */
export function mapSink(sink: Sink, place: (node: Node) => Node): Sink {
  switch (sink.kind) {
    case 'store':
      return { ...sink, word: place(sink.word) as UNode };
    case 'hist':
      return sink.prefix === undefined
        ? { kind: 'hist', key: place(sink.key) as UNode }
        : { kind: 'hist', key: place(sink.key) as UNode, prefix: place(sink.prefix) as UNode };
    case 'dot':
      return { kind: 'dot', p: place(sink.p) as FNode, q: place(sink.q) as FNode };
    case 'count':
      return { kind: 'count', mask: place(sink.mask) as MNode };
    case 'keep':
      return { ...sink, mask: place(sink.mask) as MNode };
  }
}

function keyOf(
  nodes: readonly Node[],
  sinks: readonly Sink[],
  widths: readonly (Width | undefined)[],
): string {
  const nodeText = nodes.map(
    (node) => `${node.op},${node.imm},${node.args.map((argument) => argument.id).join(',')}`,
  );
  const sinkText = sinks.map((sink) => {
    switch (sink.kind) {
      case 'store':
        return `store,${sink.word.id},${sink.width},${sink.nonFinite}`;
      case 'hist':
        return `hist,${sink.key.id},${sink.prefix?.id ?? ''}`;
      case 'dot':
        return `dot,${sink.p.id},${sink.q.id}`;
      case 'count':
        return `count,${sink.mask.id}`;
      case 'keep':
        return `keep,${sink.mask.id},${sink.as}`;
    }
  });
  return `${widths.map((width) => width ?? '').join(',')};${nodeText.join(';')};${sinkText.join(';')}`;
}
