import { bitsToF32, f32Bits } from './decimal.ts';
import { narrow, widen } from './storage.ts';

/** A number rounded to f32 and then to the type, as its value. */
export function roundScalar(value: number, dtype: 'F32' | 'BF16' | 'F16'): number {
  const bits = f32Bits(value);
  return bitsToF32(dtype === 'F32' ? bits : widen(narrow(bits, dtype), dtype));
}
