import { exponentMask, isKernelType, type ComputedType } from '../formula/derived.ts';
import { dtypeBytes } from '../safetensors/dtype-size.ts';

/** The lowest element of stored bytes that is an infinity or a NaN; undefined where all are finite. */
export function indexOfNonFinite(bytes: Uint8Array, dtype: ComputedType): number | undefined {
  const width = dtypeBytes[dtype];
  const mask = maskOf(dtype);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; at += width) {
    if ((topWord(view, at, width) & mask) === mask) return at / width;
  }
  return undefined;
}

/** The word with an element's sign and exponent: all of it, or the upper half of a double. */
function topWord(view: DataView, at: number, width: 1 | 2 | 4 | 8): number {
  switch (width) {
    case 1:
      return view.getUint8(at);
    case 2:
      return view.getUint16(at, true);
    case 4:
      return view.getUint32(at, true);
    case 8:
      return view.getUint32(at + 4, true);
  }
}

/** The bits of that word that are all set in an infinity or a NaN, and in nothing else. */
function maskOf(dtype: ComputedType): number {
  if (isKernelType(dtype)) return exponentMask(dtype);
  switch (dtype) {
    case 'F64':
      return 0x7ff00000;
    case 'F8_E4M3':
      return 0x7f;
    case 'F8_E5M2':
      return 0x7c;
  }
}
