import type { Formula } from '../../formula/node.ts';

/**
 * The 32-bit words of a dispatch, in the buffer that a kernel calls `P`.
 * A kernel goes through octets, groups of eight elements.
 */
export const word = {
  /** 0, which no compiler can know: the guard of every float operation. */
  zero: 0,
  /** Elements of the slice. */
  elements: 1,
  /** The octets of this dispatch. */
  firstOctet: 2,
  endOctet: 3,
  /** 64-bit counter of the first element's draws: floor(element in the tensor / 2). */
  counterLow: 4,
  counterHigh: 5,
  /** A watched magnitude is trusted when it is 0, or above the first and below the second, as f32 bits. */
  belowRange: 6,
  aboveRange: 7,
  /** One for each operand, where it starts in the operand buffer, in 16-byte vectors; then the uniforms. */
  operands: 8,
} as const;

export function uniformsAt(formula: Formula): number {
  return word.operands + formula.operandWidths.length;
}

export function parameterWords(formula: Formula): number {
  return uniformsAt(formula) + formula.uniformCount;
}

/** Elements that are computed together: eight 16-bit words are one 16-byte vector. */
export const octet = 8;

/** Where a binding may start, in bytes, on every device. */
export const bindingAlignment = 256;

export function aligned(bytes: number): number {
  return Math.ceil(bytes / bindingAlignment) * bindingAlignment;
}

/** Bits of the flags that a kernel raises. */
export const flag = { nonFinite: 1, outsideRange: 2 } as const;
