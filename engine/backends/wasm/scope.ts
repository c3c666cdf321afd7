import type { Formula, Node } from '../../formula/node.ts';
import { Code, valueType } from './assembler.ts';
import { drawSchedules, type Schedule } from './draw.ts';
import { i32, i32x4, local, v128 } from './instructions.ts';
import { callLayout, type CallLayout } from '../layout.ts';

/** The even or the odd four of eight elements. */
export type Half = 'even' | 'odd';
export const halves: readonly Half[] = ['even', 'odd'];

/** Masks of the lanes that lie before the end, as locals; absent where all do. */
export type Valid = Readonly<Record<Half, number>> | undefined;

/** One function being written: its code, its locals, and what was hoisted out of the loop. Local 0 is the call's block. */
export class Scope {
  readonly code = new Code();
  readonly locals: number[] = [];
  readonly formula: Formula;
  readonly layout: CallLayout;
  readonly operandPointers: readonly (number | undefined)[];
  /** Of the masks that are read or kept, by their number. */
  readonly maskPointers: ReadonlyMap<number, number>;
  readonly index: number;
  readonly draws: readonly Node[];
  readonly counterLow: number;
  readonly counterHigh: number;
  readonly #uses: Uint32Array;
  readonly #uniforms = new Map<number, number>();
  readonly #constants = new Map<number, number>();
  /** By node: whether it is the same for all elements, and the local of those that were made before the loop. */
  readonly #isFixed: readonly boolean[];
  readonly #fixed = new Map<number, number>();
  #schedules: readonly Schedule[] = [];

  constructor(formula: Formula) {
    this.formula = formula;
    this.layout = callLayout(formula);
    this.#uses = countUses(formula);
    this.#isFixed = fixedNodes(formula);
    this.operandPointers = formula.operandWidths.map((width) =>
      width === undefined ? undefined : this.local('i32'),
    );
    this.maskPointers = new Map(
      [...this.layout.masks.keys()].map((mask) => [mask, this.local('i32')]),
    );
    this.draws = formula.nodes.filter((node) => node.op === 'draw');
    this.index = this.local('v128');
    this.counterLow = this.local('v128');
    this.counterHigh = this.local('v128');
  }

  local(type: keyof typeof valueType): number {
    this.locals.push(valueType[type]);
    return this.locals.length;
  }

  usedOften(node: Node): boolean {
    return this.#uses[node.id]! > 1;
  }

  /** Local of a uniform, by its index. */
  uniform(index: number): number {
    return this.#uniforms.get(index)!;
  }

  constant(node: Node): number {
    return this.#constants.get(node.id)!;
  }

  /** Of the draws. */
  get schedules(): readonly Schedule[] {
    return this.#schedules;
  }

  isFixed(node: Node): boolean {
    return this.#isFixed[node.id]!;
  }

  /** The local of a node that was made before the loop. */
  fixed(node: Node): number | undefined {
    return this.#fixed.get(node.id);
  }

  /** The lanes on the stack are the node's, for all elements. */
  fix(node: Node): void {
    const at = this.local('v128');
    local.set(this.code, at);
    this.#fixed.set(node.id, at);
  }

  get usesIndex(): boolean {
    return this.formula.nodes.some((node) => node.op === 'idx');
  }

  /** A pointer of the call's block into a local. */
  loadPointer(offset: number, into: number): void {
    local.set(i32.load(local.get(this.code, 0), offset), into);
  }

  /** What does not change within a call: pointers, uniforms, constants, the first counters. */
  prologue(): void {
    const { code, layout } = this;
    layout.operands.forEach((offset, operand) => {
      if (offset !== undefined) this.loadPointer(offset, this.operandPointers[operand]!);
    });
    for (const [mask, pointer] of this.maskPointers)
      this.loadPointer(layout.masks.get(mask)!, pointer);
    for (const index of usedUniforms(this.formula)) {
      const at = this.local('v128');
      local.set(v128.loadSplat32(local.get(code, 0), layout.uniforms + 4 * index), at);
      this.#uniforms.set(index, at);
    }
    for (const node of this.formula.nodes) {
      if (node.op !== 'const') continue;
      const at = this.local('v128');
      local.set(v128.const(code, [node.imm, node.imm, node.imm, node.imm]), at);
      this.#constants.set(node.id, at);
    }
    this.#schedules = drawSchedules(this);
    if (this.draws.length > 0) {
      v128.const(v128.loadSplat32(local.get(code, 0), layout.counterLow), [0, 1, 2, 3]);
      local.set(i32x4.add(code), this.counterLow);
      local.set(v128.loadSplat32(local.get(code, 0), layout.counterHigh), this.counterHigh);
    }
    if (this.usesIndex) {
      v128.const(v128.loadSplat32(local.get(code, 0), layout.firstIndex), [0, 2, 4, 6]);
      local.set(i32x4.add(code), this.index);
    }
  }

  /** From one group of eight to the next. */
  advance(): void {
    const { code } = this;
    this.formula.operandWidths.forEach((width, operand) => {
      if (width !== undefined) this.step(this.operandPointers[operand]!, width);
    });
    for (const pointer of this.maskPointers.values()) this.step(pointer, 1);
    if (this.draws.length > 0) {
      local.set(
        i32x4.add(v128.const(local.get(code, this.counterLow), [4, 4, 4, 4])),
        this.counterLow,
      );
    }
    if (this.usesIndex) {
      local.set(i32x4.add(v128.const(local.get(code, this.index), [8, 8, 8, 8])), this.index);
    }
  }

  step(pointer: number, bytes: number): void {
    local.set(i32.add(i32.const(local.get(this.code, pointer), bytes)), pointer);
  }
}

/** Whether the node is another name of its operand: the same bits in the same lanes; negation is told of masks as they are used. */
export function isAlias(node: Node): boolean {
  return node.op === 'bits' || node.op === 'float' || node.op === 'border' || node.op === 'mnot';
}

/** Uses of each node, counted through reinterpretations: they cost nothing, so their operand is what is used. */
function countUses(formula: Formula): Uint32Array {
  const uses = new Uint32Array(formula.nodes.length);
  const use = (node: Node): void => {
    uses[node.id]!++;
    if (isAlias(node)) use(node.args[0]!);
  };
  for (const node of formula.nodes) {
    if (isAlias(node)) continue;
    for (const argument of node.args) use(argument);
  }
  for (const sink of formula.sinks) {
    switch (sink.kind) {
      case 'store':
        use(sink.word);
        break;
      case 'hist':
        use(sink.key);
        if (sink.prefix === undefined) break;
        // The second level looks at both halves of its key.
        use(sink.key);
        use(sink.prefix);
        break;
      case 'dot':
        use(sink.p);
        use(sink.q);
        break;
      case 'count':
      case 'keep':
        use(sink.mask);
        break;
    }
  }
  return uses;
}

function fixedNodes({ nodes }: Formula): readonly boolean[] {
  const isFixed: boolean[] = [];
  for (const { op, args } of nodes)
    isFixed.push(
      op !== 'load' &&
        op !== 'idx' &&
        op !== 'draw' &&
        op !== 'kept' &&
        args.every(({ id }) => isFixed[id]!),
    );
  return isFixed;
}

function usedUniforms(formula: Formula): readonly number[] {
  const used = new Set<number>();
  for (const node of formula.nodes) {
    if (node.op === 'uni') used.add(node.imm);
    if (node.op === 'draw') used.add(node.imm).add(node.imm + 1);
  }
  return [...used];
}
