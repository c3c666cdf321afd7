/** Looks at a tensor that was stored: a few blocks of it and of its operands for figures, all of it where it may equal one. */
import type { DType } from '../../grammar/places/signature.ts';
import { magnitude } from '../formula/derived.ts';
import { blockElements, type FNode, type Formula, type Sink } from '../formula/node.ts';
import { inPasses, square } from '../measures/measure-program.ts';
import { operandInFile } from '../plan/operand.ts';
import type { WorkItem } from '../plan/plan.ts';
import { Composer, type Program } from '../program/composer.ts';
import { total } from '../program/settle.ts';
import { differingElements } from '../run/compare-bytes.ts';
import type { Steps } from '../run/file-request.ts';
import type { OperandBench } from '../run/operand-bench.ts';
import { stretchesOf, type Stretch } from '../run/workbench.ts';
import { dtypeBytes } from '../safetensors/dtype-size.ts';
import type { CheckWork, OperandCheck, TensorCheck } from './tensor-check.ts';

/** Reads what was stored back, and of the operands the sampled blocks; both are in the system's cache. */
export function* checkStored(
  work: CheckWork,
  bench: OperandBench,
  sums: CheckSums,
): Steps<TensorCheck> {
  const { sample, operands } = work;
  const program = sums.of(work);
  const run = benched(work, program, bench);
  const found = yield* run(program.passes, sample);
  const [whole, subnormal, ...rest] = found;
  const byOperand = operands.map((_, index) => rest.slice(3 * index, 3 * index + 3));
  const equals = yield* equalOperand(
    work,
    byOperand.map(([, apart]) => apart!),
  );
  return {
    sampled: sample.reduce((sum, { elements }) => sum + elements, 0),
    square: finite(whole!),
    subnormal: subnormal!,
    isZero: whole === 0 && (yield* isZero(work, program, run)),
    ...(equals === undefined ? {} : { equals }),
    operands: byOperand.map(([own, apart, fromReference]): OperandCheck => ({
      square: finite(own!),
      apart: finite(apart!),
      fromReference: work.reference === undefined ? null : finite(fromReference!),
    })),
  };
}

interface Sums extends Program {
  /** One after another, their sinks are: Σ m², subnormal values, and of each operand Σ x², Σ (m − x)², Σ (x − r)². */
  readonly passes: readonly Formula[];
  /** Σ m² alone. */
  readonly square: Formula;
}

/** The sums of checks, the same for tensors of the same types. */
export class CheckSums {
  readonly #kept = new Map<string, Sums>();

  of(work: CheckWork): Sums {
    const { stored, operands, reference } = work;
    const key = [stored.dtype, reference, ...operands.map(({ dtype }) => dtype)].join(' ');
    const sums = this.#kept.get(key) ?? sumsOf(work);
    this.#kept.set(key, sums);
    return sums;
  }
}

function sumsOf({ stored, operands, reference }: CheckWork): Sums {
  const composer = new Composer(blockElements);
  const { graph } = composer;
  const load = (dtype: DType, place: string): FNode =>
    composer.operand({ source: place, name: '', dtype });
  const m = load(stored.dtype, 'stored');
  const xs = operands.map(({ dtype }, index) => load(dtype, String(index)));
  const r = reference === undefined ? graph.constant(0) : xs[reference]!;
  const sinks: readonly Sink[] = [
    square(m),
    subnormals(composer, m, stored.dtype),
    ...xs.flatMap((x) => [square(x), square(graph.sub(m, x)), square(graph.sub(x, r))]),
  ];
  return {
    ...composer.program(m),
    passes: inPasses(graph, sinks),
    square: graph.formula([square(m)]),
  };
}

/** Values other than zero below the type's smallest normal one: 0 < |m|, as integers. */
function subnormals({ graph }: Composer, m: FNode, dtype: DType): Sink {
  const below = graph.isub(magnitude(graph, m), graph.word(1));
  return { kind: 'count', mask: graph.ltU(below, graph.word(smallestNormalBits(dtype) - 1)) };
}

/** The bits, as f32, of the smallest normal value. What is subnormal as a double is zero here. */
function smallestNormalBits(dtype: DType): number {
  switch (dtype) {
    case 'F16':
    case 'F8_E5M2':
      return 0x38800000;
    case 'F8_E4M3':
      return 0x3c800000;
    default:
      return 0x00800000;
  }
}

type Run = (passes: readonly Formula[], stretches: Iterable<Stretch>) => Steps<readonly number[]>;

/** Runs passes over stretches of at most a block each: their sums, stretches in order. */
function benched(work: CheckWork, program: Program, operands: OperandBench): Run {
  const { stored, elements } = work;
  const item: WorkItem = {
    term: { kind: 'zero', dtype: stored.dtype },
    operands: [operandInFile(stored), ...work.operands],
    elements,
    passes: 0,
    histograms: 0,
    draws: 0,
    wholeElements: {},
  };
  operands.prepare(item, program, { dtype: 'BF16', passes: [], elements: blockElements });
  const noUniforms = (): Uint32Array => new Uint32Array(0);
  return function* (passes, stretches) {
    const sums = passes.flatMap(({ sinks }) => sinks.map((): number[] => []));
    for (const stretch of stretches) {
      yield* operands.read(item, passes, stretch);
      const figures = passes.flatMap(
        (formula) => operands.bench.run(formula, noUniforms, stretch).figures,
      );
      figures.forEach((found, index) => sums[index]!.push(...found));
    }
    return sums.map(total);
  };
}

/** Values that differ settle it; where the blocks that were read hold none, all bytes are compared, as far as they agree. */
function* equalOperand(
  { stored, operands, elements, reference }: CheckWork,
  apart: readonly number[],
): Steps<number | undefined> {
  const byteLength = elements * dtypeBytes[stored.dtype];
  const order = [...operands.keys()].sort(
    (a, b) => Number(b === reference) - Number(a === reference),
  );
  for (const index of order) {
    const operand = operands[index]!;
    if (operand.kind === 'lora' || operand.kind === 'rows') continue;
    if (operand.dtype !== stored.dtype) continue;
    if (apart[index]! > 0) continue;
    const sides = [stored, operand] as const;
    if ((yield* differingElements({ sides, byteLength, count: 'first' })) === 0) return index;
  }
  return undefined;
}

/** Block by block, to the first value that is not zero. */
function* isZero({ elements }: CheckWork, { square: formula }: Sums, run: Run): Steps<boolean> {
  for (const stretch of stretchesOf(elements, blockElements)) {
    const [found] = yield* run([formula], [stretch]);
    if (found !== 0) return false;
  }
  return true;
}

function finite(sum: number): number | null {
  return Number.isFinite(sum) ? sum : null;
}
