/**
 * What a worker does with a job: reads operands onto its bench, runs passes, writes and hashes what is stored.
 * It knows nothing of threads: the scheduler runs it in one, or in its own.
 * Over 300 lines: one method a kind of job, and the few steps that they share.
 */
import { FaultError } from '../faults/fault.ts';
import { isComputed, widthOf, type ComputedType } from '../formula/derived.ts';
import { blockElements, type Formula } from '../formula/node.ts';
import type { PlannedOperand, WorkItem } from '../plan/plan.ts';
import type { Program } from '../program/composer.ts';
import { groupPass, mapPass, statisticPasses, type Pass } from '../program/passes.ts';
import {
  runPasses,
  settle,
  type PassRequest,
  type PassResult,
  type Scalars,
  type Uniforms,
} from '../program/settle.ts';
import { pieceBytes } from '../safetensors/weights-digest.ts';
import type { FileAccess } from './file-access.ts';
import { mostHistograms } from '../program/histograms.ts';
import { ItemPrograms } from './item-programs.ts';
import type { Answer, Destination, Job, PieceHash, Sample, Tickets, WorkerStart } from './job.ts';
import { kernelsOf } from './kernels.ts';
import { scalarsOf } from './known-scalars.ts';
import { indexOfNonFinite } from './non-finite-index.ts';
import { Workbench, type Stretch } from './workbench.ts';
import { WorkCancelled, WorkerFiles } from './worker-files.ts';

export class WorkerCore {
  readonly #start: WorkerStart;
  readonly #files: WorkerFiles;
  readonly #bench: Workbench;
  readonly #programs = new ItemPrograms();

  constructor(start: WorkerStart, files: FileAccess) {
    this.#start = start;
    this.#files = new WorkerFiles(start, files);
    this.#bench = new Workbench(kernelsOf(start.backend));
  }

  /** Never throws for what a user can cause. */
  execute(job: Job): Answer {
    try {
      return this.#execute(job);
    } catch (error) {
      if (error instanceof WorkCancelled) return { kind: 'cancelled' };
      if (error instanceof FaultError) return { kind: 'fault', fault: error.fault };
      throw error;
    }
  }

  #execute(job: Job): Answer {
    switch (job.kind) {
      case 'copy':
        return this.#copy(job.from, job.byteLength, job.to);
      case 'compute':
        return this.#compute(job);
      case 'pass':
        return this.#pass(job);
      case 'locate':
        return this.#locate(job);
      case 'map':
        return this.#map(job);
      case 'gather':
        return this.#gather(job);
      case 'measure':
        return this.#measure(job);
      case 'files':
        this.#files.name(job.first, job.paths);
        return { kind: 'ready' };
    }
  }

  #copy(from: PlannedOperand, byteLength: number, to: Destination): Answer {
    const pieces: PieceHash[] = [];
    const buffer = new Uint8Array(Math.min(byteLength, pieceBytes));
    for (let at = 0; at < byteLength; at += pieceBytes) {
      this.#files.checkCancelled();
      const bytes = buffer.subarray(0, Math.min(pieceBytes, byteLength - at));
      this.#files.read(from, bytes, from.offset + at);
      this.#files.write(to, at, bytes, pieces);
    }
    return { kind: 'stored', pieces, slices: 0 };
  }

  #compute(job: Job & { kind: 'compute' }): Answer {
    const { item, dtype, groups, to } = job;
    const program = this.#programs.of(item).program;
    const passes = statisticPasses(program);
    const scalars = scalarsOf(program, groups);
    if (passes.length === 0) {
      if (to === undefined) return { kind: 'settled', known: [] };
      return this.#store({
        item,
        program,
        scalars,
        dtype,
        to,
        stretches: this.#slices(item.elements),
        resident: false,
      });
    }
    const whole: Stretch = { first: 0, elements: item.elements };
    this.#prepare(item, program, dtype, passes, item.elements);
    this.#readStretch(
      item,
      [
        ...passes.map(({ formula }) => formula),
        ...(to === undefined ? [] : [mapPass(program, dtype)]),
      ],
      whole,
    );
    this.#drive(settle(program, scalars), { stretches: [whole], isSample: false });
    if (to === undefined) return { kind: 'settled', known: scalars.figures() };
    return this.#store({ item, program, scalars, dtype, to, stretches: [whole], resident: true });
  }

  #pass(job: Job & { kind: 'pass' }): Answer {
    const { item, groups, known, tickets } = job;
    const program = this.#programs.of(item).program;
    const pass = this.#programs.pass(item, job.pass);
    const uniforms = scalarsOf(program, groups, known).uniforms();
    this.#prepare(item, program, 'F32', [pass], Math.min(item.elements, tickets.stretchElements));
    this.#bench.clearBins(pass.formula);
    const blocks: { first: number; figures: readonly Float64Array[] }[] = [];
    for (const stretch of this.#taken(tickets, item.elements)) {
      this.#readStretch(item, [pass.formula], stretch);
      const { figures } = this.#bench.run(pass.formula, uniforms, stretch);
      blocks.push({ first: stretch.first / blockElements, figures });
    }
    return { kind: 'figures', bins: this.#bench.bins(pass.formula), blocks };
  }

  #locate(job: Job & { kind: 'locate' }): Answer {
    const { item, groups, known, sink, block, wanted } = job;
    const program = this.#programs.of(item).program;
    const pass = this.#programs.pass(item, job.pass);
    const first = block * blockElements;
    const stretch = { first, elements: Math.min(blockElements, item.elements - first) };
    this.#prepare(item, program, 'F32', [pass], stretch.elements);
    this.#readStretch(item, [pass.formula], stretch);
    const uniforms = scalarsOf(program, groups, known).uniforms();
    return {
      kind: 'located',
      limit: this.#bench.locate(pass.formula, uniforms, sink, stretch, 0, wanted),
    };
  }

  #map(job: Job & { kind: 'map' }): Answer {
    const { item, dtype, groups, known, to, stretches } = job;
    const program = this.#programs.of(item).program;
    const scalars = scalarsOf(program, groups, known);
    const taken = 'counter' in stretches ? this.#taken(stretches, item.elements) : [stretches];
    return this.#store({ item, program, scalars, dtype, to, stretches: taken, resident: false });
  }

  #gather(job: Job & { kind: 'gather' }): Answer {
    const { item, groups, sample } = job;
    const program = this.#programs.of(item).program;
    const scalars = scalarsOf(program, groups);
    const { before, pass } = groupPass(program, job.pass.groups, job.pass.stage);
    const benched = this.#bringIn(item, program, [...before, pass], sample);
    this.#drive(runPasses(program, scalars, before), benched);
    const { bins, figures } = this.#runOver(pass.formula, scalars.uniforms(), benched);
    return { kind: 'figures', bins, blocks: [{ first: 0, figures }] };
  }

  #measure(job: Job & { kind: 'measure' }): Answer {
    const { item, groups, sample } = job;
    const { program, passes } = this.#programs.of(item);
    const scalars = scalarsOf(program, groups);
    const sums = passes.map((formula): Pass => ({ formula, sinks: [] }));
    const benched = this.#bringIn(item, program, [...statisticPasses(program), ...sums], sample);
    this.#drive(settle(program, scalars), benched);
    const uniforms = scalars.uniforms();
    const figures = passes.flatMap((formula) => {
      this.#files.checkCancelled();
      return this.#runOver(formula, uniforms, benched).figures;
    });
    return { kind: 'figures', bins: [], blocks: [{ first: 0, figures }] };
  }

  /** Brings a whole tensor, or the blocks that stand for it, onto the bench for these passes. */
  #bringIn(
    item: WorkItem,
    program: Program,
    passes: readonly Pass[],
    sample: Sample | undefined,
  ): Benched {
    const stretches = sample?.map((block, index) => ({ ...block, at: index * blockElements })) ?? [
      { first: 0, elements: item.elements },
    ];
    const { at = 0, elements }: Stretch = stretches.at(-1)!;
    this.#prepare(item, program, 'BF16', passes, at + elements);
    for (const stretch of stretches)
      this.#readStretch(
        item,
        passes.map(({ formula }) => formula),
        stretch,
      );
    return { stretches, isSample: sample !== undefined };
  }

  /** One pass over all that lies on the bench: bins by sink, or figures by sink with one for each block. */
  #runOver(
    formula: Formula,
    uniforms: Uniforms,
    { stretches }: Benched,
  ): {
    readonly bins: readonly (Float64Array | undefined)[];
    readonly figures: readonly Float64Array[];
  } {
    this.#bench.clearBins(formula);
    const runs = stretches.map((stretch) => this.#bench.run(formula, uniforms, stretch).figures);
    return {
      bins: this.#bench.bins(formula),
      figures: formula.sinks.map((_, sink) =>
        Float64Array.from(runs.flatMap((figures) => [...figures[sink]!])),
      ),
    };
  }

  /** Maps stretches, writes them, and hashes them while they are in cache. */
  #store(work: {
    readonly item: WorkItem;
    readonly program: Program;
    readonly scalars: Scalars;
    readonly dtype: ComputedType;
    readonly to: Destination;
    readonly stretches: Iterable<Stretch>;
    /** Whether the operands lie on the bench already. */
    readonly resident: boolean;
  }): Answer {
    const { item, program, scalars, dtype, to, stretches, resident } = work;
    const formula = mapPass(program, dtype);
    const width = widthOf(dtype);
    const uniforms = scalars.uniforms();
    const pieces: PieceHash[] = [];
    let slices = 0;
    let firstNonFinite: number | undefined;
    if (!resident)
      this.#prepare(item, program, dtype, [], Math.min(item.elements, this.#start.sliceElements));
    for (const stretch of stretches) {
      if (!resident) this.#readStretch(item, [formula], stretch);
      const { nonFinite } = this.#bench.run(formula, uniforms, stretch);
      const bytes = this.#bench.output(width, stretch.elements);
      if (nonFinite) {
        const at = stretch.first + indexOfNonFinite(bytes, dtype);
        firstNonFinite = Math.min(firstNonFinite ?? at, at);
      }
      this.#files.write(to, (stretch.first * width) / 8, bytes, pieces);
      slices++;
    }
    return {
      kind: 'stored',
      pieces,
      slices,
      ...(firstNonFinite === undefined ? {} : { nonFinite: firstNonFinite }),
    };
  }

  /** Answers a generator's requests from what lies on the bench. */
  #drive(steps: Generator<PassRequest, void, PassResult>, benched: Benched): void {
    let step = steps.next();
    while (!step.done) {
      this.#files.checkCancelled();
      step = steps.next(this.#answer(step.value, benched));
    }
  }

  #answer(request: PassRequest, benched: Benched): PassResult {
    const { formula, uniforms } = request;
    if (request.kind === 'pass') {
      const { bins, figures } = this.#runOver(formula, uniforms, benched);
      return formula.sinks.map((_, sink) => bins[sink] ?? figures[sink]!);
    }
    if (benched.isSample) return [[Number.MAX_SAFE_INTEGER]];
    const { sink, block, wanted } = request;
    const [whole] = benched.stretches;
    return [[this.#bench.locate(formula, uniforms, sink, whole!, block, wanted)]];
  }

  #prepare(
    item: WorkItem,
    program: Program,
    dtype: ComputedType,
    passes: readonly Pass[],
    elements: number,
  ): void {
    this.#bench.prepare({
      operandWidths: item.operands.map((operand) => computedWidth(operand)),
      elements,
      outputWidth: widthOf(dtype),
      histograms: mostHistograms(passes),
    });
    if (program.operands.length !== item.operands.length)
      throw new Error('an operand has no place in a file');
  }

  /** Reads the operands that the formulas use. */
  #readStretch(item: WorkItem, formulas: readonly Formula[], stretch: Stretch): void {
    this.#files.checkCancelled();
    item.operands.forEach((_, index) => {
      if (formulas.every(({ operandWidths }) => operandWidths[index] === undefined)) return;
      const operand = item.operands[index]!;
      const bytes = this.#bench.operand(index, stretch.elements, stretch.at);
      this.#files.read(
        operand,
        bytes,
        operand.offset + (stretch.first * computedWidth(operand)) / 8,
      );
    });
  }

  *#slices(elements: number): Generator<Stretch> {
    const { sliceElements } = this.#start;
    for (let first = 0; first < elements; first += sliceElements) {
      yield { first, elements: Math.min(sliceElements, elements - first) };
    }
  }

  *#taken({ counter, stretchElements }: Tickets, elements: number): Generator<Stretch> {
    const next = new Int32Array(counter);
    for (;;) {
      const first = Atomics.add(next, 0, 1) * stretchElements;
      if (first >= elements) return;
      yield { first, elements: Math.min(stretchElements, elements - first) };
    }
  }
}

/** What lies on the bench: a whole tensor, or blocks that stand for it. */
interface Benched {
  readonly stretches: readonly Stretch[];
  readonly isSample: boolean;
}

function computedWidth({ dtype }: PlannedOperand): 16 | 32 {
  if (!isComputed(dtype)) throw new Error(`${dtype} is not computed with`);
  return widthOf(dtype);
}
