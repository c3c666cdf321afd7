import type { Node, UNode } from '../../formula/node.ts';
import type { Code } from './assembler.ts';
import { comparesSigned, isMadeNegated, testedForNaN } from './comparisons.ts';
import { drawWords } from './draw.ts';
import { f32x4, i32, i32x4, local, v128 } from './instructions.ts';
import { isAlias, type Half, type Scope } from './scope.ts';

/** Eight elements: operands as they lie in memory, split into halves, and the nodes computed once for each half. */
export class Group {
  readonly #scope: Scope;
  readonly #code: Code;
  /** 16-bit operands: the eight packed words. 32-bit operands: the even and the odd four. */
  readonly #packed = new Map<number, number>();
  readonly #split = new Map<number, Readonly<Record<Half, number>>>();
  /** The masks' bytes, in every lane. */
  readonly #kept = new Map<number, number>();
  #drawn: ReadonlyMap<number, Readonly<Record<Half, number>>> = new Map();
  readonly #known: Readonly<Record<Half, Map<number, number>>> = {
    even: new Map(),
    odd: new Map(),
  };

  constructor(scope: Scope) {
    this.#scope = scope;
    this.#code = scope.code;
  }

  /** Brings the next eight elements in. */
  load(): void {
    this.#scope.formula.operandWidths.forEach((width, operand) => {
      if (width !== undefined) this.#load(operand, width);
    });
    for (const node of this.#scope.formula.nodes) if (node.op === 'kept') this.#loadMask(node);
    this.#drawn = drawWords(this.#scope);
  }

  /** Makes what is the same for all elements once, before the first. */
  hoist(): void {
    for (const node of this.#scope.formula.nodes) {
      if (isAlias(node) || !this.#scope.isFixed(node) || this.#settled(node, 'even') !== undefined)
        continue;
      this.#pushMade(node, 'even');
      this.#scope.fix(node);
    }
  }

  /** Leaves the node's four lanes on the stack. */
  push(node: Node, half: Half): void {
    this.#pushMade(node, half);
    if (isMadeNegated(node)) v128.not(this.#code);
  }

  /** Leaves the four lanes as they are made: a mask may be negated. */
  #pushMade(node: Node, half: Half): void {
    const code = this.#code;
    if (isAlias(node)) return this.#pushMade(node.args[0]!, half);
    const known = this.#known[half].get(node.id);
    if (known !== undefined) {
      local.get(code, known);
      return;
    }
    const settled = this.#settled(node, half);
    if (settled !== undefined) {
      local.get(code, settled);
      return;
    }
    this.#compute(node, half);
    if (!this.#scope.usedOften(node)) return;
    const at = this.#scope.local('v128');
    local.tee(code, at);
    this.#known[half].set(node.id, at);
  }

  /** Leaves the eight 16-bit words on the stack, packed in order. */
  pushPacked16(word: UNode): void {
    const code = this.#code;
    if (word.op === 'shr' && word.imm === 16) {
      const whole = word.args[0]!;
      this.push(whole, 'even');
      i32x4.shrU(code.byte(0x41).signed(16));
      this.push(whole, 'odd');
      v128.and(v128.const(code, [-65536, -65536, -65536, -65536]));
      v128.or(code);
      return;
    }
    pack16(
      code,
      () => this.push(word, 'even'),
      () => this.push(word, 'odd'),
    );
  }

  #load(operand: number, width: 16 | 32): void {
    const code = this.#code;
    const pointer = this.#scope.operandPointers[operand]!;
    if (width === 16) {
      const at = this.#scope.local('v128');
      local.set(v128.load(local.get(code, pointer), 0), at);
      this.#packed.set(operand, at);
      return;
    }
    const first = this.#scope.local('v128');
    const second = this.#scope.local('v128');
    const split = { even: this.#scope.local('v128'), odd: this.#scope.local('v128') };
    local.set(v128.load(local.get(code, pointer), 0), first);
    local.set(v128.load(local.get(code, pointer), 16), second);
    local.get(local.get(code, first), second);
    local.set(v128.shuffle(code, wordLanes([0, 2, 4, 6])), split.even);
    local.get(local.get(code, first), second);
    local.set(v128.shuffle(code, wordLanes([1, 3, 5, 7])), split.odd);
    this.#split.set(operand, split);
  }

  #loadMask({ imm }: Node): void {
    const code = this.#code;
    const at = this.#scope.local('v128');
    i32.loadByte(local.get(code, this.#scope.maskPointers.get(imm)!), 0);
    local.set(i32x4.splat(code), at);
    this.#kept.set(imm, at);
  }

  /** The local of a node that is there without being computed. */
  #settled(node: Node, half: Half): number | undefined {
    switch (node.op) {
      case 'uni':
        return this.#scope.uniform(node.imm);
      case 'const':
        return this.#scope.constant(node);
      case 'load':
        return this.#split.get(node.imm)?.[half];
      case 'draw':
        return this.#drawn.get(node.id)![half];
      default:
        return this.#scope.fixed(node);
    }
  }

  #compute(node: Node, half: Half): void {
    const code = this.#code;
    const shift = (count: number): Code => code.byte(0x41).signed(count);
    const operands = (): void => node.args.forEach((argument) => this.push(argument, half));
    switch (node.op) {
      case 'load': {
        local.get(code, this.#packed.get(node.imm)!);
        if (half === 'even') v128.and(v128.const(code, [65535, 65535, 65535, 65535]));
        else i32x4.shrU(shift(16));
        return;
      }
      case 'idx':
        local.get(code, this.#scope.index);
        if (half === 'odd') i32x4.add(v128.const(code, [1, 1, 1, 1]));
        return;
      case 'kept': {
        // Each lane looks at its own bit.
        const bits = half === 'even' ? ([1, 2, 4, 8] as const) : ([16, 32, 64, 128] as const);
        v128.and(v128.const(local.get(code, this.#kept.get(node.imm)!), bits));
        i32x4.eq(v128.const(code, bits));
        return;
      }
      case 'shl': {
        const raw = node.args[0]!;
        if (raw.op === 'load' && node.imm === 16 && this.#packed.has(raw.imm)) {
          // A packed bf16 word is its f32's high half already.
          local.get(code, this.#packed.get(raw.imm)!);
          if (half === 'even') i32x4.shl(shift(16));
          else v128.and(v128.const(code, [-65536, -65536, -65536, -65536]));
          return;
        }
        operands();
        i32x4.shl(shift(node.imm));
        return;
      }
      case 'shr':
        operands();
        i32x4.shrU(shift(node.imm));
        return;
      case 'sar':
        operands();
        i32x4.shrS(shift(node.imm));
        return;
      case 'selU':
      case 'selF': {
        const [mask, then, otherwise] = node.args;
        const [onOnes, onZeros] = isMadeNegated(mask!) ? [otherwise!, then!] : [then!, otherwise!];
        if (isZero(onZeros)) {
          this.push(onOnes, half);
          this.#pushMade(mask!, half);
          v128.and(code);
          return;
        }
        if (isZero(onOnes)) {
          this.push(onZeros, half);
          this.#pushMade(mask!, half);
          v128.andNot(code);
          return;
        }
        this.push(onOnes, half);
        this.push(onZeros, half);
        this.#pushMade(mask!, half);
        i32x4.laneSelect(code);
        return;
      }
      case 'ltU':
        this.#compareUnsigned(node, half);
        return;
      case 'mand': {
        const [first, second] = node.args;
        const isFirstNegated = isMadeNegated(first!);
        if (isFirstNegated === isMadeNegated(second!)) {
          operands();
          v128.and(code);
          return;
        }
        this.#pushMade(isFirstNegated ? second! : first!, half);
        this.#pushMade(isFirstNegated ? first! : second!, half);
        v128.andNot(code);
        return;
      }
      case 'm2u':
        operands();
        v128.and(v128.const(code, [1, 1, 1, 1]));
        return;
      case 'uni':
      case 'const':
      case 'draw':
      case 'bits':
      case 'float':
      case 'border':
      case 'mnot':
        throw new Error(`${node.op} is settled before it is computed`);
      default:
        operands();
        lane[node.op](code);
    }
  }

  /** a < b, or its negation where the mask is made so. */
  #compareUnsigned(node: Node, half: Half): void {
    const code = this.#code;
    const word = testedForNaN(node);
    if (word !== undefined) {
      const at = this.#scope.local('v128');
      this.push(word, half);
      f32x4.ne(local.get(local.tee(code, at), at));
      return;
    }
    for (const side of node.args) this.push(side, half);
    if (comparesSigned(node)) i32x4.ltS(code);
    else i32x4.geU(code);
  }
}

function isZero(node: Node): boolean {
  return isAlias(node) ? isZero(node.args[0]!) : node.op === 'const' && node.imm === 0;
}

/** One instruction on operands that lie on the stack in order. */
const lane = {
  fadd: f32x4.add,
  fsub: f32x4.sub,
  fmul: f32x4.mul,
  fdiv: f32x4.div,
  fsqrt: f32x4.sqrt,
  u2f: f32x4.convertU32,
  and: v128.and,
  or: v128.or,
  xor: v128.xor,
  iadd: i32x4.add,
  isub: i32x4.sub,
  imul: i32x4.mul,
  minU: i32x4.minU,
  maxU: i32x4.maxU,
  minS: i32x4.minS,
  maxS: i32x4.maxS,
  gtS: i32x4.gtS,
  eqU: i32x4.eq,
  mor: v128.or,
  // A mask is -1 in each true lane.
  addM: i32x4.sub,
} as const;

/** Leaves the lower halves of the words that are pushed, even and odd ones, as eight packed words. */
export function pack16(code: Code, pushEven: () => void, pushOdd: () => void): void {
  pushEven();
  v128.and(v128.const(code, [65535, 65535, 65535, 65535]));
  pushOdd();
  i32x4.shl(code.byte(0x41).signed(16));
  v128.or(code);
}

/** Byte lanes of a shuffle that picks 32-bit words, 0 to 7, out of two vectors. */
export function wordLanes(words: readonly number[]): readonly number[] {
  return words.flatMap((word) => [4 * word, 4 * word + 1, 4 * word + 2, 4 * word + 3]);
}
