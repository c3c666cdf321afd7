import { PickleFlawError } from './flaw.ts';
import type { PickleFlaw } from './flaw.ts';

/** Longer names of modules and classes are not read. */
const longestLine = 512;

/** Reads arguments of opcodes from the bytes; every length is compared with what is left before anything is made of it. */
export class PickleCursor {
  /** Bytes read. */
  at: number;
  /** Where the instruction begins that is being read: the place that flaws name. */
  #instruction: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = start;
    this.#instruction = start;
  }

  /** The byte of the next instruction. */
  opcode(): number {
    this.#instruction = this.at;
    return this.u8();
  }

  u8(): number {
    return this.#view.getUint8(this.#skip(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#skip(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#skip(4), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#skip(4), true);
  }

  /** A length of eight bytes; one that no file has is the end of the bytes. */
  length64(): number {
    return Number(this.#view.getBigUint64(this.#skip(8), true));
  }

  /** Floats alone have their highest byte first. */
  f64(): number {
    return this.#view.getFloat64(this.#skip(8), false);
  }

  bytes(length: number): Uint8Array {
    const start = this.#skip(length);
    return this.#bytes.subarray(start, start + length);
  }

  text(length: number): string {
    try {
      return utf8.decode(this.bytes(length));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return this.flaw('malformed', 'holds a text that is not UTF-8');
    }
  }

  /** Up to the end of the line, which is read and left out. */
  line(): string {
    const start = this.at;
    const within = this.#bytes.subarray(start, start + longestLine + 1);
    const length = within.indexOf(0x0a);
    if (length >= 0) {
      const text = this.text(length);
      this.at += 1;
      return text;
    }
    if (within.length > longestLine) return this.flaw('malformed', 'holds a name without end');
    this.at = this.#bytes.length;
    return this.#ends();
  }

  /** A two's complement integer of so many bytes. */
  integer(length: number): number | bigint {
    if (length === 0) return 0;
    if (length > 255) return this.flaw('too-large', 'holds an integer of more than 255 bytes');
    const digits = this.bytes(length);
    let hex = '';
    for (let i = length - 1; i >= 0; i -= 1) hex += digits[i]!.toString(16).padStart(2, '0');
    const value = BigInt.asIntN(length * 8, BigInt(`0x${hex}`));
    const rounded = Number(value);
    return Number.isSafeInteger(rounded) ? rounded : value;
  }

  flaw(kind: PickleFlaw['kind'], what: string): never {
    throw new PickleFlawError({ kind, what, at: this.#instruction });
  }

  /** Steps over bytes that must be there; gives where they begin. */
  #skip(length: number): number {
    const start = this.at;
    if (length > this.#bytes.length - start) return this.#ends();
    this.at = start + length;
    return start;
  }

  #ends(): never {
    return this.flaw('ends', 'ends in the middle of its pickle');
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
