/**
 * The laws of the methods in plain numbers, written apart from the engine: every operation is a double's, rounded at once by
 * `Math.fround` or to bf16. It is slow and holds whole tensors; it is what the engine's bytes are held against.
 */
import { createHash } from 'node:crypto';

/** Values of one tensor. */
export type Values = readonly number[];

export interface Tensors {
  readonly name: string;
  readonly base: Values;
  readonly experts: readonly Values[];
}

export type Round = (x: number) => number;

export const f32: Round = Math.fround;
export const bf16: Round = (x) => toBits(x, { precision: 8, least: -126, most: 127 });
export const f16: Round = (x) => toBits(x, { precision: 11, least: -14, most: 15 });
/** Without infinities: what is too large is a NaN. */
export const e4m3: Round = (x) => {
  const rounded = toBits(x, { precision: 4, least: -6, most: 8 });
  return Math.abs(rounded) > 448 ? NaN : rounded;
};
export const e5m2: Round = (x) => toBits(x, { precision: 3, least: -14, most: 15 });

interface Format {
  /** Bits of the significand, the hidden one among them. */
  readonly precision: number;
  /** Exponents of the least and the greatest normal numbers. */
  readonly least: number;
  readonly most: number;
}

/** To nearest, ties to even: whole multiples of the last place's value. */
function toBits(x: number, { precision, least, most }: Format): number {
  if (x === 0 || !Number.isFinite(x)) return x;
  const size = Math.abs(x);
  const last = 2 ** (Math.max(exponentOf(size), least) - precision + 1);
  const units = size / last;
  const below = Math.floor(units);
  const rest = units - below;
  const up = rest > 0.5 || (rest === 0.5 && below % 2 === 1);
  const rounded = (up ? below + 1 : below) * last;
  const bounded = exponentOf(rounded) > most ? Infinity : rounded;
  return x < 0 ? -bounded : bounded;
}

function exponentOf(size: number): number {
  const high = new DataView(Float64Array.of(size).buffer).getUint32(4, true);
  return (high >>> 20) - 1023;
}

/** Elementwise over tensors of one size. */
export function each(count: number, law: (index: number) => number): number[] {
  return Array.from({ length: count }, (_, index) => law(index));
}

/** In list order from the first addend, in f32, rounded once more at the end. */
export function sum(addends: Values, round: Round = f32): number {
  return round(addends.reduce((total, addend) => f32(total + addend)));
}

/** Σ p·q in f64: eight lanes a block of 65,536, folded in pairs, blocks in order. */
export function dot(p: Values, q: Values): number {
  let total = 0;
  for (let block = 0; block < p.length; block += 65536) {
    const lanes = new Array<number>(8).fill(0);
    for (let i = block; i < Math.min(p.length, block + 65536); i++) lanes[i % 8]! += p[i]! * q[i]!;
    const pair = (lane: number): number => lanes[lane]! + lanes[lane + 1]!;
    total += pair(0) + pair(4) + (pair(2) + pair(6));
  }
  return total;
}

export function l1(values: Values): number {
  return dot(
    values.map(Math.abs),
    values.map(() => 1),
  );
}

/** θ_t − θ₀, both loaded in the type of the arithmetic. */
export function taskVectors({ base, experts }: Tensors, round: Round = f32): number[][] {
  return experts.map((expert) =>
    each(base.length, (i) => round(round(expert[i]!) - round(base[i]!))),
  );
}

/** Keeps |τ| ≥ the (⌊nd⌋ + 1)-th largest, over all parts together. */
export function trimmed(parts: readonly Values[], density: number): number[][] {
  const sizes = parts
    .flat()
    .map(Math.abs)
    .sort((a, b) => b - a);
  const rank = Math.floor(sizes.length * density);
  const threshold = rank < sizes.length ? sizes[rank]! : 0;
  return parts.map((part) => part.map((value) => (Math.abs(value) >= threshold ? value : 0)));
}

/** Keeps exactly the ⌊nd⌋ largest; of equal ones those that come first. */
export function trimmedExactly(vector: Values, density: number): number[] {
  if (density >= 1) return [...vector];
  const order = vector.map((_, index) => index);
  order.sort((a, b) => Math.abs(vector[b]!) - Math.abs(vector[a]!) || a - b);
  const kept = new Set(order.slice(0, Math.floor(vector.length * density)));
  return vector.map((value, index) => (kept.has(index) ? value : 0));
}

export interface Draws {
  readonly seed: number;
  /** Which random call of its statement, and which expert of that call, from 1. */
  readonly slot: string;
  readonly tensor: string;
}

/** Keeps an element where 31 random bits are below ⌊d 2³¹⌋. */
export function dropped(vector: Values, density: number, draws: Draws): number[] {
  if (density >= 1) return [...vector];
  const text = ['mergewright/1', String(draws.seed), 'drop', draws.slot, draws.tensor].join('\0');
  const digest = createHash('sha256').update(text).digest();
  const key = [digest.readUInt32LE(0), digest.readUInt32LE(4)] as const;
  const limit = Math.floor(density * 2 ** 31);
  return vector.map((value, index) => {
    const word = threefry(key, [Math.floor(index / 2), 0])[index % 2]!;
    return word >>> 1 < limit ? value : 0;
  });
}

/** Threefry-2x32 with 20 rounds, in arbitrary integers. */
export function threefry(
  key: readonly [number, number],
  counter: readonly [number, number],
): readonly [number, number] {
  const wrap = (x: bigint): bigint => BigInt.asUintN(32, x);
  const turn = (x: bigint, by: bigint): bigint => wrap((x << by) | (x >> (32n - by)));
  const rotations = [13n, 15n, 26n, 6n, 17n, 29n, 16n, 24n];
  const keys = [BigInt(key[0]), BigInt(key[1]), 0x1bd11bdan ^ BigInt(key[0]) ^ BigInt(key[1])];
  let x = wrap(BigInt(counter[0]) + keys[0]!);
  let y = wrap(BigInt(counter[1]) + keys[1]!);
  for (let round = 0; round < 20; round++) {
    x = wrap(x + y);
    y = turn(y, rotations[round % 8]!) ^ x;
    if (round % 4 !== 3) continue;
    const injection = (round + 1) / 4;
    x = wrap(x + keys[injection % 3]!);
    y = wrap(y + keys[(injection + 1) % 3]! + BigInt(injection));
  }
  return [Number(x), Number(y)];
}

export interface Consensus {
  readonly weights: Values;
  readonly scale: number;
  readonly combine: 'mean' | 'sum' | 'max';
  readonly elect: 'mass' | 'count';
}

/** By the paper's code, over parts whose zero sums take one majority; where nobody agrees, the base. */
export function elected(
  parts: readonly { readonly base: Values; readonly vectors: readonly Values[] }[],
  { weights: given, scale, combine, elect }: Consensus,
): number[][] {
  const weights = given.map(f32);
  const weighted = parts.map(({ base, vectors }) =>
    each(base.length, (i) => i).map((i) =>
      vectors.map((vector, t) => f32(weights[t]! * vector[i]!)),
    ),
  );
  const votes = weighted.map((elements) =>
    elements.map((deltas) =>
      Math.sign(elect === 'count' ? deltas.map(Math.sign).reduce((a, b) => a + b) : sum(deltas)),
    ),
  );
  const majority = Math.sign(votes.flat().reduce((a, b) => a + b, 0));
  return parts.map(({ base }, part) =>
    each(base.length, (i) => {
      const sign = votes[part]![i]! === 0 ? majority : votes[part]![i]!;
      const deltas = weighted[part]![i]!;
      const agrees = deltas.map((delta) => (sign > 0 ? delta > 0 : delta < 0));
      const share = sum(weights.map((weight, t) => (agrees[t] ? weight : 0)));
      const merged = sum(deltas.map((delta, t) => (agrees[t] ? delta : 0)));
      if (!agrees.includes(true)) return base[i]!;
      if (combine === 'mean' && share === 0) return base[i]!;
      const largest = Math.max(...deltas.map((delta, t) => (agrees[t] ? Math.abs(delta) : 0)));
      const mixed = { mean: f32(merged / share), sum: merged, max: f32(largest * sign) }[combine];
      return f32(base[i]! + f32(f32(scale) * mixed));
    }),
  );
}

/** As mergekit has it: a zero sum elects plus, a divisor of 0 counts as 1, every step rounds. */
export function electedAsMergekit(
  base: Values,
  vectors: readonly Values[],
  { weights: given, scale, combine }: Omit<Consensus, 'elect'>,
  round: Round,
): number[] {
  const weights = given.map(round);
  return each(base.length, (i) => {
    const deltas = vectors.map((vector, t) => round(weights[t]! * vector[i]!));
    const sign = sum(deltas, round) >= 0 ? 1 : -1;
    const agrees = deltas.map((delta) => Math.sign(delta) === sign);
    const merged = sum(
      deltas.map((delta, t) => (agrees[t] ? delta : 0)),
      round,
    );
    const share = sum(
      weights.map((weight, t) => (agrees[t] ? weight : 0)),
      round,
    );
    const mixed = combine === 'mean' ? round(merged / (share === 0 ? 1 : share)) : merged;
    return round(round(base[i]!) + round(f32(scale) * mixed));
  });
}
