import { exponentMask, widthOf, type ComputedType } from '../formula/derived.ts';

/** The lowest element that is an infinity or a NaN; the bytes hold one. */
export function indexOfNonFinite(bytes: Uint8Array, dtype: ComputedType): number {
  const mask = exponentMask(dtype);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = widthOf(dtype) / 8;
  for (let at = 0; at < bytes.length; at += width) {
    const word = width === 2 ? view.getUint16(at, true) : view.getUint32(at, true);
    if ((word & mask) === mask) return at / width;
  }
  throw new Error('no element is non-finite, though a kernel said so');
}
