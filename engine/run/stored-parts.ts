/** From the words that a kernel stored to the bytes of a file: as they are, or converted to a type that kernels do not store. */
import { isConverted, type ComputedType } from '../formula/derived.ts';
import { narrowSmall, widenToDoubles } from '../numeric/conversion.ts';
import { dtypeBytes } from '../safetensors/dtype-size.ts';
import { pieceBytes } from '../safetensors/pieces.ts';
import { indexOfNonFinite } from './non-finite-index.ts';

/** What a kernel stored of a stretch of a result of that type. */
export interface KernelWords {
  readonly words: Uint8Array;
  readonly dtype: ComputedType;
  /** Whether a word is an infinity or a NaN. */
  readonly nonFinite: boolean;
}

export interface StoredPart {
  /** Bytes from the stretch's own beginning, which is a piece's border. */
  readonly at: number;
  readonly bytes: Uint8Array;
  /** The lowest element of the stretch, if it lies in this part, that is an infinity or a NaN. */
  readonly nonFinite?: number;
}

/** The parts of a stretch in order; the bytes of one are gone when the next is asked for. */
export function* storedParts(stored: KernelWords, room: ConversionRoom): Generator<StoredPart> {
  const { words, dtype, nonFinite } = stored;
  if (!isConverted(dtype)) {
    const at = nonFinite ? indexOfNonFinite(words, dtype) : undefined;
    return yield { at: 0, bytes: words, ...(at === undefined ? {} : { nonFinite: at }) };
  }
  const elements = words.length / 4;
  const atOnce = pieceBytes / dtypeBytes[dtype];
  let isFound = false;
  for (let first = 0; first < elements; first += atOnce) {
    const count = Math.min(atOnce, elements - first);
    const bytes = room.bytes().subarray(0, count * dtypeBytes[dtype]);
    const { buffer, byteOffset } = words;
    const from = byteOffset + 4 * first;
    let hasNonFinite = nonFinite;
    if (dtype === 'F64') {
      const doubles = new Float64Array(bytes.buffer, bytes.byteOffset, count);
      widenToDoubles(new Float32Array(buffer, from, count), doubles);
    } else {
      hasNonFinite = narrowSmall(new Uint32Array(buffer, from, count), dtype, bytes);
    }
    const at: number | undefined =
      isFound || !hasNonFinite ? undefined : indexOfNonFinite(bytes, dtype);
    isFound ||= at !== undefined;
    const found = at === undefined ? {} : { nonFinite: first + at };
    yield { at: first * dtypeBytes[dtype], bytes, ...found };
  }
}

/** Room for one converted piece, taken when it is first needed. */
export class ConversionRoom {
  #bytes: Uint8Array | undefined;

  bytes(): Uint8Array {
    return (this.#bytes ??= new Uint8Array(pieceBytes));
  }
}
