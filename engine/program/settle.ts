/**
 * From a program to its scalars: asks for passes, one after another, and does the host steps between them.
 * A generator, so that a worker that holds the tensor and a scheduler that spreads it over many run the same steps.
 */
import { f32Bits } from '../numeric/decimal.ts';
import type { Formula } from '../formula/node.ts';
import type { Program } from './composer.ts';
import { walkFromTop } from './histogram.ts';
import { runHostStep } from './host.ts';
import { type Pass, type PassSink, statisticPasses } from './passes.ts';
import type { ScalarId, StatisticPart } from './scalar.ts';

/** The 32 bits of every uniform for a slice that begins at an element of its tensor. */
export type Uniforms = (firstElement: number) => Uint32Array;

export type PassRequest =
  | { readonly kind: 'pass'; readonly formula: Formula; readonly uniforms: Uniforms }
  /** The element index below which exactly `wanted` lanes of the pass's sink are true, within the block at `block`. */
  | {
      readonly kind: 'locate';
      readonly formula: Formula;
      readonly uniforms: Uniforms;
      readonly sink: number;
      readonly block: number;
      readonly wanted: number;
    };

/** By sink: bins of a histogram, sums or counts by block. */
export type PassResult = readonly ArrayLike<number>[];

/** What is known of a program's scalars so far. */
export class Scalars {
  readonly #program: Program;
  readonly #known = new Map<string, number>();

  /** `groups`: figures found over whole groups, by group and part. */
  constructor(program: Program, groups: GroupFigures = new Map()) {
    this.#program = program;
    program.statistics.forEach((statistic, index) => {
      if (statistic.group === undefined) return;
      for (const [part, value] of groups.get(statistic.group) ?? []) this.set(index, part, value);
    });
  }

  set(statistic: number, part: StatisticPart, value: number): void {
    this.#known.set(`${statistic} ${part}`, value);
  }

  get(id: ScalarId): number {
    const scalar = this.#program.scalars[id]!;
    switch (scalar.kind) {
      case 'number':
        return scalar.value;
      case 'host':
        return runHostStep(
          scalar.step,
          scalar.args.map((argument) => this.get(argument)),
        );
      case 'statistic':
        // A pass may hold uniforms that none of its formulas reads yet.
        return this.#known.get(`${scalar.statistic} ${scalar.part}`) ?? 0;
    }
  }

  /** Every figure found so far, to hand on. */
  figures(): readonly (readonly [number, StatisticPart, number])[] {
    return [...this.#known].map(([key, value]) => {
      const [statistic, part] = key.split(' ') as [string, StatisticPart];
      return [Number(statistic), part, value];
    });
  }

  part(statistic: number, part: StatisticPart): number {
    return this.#known.get(`${statistic} ${part}`)!;
  }

  uniforms(): Uniforms {
    const values = this.#program.uniforms.map(({ scalar }) => this.get(scalar));
    return (firstElement) =>
      Uint32Array.from(this.#program.uniforms, ({ as }, index) => {
        const value = values[index]!;
        switch (as) {
          case 'f32':
            return f32Bits(value);
          case 'u32':
            return value;
          case 'index':
            return Math.min(Math.max(value - firstElement, 0), 0xffffffff);
        }
      });
  }
}

export type GroupFigures = ReadonlyMap<string, ReadonlyMap<StatisticPart, number>>;

/** Finds every statistic of the tensor alone; those of groups must be among `scalars` already. */
export function* settle(
  program: Program,
  scalars: Scalars,
): Generator<PassRequest, void, PassResult> {
  yield* runPasses(program, scalars, statisticPasses(program));
}

export function* runPasses(
  program: Program,
  scalars: Scalars,
  passes: readonly Pass[],
): Generator<PassRequest, void, PassResult> {
  for (const { formula, sinks } of passes) {
    const uniforms = scalars.uniforms();
    const result = yield { kind: 'pass', formula, uniforms };
    for (const [sink, served] of sinks.entries()) {
      yield* absorb(program, scalars, served, result[sink]!, { formula, uniforms, sink });
    }
  }
}

interface From {
  readonly formula: Formula;
  readonly uniforms: Uniforms;
  readonly sink: number;
}

/** One sink's counts or sums, made into the statistic's figures. */
export function* absorb(
  program: Program,
  scalars: Scalars,
  { statistic: index, stage }: PassSink,
  figures: ArrayLike<number>,
  from: From,
): Generator<PassRequest, void, PassResult> {
  const statistic = program.statistics[index]!;
  switch (stage) {
    case 'dot':
      return scalars.set(index, 'sum', total(figures));
    case 'count':
      return scalars.set(index, 'count', total(figures));
    case 'high': {
      if (statistic.kind !== 'kth') return;
      for (const [part, value] of highFigures(figures, scalars.get(statistic.rank)))
        scalars.set(index, part, value);
      return;
    }
    case 'low': {
      if (statistic.kind !== 'kth') return;
      const high = { bin: scalars.part(index, 'high'), above: scalars.part(index, 'above') };
      for (const [part, value] of lowFigures(figures, high, scalars.get(statistic.rank)))
        scalars.set(index, part, value);
      return;
    }
    case 'quota': {
      if (statistic.kind !== 'quota') return;
      const place = blockOfQuota(figures, scalars.get(statistic.wanted));
      if (place.wanted === 0) return scalars.set(index, 'limit', place.block * 65536);
      const [limit] = yield { kind: 'locate', ...from, block: place.block, wanted: place.wanted };
      return scalars.set(index, 'limit', limit![0]!);
    }
  }
}

/** After the first histogram: the key's high half, and how many keys lie above its bin. */
export function highFigures(
  bins: ArrayLike<number>,
  rank: number,
): readonly (readonly [StatisticPart, number])[] {
  const { bin, above } = walkFromTop(bins, rank);
  return [
    ['high', bin],
    ['above', above],
  ];
}

/** After the second: the whole key, and how many keys are larger. */
export function lowFigures(
  bins: ArrayLike<number>,
  high: { readonly bin: number; readonly above: number },
  rank: number,
): readonly (readonly [StatisticPart, number])[] {
  const { bin, above } = walkFromTop(bins, rank - high.above);
  return [
    ['threshold', high.bin * 65536 + bin],
    ['above', high.above + above],
  ];
}

/** Blocks in order, from +0. */
export function total(figures: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < figures.length; i++) sum += figures[i]!;
  return sum;
}

/** The block in which the wanted number of true lanes is reached, and how many of them lie in it. */
function blockOfQuota(
  counts: ArrayLike<number>,
  wanted: number,
): { readonly block: number; readonly wanted: number } {
  let open = wanted;
  for (let block = 0; block < counts.length; block++) {
    if (open <= counts[block]!) return { block, wanted: open };
    open -= counts[block]!;
  }
  return { block: counts.length, wanted: 0 };
}
