import { sha256 } from './sha256.ts';

/**
 * Random draws by Threefry-2x32 with 20 rounds (Salmon et al., "Parallel random numbers: as easy as
 * 1, 2, 3", 2011). A draw is a pure function of its key and of the element's place, so neither
 * slices nor threads nor the order of work can show in it.
 */

/** Two u32. */
export type Words = readonly [number, number];

/** What a draw belongs to. Nothing of the recipe's names is in it: a rename changes no byte. */
export interface DrawPlace {
  /** A natural number, at most 2^53 − 1 unless a bigint. */
  readonly seed: number | bigint;
  readonly purpose: 'drop' | 'mask' | 'sketch' | 'sample';
  /** Which random call of its statement and which expert of that call, both from 1: `1.2`. */
  readonly slot: `${number}.${number}`;
  /** The tensor's name in the result of the step. */
  readonly tensor: string;
}

const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;
const PARITY = 0x1bd11bda;
const ROUNDS = 20;
const TWO_TO_32 = 4294967296;

/** The two output words of one counter under one key, unsigned. */
export function threefry2x32(key: Words, counter: Words): Words {
  const schedule = [key[0], key[1], key[0] ^ key[1] ^ PARITY] as const;
  let a = (counter[0] + key[0]) | 0;
  let b = (counter[1] + key[1]) | 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const by = ROTATIONS[round % 8]!;
    a = (a + b) | 0;
    b = ((b << by) | (b >>> (32 - by))) ^ a;
    if (round % 4 !== 3) continue;
    const injection = (round + 1) / 4;
    a = (a + schedule[injection % 3]!) | 0;
    b = (b + schedule[(injection + 1) % 3]! + injection) | 0;
  }
  return [a >>> 0, b >>> 0];
}

/** The key of a place: the first two little-endian u32 of the SHA-256 of its text. */
export function drawKey({ seed, purpose, slot, tensor }: DrawPlace): Words {
  const text = ['mergewright/1', seed.toString(), purpose, slot, tensor].join('\0');
  const digest = sha256(new TextEncoder().encode(text));
  const view = new DataView(digest.buffer, digest.byteOffset, digest.byteLength);
  return [view.getUint32(0, true), view.getUint32(4, true)];
}

/**
 * The 32 random bits of one element, unsigned. `index` is the flat index in the whole tensor,
 * below 2^53: two elements share a counter, the even one takes its first word.
 */
export function drawWord(key: Words, index: number): number {
  const pair = Math.floor(index / 2);
  const words = threefry2x32(key, [pair >>> 0, Math.floor(pair / TWO_TO_32)]);
  return index % 2 === 0 ? words[0] : words[1];
}
