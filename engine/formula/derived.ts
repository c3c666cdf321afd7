/** Forms made of the primitive ones, so that they are the same on every backend. */
import type { DType } from '../../grammar/places/signature.ts';
import { storageFormat, widen as widenPattern } from '../numeric/storage.ts';
import type { Graph } from './graph.ts';
import type { FNode, MNode, UNode, Width } from './node.ts';

/** The types that kernels load and store. */
export type KernelType = 'F32' | 'F16' | 'BF16';

/** The types whose values are converted on their way to the kernels and from them. */
export type ConvertedType = 'F64' | 'F8_E4M3' | 'F8_E5M2';

/** The types that are computed with; tensors of others are only copied. */
export type ComputedType = KernelType | ConvertedType;

export function isKernelType(dtype: DType): dtype is KernelType {
  return dtype === 'F32' || dtype === 'F16' || dtype === 'BF16';
}

export function isConverted(dtype: DType): dtype is ConvertedType {
  return dtype === 'F64' || dtype === 'F8_E4M3' || dtype === 'F8_E5M2';
}

export function isComputed(dtype: DType): dtype is ComputedType {
  return isKernelType(dtype) || isConverted(dtype);
}

/** What kernels load for values of the type: all that a small type holds, bf16 holds; a double is rounded to f32. */
export function kernelType(dtype: ComputedType): KernelType {
  switch (dtype) {
    case 'F32':
    case 'F16':
    case 'BF16':
      return dtype;
    case 'F64':
      return 'F32';
    case 'F8_E4M3':
    case 'F8_E5M2':
      return 'BF16';
  }
}

/** What kernels store for a result of the type. From f32 it is converted once, so that it is rounded once. */
export function resultType(dtype: ComputedType): KernelType {
  return isKernelType(dtype) ? dtype : 'F32';
}

export function widthOf(dtype: KernelType): Width {
  return dtype === 'F32' ? 32 : 16;
}

/** The bits that are all set in an infinity or a NaN of the type. */
export function exponentMask(dtype: KernelType): number {
  switch (dtype) {
    case 'F32':
      return 0x7f800000;
    case 'BF16':
      return 0x7f80;
    case 'F16':
      return 0x7c00;
  }
}

/** The f32 value of an operand's raw word; exact. */
export function widen(g: Graph, dtype: KernelType, raw: UNode): FNode {
  switch (dtype) {
    case 'F32':
      return g.float(raw);
    case 'BF16':
      return g.float(g.shl(raw, 16));
    case 'F16':
      return widenHalf(g, raw);
  }
}

/** f16 to f32 by integers; its subnormals are normal in f32, made by one exact product. */
function widenHalf(g: Graph, raw: UNode): FNode {
  const sign = g.shl(g.and(raw, g.word(0x8000)), 16);
  const mag = g.and(raw, g.word(0x7fff));
  const normal = g.iadd(g.shl(mag, 13), g.word(112 << 23));
  const infinite = g.iadd(normal, g.word(112 << 23));
  const small = g.bits(g.mul(g.toFloat(mag), g.constant(1 / 16777216)));
  const isSmall = g.ltU(mag, g.word(0x400));
  const isInfinite = g.ltU(g.word(0x7bff), mag);
  return g.float(g.or(sign, g.selU(isSmall, small, g.selU(isInfinite, infinite, normal))));
}

/** The word of the value rounded to the type, to nearest even; every NaN becomes the type's one NaN. */
export function roundToWord(g: Graph, dtype: KernelType, x: FNode): UNode {
  switch (dtype) {
    case 'F32':
      return canonicalBits(g, x);
    case 'BF16':
      return g.shr(roundedBrain(g, x), 16);
    case 'F16':
      return halfWord(g, x);
  }
}

/** The value rounded to the type and widened again. */
export function roundTo(g: Graph, dtype: ComputedType, x: FNode): FNode {
  switch (dtype) {
    case 'F64':
    case 'F32':
      return x;
    case 'BF16':
      return g.float(g.and(roundedBrain(g, x), g.word(0xffff0000)));
    case 'F16':
      return widenHalf(g, halfWord(g, x));
    case 'F8_E4M3':
    case 'F8_E5M2':
      return roundedSmall(g, dtype, x);
  }
}

/** The bits with every NaN made 0x7fc00000: what a decision may look at. */
export function canonicalBits(g: Graph, x: FNode): UNode {
  const bits = g.bits(x);
  return g.selU(isNaNBits(g, bits), g.word(0x7fc00000), bits);
}

/** |x| as an integer that orders like it. */
export function magnitude(g: Graph, x: FNode): UNode {
  return g.and(g.bits(x), g.word(0x7fffffff));
}

/** |x| as an integer below 2^31 in which every NaN is the one largest key. */
export function magnitudeKey(g: Graph, x: FNode): UNode {
  return g.minU(magnitude(g, x), g.word(0x7f800001));
}

/** x > 0, for canonical bits; a NaN counts as positive on every backend. */
export function isPositive(g: Graph, bits: UNode): MNode {
  return g.gtS(bits, g.word(0));
}

/** x < 0, for canonical bits: the sign bit and something below it. */
export function isNegative(g: Graph, bits: UNode): MNode {
  return g.ltU(g.word(0x80000000), bits);
}

/** x where the mask holds, else +0. */
export function keep(g: Graph, mask: MNode, x: FNode): FNode {
  return g.selF(mask, x, g.constant(0));
}

/** The mask that holds everywhere. */
export function always(g: Graph): MNode {
  return g.eqU(g.word(0), g.word(0));
}

/** -x: the sign bit flipped. */
export function negate(g: Graph, x: FNode): FNode {
  return g.float(g.xor(g.bits(x), g.word(0x80000000)));
}

/** |x|: the sign bit cleared. */
export function absolute(g: Graph, x: FNode): FNode {
  return g.float(magnitude(g, x));
}

function isNaNBits(g: Graph, bits: UNode): MNode {
  return g.ltU(g.word(0x7f800000), g.and(bits, g.word(0x7fffffff)));
}

/** bf16 in the high half: add half and the last kept bit; the carry runs into the exponent by itself. */
function roundedBrain(g: Graph, x: FNode): UNode {
  const bits = g.bits(x);
  const last = g.and(g.shr(bits, 16), g.word(1));
  const rounded = g.iadd(g.iadd(bits, g.word(0x7fff)), last);
  return g.selU(isNaNBits(g, bits), g.word(0x7fc00000), rounded);
}

/**
 * f16: normals by half-and-last-bit on the rebiased bits, subnormals by an exact product with 2^24 rounded to an integer.
 * Adding and subtracting 1.5 · 2^23 rounds to nearest even in one f32 addition.
 */
function halfWord(g: Graph, x: FNode): UNode {
  const bits = g.bits(x);
  const sign = g.shr(g.and(bits, g.word(0x80000000)), 16);
  const mag = g.and(bits, g.word(0x7fffffff));
  const last = g.and(g.shr(mag, 13), g.word(1));
  const rebiased = g.isub(mag, g.word(112 << 23));
  const normal = g.shr(g.iadd(g.iadd(rebiased, g.word(0xfff)), last), 13);
  const overflow = g.ltU(g.word(0x477fefff), mag);
  const scaled = g.mul(g.float(g.minU(mag, g.word(0x38800000))), g.constant(16777216));
  const shifted = g.bits(g.add(scaled, g.constant(12582912)));
  const small = g.isub(shifted, g.word(0x4b400000));
  const isSmall = g.ltU(mag, g.word(0x38800000));
  const finite = g.selU(isSmall, small, normal);
  const limited = g.selU(overflow, g.word(0x7c00), finite);
  return g.or(
    g.selU(isNaNBits(g, bits), g.word(0), sign),
    g.selU(isNaNBits(g, bits), g.word(0x7e00), limited),
  );
}

/** 1.5 · 2^23 times the least value above zero: 2^-9, and 2^-16. */
const roundingShifts = { F8_E4M3: 24576, F8_E5M2: 192 } as const;

/**
 * A value rounded to a type of eight bits, as f32. Normals by half-and-last-bit on the bits of the f32; below them the values
 * are multiples of one quantum, and adding and subtracting 1.5 · 2^23 of it rounds to nearest even in one f32 addition.
 */
function roundedSmall(g: Graph, dtype: 'F8_E4M3' | 'F8_E5M2', x: FNode): FNode {
  const { mantissaBits, bias, infinity, nan } = storageFormat(dtype);
  const dropped = 23 - mantissaBits;
  const bits = g.bits(x);
  const sign = g.and(bits, g.word(0x80000000));
  const mag = g.and(bits, g.word(0x7fffffff));
  const last = g.and(g.shr(mag, dropped), g.word(1));
  const raised = g.iadd(g.iadd(mag, g.word((1 << (dropped - 1)) - 1)), last);
  const normal = g.and(raised, g.word(-1 << dropped));
  const largest = widenPattern(infinity - 1, dtype);
  const limited = g.selU(
    g.ltU(g.word(largest), normal),
    g.word(infinity === nan ? 0x7fc00000 : 0x7f800000),
    normal,
  );
  const shift = g.constant(roundingShifts[dtype]);
  const small = g.bits(g.sub(g.add(g.float(mag), shift), shift));
  const isSmall = g.ltU(mag, g.word((128 - bias) << 23));
  const rounded = g.or(sign, g.selU(isSmall, small, limited));
  return g.float(g.selU(isNaNBits(g, bits), g.word(0x7fc00000), rounded));
}
