/** What all fuzzers draw from and damage bytes with. A case is a function of its seed alone, so that it can be made again. */
import { seedOf, words } from '../../examples/random.ts';

export interface Chance {
  /** A whole number from 0, less than the bound. */
  below(bound: number): number;
  oneIn(count: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
}

/** The choices of one case, such as `chance(seed, number)`. */
export function chance(...seed: readonly number[]): Chance {
  const next = words(seedOf(...seed));
  const below = (bound: number): number => Math.floor((next() / 2 ** 32) * bound);
  return {
    below,
    oneIn: (count) => below(count) === 0,
    pick: (items) => items[below(items.length)]!,
  };
}

export function randomBytes({ below }: Chance, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => below(256));
}

/** Numbers at which lengths, offsets and counts go wrong. */
export const brinks: readonly bigint[] = [
  0n,
  1n,
  2n,
  7n,
  8n,
  0x7fn,
  0x80n,
  0xffn,
  0x100n,
  0x7fffn,
  0xffffn,
  0x1_0000n,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_ffffn,
  0x1_0000_0000n,
  0x1f_ffff_ffff_ffffn,
  0x20_0000_0000_0000n,
  0x20_0000_0000_0001n,
  0x7fff_ffff_ffff_ffffn,
  0x8000_0000_0000_0000n,
  0xffff_ffff_ffff_ffffn,
];

export interface Damage {
  /** The most changes made; at least one is. */
  readonly most?: number;
  /** Bytes that mean something in the format: most of what is put in is of these. */
  readonly alphabet?: Uint8Array;
  /** Bytes of other files of the format, pieces of which are put in. */
  readonly donors?: readonly Uint8Array[];
}

/** A damaged copy of some bytes: set, flipped, cut out, doubled, moved, cut off, mixed with others', numbers made extreme. */
export function mutate(bytes: Uint8Array, choices: Chance, damage: Damage = {}): Uint8Array {
  let damaged = Uint8Array.from(bytes);
  for (let left = 1 + choices.below(damage.most ?? 4); left > 0; left -= 1) {
    damaged = changes[choices.below(changes.length)]!(damaged, choices, damage);
  }
  return damaged;
}

/** A text, damaged in one case of three. */
export function damagedText(text: string, choices: Chance): string {
  if (!choices.oneIn(3)) return text;
  return Buffer.from(mutate(Buffer.from(text), choices)).toString('utf8');
}

type Change = (bytes: Uint8Array, choices: Chance, damage: Damage) => Uint8Array<ArrayBuffer>;

const changes: readonly Change[] = [
  function setOne(bytes, choices, { alphabet }) {
    const copy = Uint8Array.from(bytes);
    if (copy.length > 0) copy[choices.below(copy.length)] = oneByte(choices, alphabet);
    return copy;
  },
  function flipBit(bytes, { below }) {
    const copy = Uint8Array.from(bytes);
    if (copy.length > 0) copy[below(copy.length)]! ^= 1 << below(8);
    return copy;
  },
  function cutOut(bytes, choices) {
    const [start, end] = stretch(bytes, choices);
    return joined(bytes.subarray(0, start), bytes.subarray(end));
  },
  function putIn(bytes, choices, { alphabet }) {
    const at = choices.below(bytes.length + 1);
    const put = Uint8Array.from({ length: 1 + choices.below(8) }, () => oneByte(choices, alphabet));
    return joined(bytes.subarray(0, at), put, bytes.subarray(at));
  },
  function copyElsewhere(bytes, choices) {
    const [start, end] = stretch(bytes, choices);
    const at = choices.below(bytes.length + 1);
    return joined(bytes.subarray(0, at), bytes.subarray(start, end), bytes.subarray(at));
  },
  function cutOff(bytes, { below }) {
    return Uint8Array.from(bytes.subarray(0, below(bytes.length + 1)));
  },
  function mixIn(bytes, choices, { donors = [bytes] }) {
    const donor = choices.pick(donors);
    const [start, end] = stretch(donor, choices);
    const [from, to] = stretch(bytes, choices);
    return joined(bytes.subarray(0, from), donor.subarray(start, end), bytes.subarray(to));
  },
  function extremeWord(bytes, choices) {
    const copy = Uint8Array.from(bytes);
    const width = choices.pick([1, 2, 4, 8]);
    if (copy.length < width) return copy;
    const at = choices.below(copy.length - width + 1);
    let brink = choices.pick(brinks);
    for (let i = 0; i < width; i += 1, brink >>= 8n) copy[at + i] = Number(brink & 0xffn);
    return copy;
  },
  function extremeDigits(bytes, choices) {
    const from = choices.below(bytes.length + 1);
    let start = from;
    while (start < bytes.length && !isDigit(bytes[start]!)) start += 1;
    let end = start;
    while (end < bytes.length && isDigit(bytes[end]!)) end += 1;
    const digits = Buffer.from(String(choices.pick(brinks)));
    return joined(bytes.subarray(0, start), digits, bytes.subarray(end));
  },
];

function oneByte({ below, oneIn, pick }: Chance, alphabet: Uint8Array | undefined): number {
  if (alphabet === undefined || oneIn(4)) return below(256);
  return pick(alphabet as unknown as readonly number[]);
}

/** A short stretch, seldom a long one. */
function stretch(bytes: Uint8Array, { below, oneIn }: Chance): [start: number, end: number] {
  const start = below(bytes.length + 1);
  const longest = oneIn(4) ? bytes.length - start : Math.min(16, bytes.length - start);
  return [start, start + below(longest + 1)];
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
