/** The instructions that kernels use, as bytes on a `Code`. */
import type { Code } from './assembler.ts';

const simd = (code: Code, opcode: number): Code => code.byte(0xfd).unsigned(opcode);

export const local = {
  get: (code: Code, index: number) => code.byte(0x20).unsigned(index),
  set: (code: Code, index: number) => code.byte(0x21).unsigned(index),
  tee: (code: Code, index: number) => code.byte(0x22).unsigned(index),
};

export const i32 = {
  const: (code: Code, value: number) => code.byte(0x41).signed(value),
  load: (code: Code, offset: number) => code.byte(0x28, 0x02).unsigned(offset),
  store: (code: Code, offset: number) => code.byte(0x36, 0x02).unsigned(offset),
  loadByte: (code: Code, offset: number) => code.byte(0x2d, 0x00).unsigned(offset),
  storeByte: (code: Code, offset: number) => code.byte(0x3a, 0x00).unsigned(offset),
  shl: (code: Code) => code.byte(0x74),
  eqz: (code: Code) => code.byte(0x45),
  add: (code: Code) => code.byte(0x6a),
  sub: (code: Code) => code.byte(0x6b),
  or: (code: Code) => code.byte(0x72),
};

export const f64 = {
  store: (code: Code, offset: number) => code.byte(0x39, 0x03).unsigned(offset),
  add: (code: Code) => code.byte(0xa0),
};

export const control = {
  block: (code: Code) => code.byte(0x02, 0x40),
  loop: (code: Code) => code.byte(0x03, 0x40),
  when: (code: Code) => code.byte(0x04, 0x40),
  end: (code: Code) => code.byte(0x0b),
  branch: (code: Code, depth: number) => code.byte(0x0c).unsigned(depth),
  branchIf: (code: Code, depth: number) => code.byte(0x0d).unsigned(depth),
};

export const v128 = {
  load: (code: Code, offset: number) => simd(code, 0).byte(0x00).unsigned(offset),
  loadSplat32: (code: Code, offset: number) => simd(code, 9).byte(0x02).unsigned(offset),
  loadSplat64: (code: Code, offset: number) => simd(code, 10).byte(0x03).unsigned(offset),
  store: (code: Code, offset: number) => simd(code, 11).byte(0x00).unsigned(offset),
  const: (code: Code, words: readonly [number, number, number, number]) => {
    simd(code, 12);
    for (const word of words)
      code.byte(word & 255, (word >>> 8) & 255, (word >>> 16) & 255, word >>> 24);
    return code;
  },
  shuffle: (code: Code, lanes: readonly number[]) => simd(code, 13).byte(...lanes),
  not: (code: Code) => simd(code, 77),
  and: (code: Code) => simd(code, 78),
  /** (a, b): a where b has zeros. */
  andNot: (code: Code) => simd(code, 79),
  or: (code: Code) => simd(code, 80),
  xor: (code: Code) => simd(code, 81),
  anyTrue: (code: Code) => simd(code, 83),
};

export const i16x8 = {
  eq: (code: Code) => simd(code, 45),
};

export const i32x4 = {
  splat: (code: Code) => simd(code, 17),
  extract: (code: Code, lane: number) => simd(code, 27).byte(lane),
  eq: (code: Code) => simd(code, 55),
  ltS: (code: Code) => simd(code, 57),
  gtS: (code: Code) => simd(code, 59),
  geU: (code: Code) => simd(code, 64),
  /** The upper bit of each lane, the first lane's lowest. */
  bitmask: (code: Code) => simd(code, 164),
  /** (a, b, mask): a in the lanes where the mask has ones, b where it has zeros; no lane may be mixed. */
  laneSelect: (code: Code) => simd(code, 0x10b),
  shl: (code: Code) => simd(code, 171),
  shrS: (code: Code) => simd(code, 172),
  shrU: (code: Code) => simd(code, 173),
  add: (code: Code) => simd(code, 174),
  sub: (code: Code) => simd(code, 177),
  mul: (code: Code) => simd(code, 181),
  minS: (code: Code) => simd(code, 182),
  minU: (code: Code) => simd(code, 183),
  maxS: (code: Code) => simd(code, 184),
  maxU: (code: Code) => simd(code, 185),
};

export const f32x4 = {
  ne: (code: Code) => simd(code, 66),
  sqrt: (code: Code) => simd(code, 227),
  add: (code: Code) => simd(code, 228),
  sub: (code: Code) => simd(code, 229),
  mul: (code: Code) => simd(code, 230),
  div: (code: Code) => simd(code, 231),
  convertU32: (code: Code) => simd(code, 251),
};

export const f64x2 = {
  /** Both rounded to f32, into the lower half; the upper one is 0. */
  demoteZero: (code: Code) => simd(code, 94),
  promoteLow: (code: Code) => simd(code, 95),
  extract: (code: Code, lane: number) => simd(code, 33).byte(lane),
  add: (code: Code) => simd(code, 240),
  sub: (code: Code) => simd(code, 241),
  mul: (code: Code) => simd(code, 242),
};
