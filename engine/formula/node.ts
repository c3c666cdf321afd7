/**
 * The intermediate form: lane operations over the elements of one tensor position.
 * One formula gives the WebAssembly kernel, the WGSL kernel and the plain oracle; what an operation means is fixed here.
 *
 * Lanes are `f` (f32), `u` (u32) or `m` (a mask). Arithmetic is IEEE f32, nearest even, subnormals kept, never fused;
 * decisions (thresholds, votes, draws) are taken on integers only.
 */

export type Lane = 'f' | 'u' | 'm';

/**
 * `load` raw word of an operand, zero-extended · `uni` 32 bits of the pass · `const` a literal · `idx` element index in the slice ·
 * `draw` 32 random bits of this element, keyed by uniforms `imm` and `imm + 1` · `kept` the mask that an earlier pass kept as number `imm` ·
 * `bits`, `float` reinterpretation · `border` the value of a named step, as it is: where a GPU checks and trusts anew ·
 * `fadd fsub fmul fdiv fsqrt` IEEE f32 · `u2f` exact below 2^24 ·
 * `shl shr sar` by the constant `imm` · `iadd isub imul` modulo 2^32 · `minU maxU minS maxS` ·
 * `gtS ltU eqU` integer comparisons · `selU selF` (mask, then, else) · `m2u` 0 or 1 · `addM` adds a mask as 0 or 1.
 */
export type Op =
  | 'load'
  | 'uni'
  | 'const'
  | 'idx'
  | 'draw'
  | 'kept'
  | 'bits'
  | 'float'
  | 'border'
  | 'fadd'
  | 'fsub'
  | 'fmul'
  | 'fdiv'
  | 'fsqrt'
  | 'u2f'
  | 'and'
  | 'or'
  | 'xor'
  | 'shl'
  | 'shr'
  | 'sar'
  | 'iadd'
  | 'isub'
  | 'imul'
  | 'minU'
  | 'maxU'
  | 'minS'
  | 'maxS'
  | 'gtS'
  | 'ltU'
  | 'eqU'
  | 'mand'
  | 'mor'
  | 'mnot'
  | 'selU'
  | 'selF'
  | 'm2u'
  | 'addM';

export interface Node {
  /** Its place in the formula's list; operands come before their users. */
  readonly id: number;
  readonly op: Op;
  readonly lane: Lane;
  readonly args: readonly Node[];
  /** Operand index, uniform index, literal or shift count; 0 where an operation has none. */
  readonly imm: number;
}

/** Nodes by lane, so that a formula that mixes them up does not compile. */
export type FNode = Node & { readonly lane: 'f' };
export type UNode = Node & { readonly lane: 'u' };
export type MNode = Node & { readonly lane: 'm' };

/** Bits of an operand's or a stored element. */
export type Width = 16 | 32;

/** Where a formula ends. */
export type Sink =
  /** The low `width` bits of each word, in order; a word whose bits under `nonFinite` are all set raises the pass's flag. */
  | {
      readonly kind: 'store';
      readonly word: UNode;
      readonly width: Width;
      readonly nonFinite: number;
    }
  /** Counts by `key >>> 16` (2^15 bins), or by `key & 0xffff` of the keys whose high half is `prefix` (2^16 bins). */
  | { readonly kind: 'hist'; readonly key: UNode; readonly prefix?: UNode }
  /** The f64 sum of p·q over each block of 2^16 elements, by the one tree. */
  | { readonly kind: 'dot'; readonly p: FNode; readonly q: FNode }
  /** True lanes of each block of 2^16 elements. */
  | { readonly kind: 'count'; readonly mask: MNode }
  /** The mask as bits, for later passes over the same elements: their `kept` of that number. On a processor alone. */
  | { readonly kind: 'keep'; readonly mask: MNode; readonly as: number };

/** One pass over the elements of a tensor. */
export interface Formula {
  /** Every node the sinks reach, operands first. */
  readonly nodes: readonly Node[];
  readonly sinks: readonly Sink[];
  /** Widths of the operands in use, by operand index; absent where an operand is not read. */
  readonly operandWidths: readonly (Width | undefined)[];
  readonly uniformCount: number;
  /** Equal for equal formulas: what kernels are cached by. */
  readonly key: string;
}

/** Elements of a block: sums and counts are kept by block, slices are whole blocks. */
export const blockElements = 65536;
