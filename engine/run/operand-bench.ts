/** A tensor's operands on a bench of memory: brought in from files, and run over by passes. */
import { resultType, widthOf, type ComputedType } from '../formula/derived.ts';
import { blockElements, type Formula } from '../formula/node.ts';
import type { KernelFactory } from '../backends/kernel.ts';
import { loadedType } from '../plan/operand.ts';
import type { WorkItem } from '../plan/plan.ts';
import type { Program } from '../program/composer.ts';
import type { Pass } from '../program/passes.ts';
import type { PassRequest, PassResult, Uniforms } from '../program/settle.ts';
import { OperandMaker, type Making } from './bring-operand.ts';
import type { FileRead, Steps } from './file-request.ts';
import { mostHistograms } from '../program/histograms.ts';
import type { Sample } from './job.ts';
import { Workbench, type Stretch } from './workbench.ts';

/** What lies on the bench: a whole tensor, or blocks that stand for it. */
export interface Benched {
  readonly stretches: readonly Stretch[];
  readonly isSample: boolean;
}

export class OperandBench {
  readonly bench: Workbench;
  readonly #maker: OperandMaker;

  constructor(factory: KernelFactory, making?: Making) {
    this.bench = new Workbench(factory);
    this.#maker = new OperandMaker(making);
  }

  /** Makes room for stretches of so many elements. */
  prepare(
    item: WorkItem,
    program: Program,
    room: {
      readonly dtype: ComputedType;
      readonly passes: readonly Pass[];
      readonly elements: number;
      readonly masks?: number;
    },
  ): void {
    this.#maker.begin(item.operands);
    this.bench.prepare({
      operandWidths: item.operands.map((operand) => widthOf(loadedType(operand))),
      elements: room.elements,
      outputWidth: widthOf(resultType(room.dtype)),
      histograms: mostHistograms(room.passes),
      ...(room.masks === undefined ? {} : { masks: room.masks }),
    });
    if (program.operands.length !== item.operands.length)
      throw new Error('an operand has no place in a file');
  }

  /** Brings in the operands that the formulas use: all that is read is asked for first, and then made what has to be. */
  *read(item: WorkItem, formulas: readonly Formula[], stretch: Stretch): Steps<void> {
    const reads: FileRead[] = [];
    const rests: Steps<void>[] = [];
    for (const [index, operand] of item.operands.entries()) {
      if (formulas.every(({ operandWidths }) => operandWidths[index] === undefined)) continue;
      const into = this.bench.operand(index, stretch.elements, stretch.at);
      const bringing = this.#maker.bring(operand, stretch, into);
      reads.push(...bringing.reads);
      if (bringing.rest !== undefined) rests.push(bringing.rest);
    }
    if (reads.length > 0) yield { kind: 'read', reads };
    for (const rest of rests) yield* rest;
  }

  /** Brings a whole tensor, or the blocks that stand for it, onto the bench for these passes. */
  *bringIn(
    item: WorkItem,
    program: Program,
    { passes, sample }: { readonly passes: readonly Pass[]; readonly sample: Sample | undefined },
  ): Steps<Benched> {
    const stretches = sample?.map((block, index) => ({ ...block, at: index * blockElements })) ?? [
      { first: 0, elements: item.elements },
    ];
    const { at = 0, elements }: Stretch = stretches.at(-1)!;
    this.prepare(item, program, { dtype: 'BF16', passes, elements: at + elements });
    const formulas = passes.map(({ formula }) => formula);
    for (const stretch of stretches) yield* this.read(item, formulas, stretch);
    return { stretches, isSample: sample !== undefined };
  }

  /** One pass over all that lies on the bench: bins by sink, gone with the next pass, or figures by sink with one for each block. */
  runOver(
    formula: Formula,
    uniforms: Uniforms,
    { stretches }: Benched,
  ): {
    readonly bins: readonly (Uint32Array | undefined)[];
    readonly figures: readonly Float64Array[];
  } {
    this.bench.clearBins(formula);
    const counts = stretches.map(({ elements }) => Math.ceil(elements / blockElements));
    const blocks = counts.reduce((sum, count) => sum + count, 0);
    // One buffer for all: they are sent together.
    const all = new Float64Array(formula.sinks.length * blocks);
    const figures = formula.sinks.map((_, sink) =>
      all.subarray(sink * blocks, (sink + 1) * blocks),
    );
    let at = 0;
    for (const [index, stretch] of stretches.entries()) {
      const found = this.bench.run(formula, uniforms, stretch).figures;
      for (const [sink, row] of found.entries()) figures[sink]!.set(row, at);
      at += counts[index]!;
    }
    return { bins: this.bench.binsInPlace(formula), figures };
  }

  /** Answers the requests of statistics from what lies on the bench. */
  *answerAll(requests: Generator<PassRequest, void, PassResult>, benched: Benched): Steps<void> {
    let request = requests.next();
    while (!request.done) {
      yield { kind: 'pause' };
      request = requests.next(this.#answer(request.value, benched));
    }
  }

  #answer(request: PassRequest, benched: Benched): PassResult {
    const { formula, uniforms } = request;
    if (request.kind === 'pass') {
      const { bins, figures } = this.runOver(formula, uniforms, benched);
      return formula.sinks.map((_, sink) => bins[sink] ?? figures[sink]!);
    }
    if (benched.isSample) return [[Number.MAX_SAFE_INTEGER]];
    const { sink, block, wanted } = request;
    const [whole] = benched.stretches;
    return [[this.bench.locate(formula, uniforms, sink, whole!, block, wanted)]];
  }
}
