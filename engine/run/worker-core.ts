/**
 * What a worker does with a job: brings operands onto its bench, runs passes, and stores what comes of them. It knows neither
 * threads nor files: what it asks of files it yields, and whoever runs it answers.
 */
import { CheckSums, checkStored } from '../checks/check-stored.ts';
import { resultType, widthOf, type ComputedType } from '../formula/derived.ts';
import { blockElements, type Formula } from '../formula/node.ts';
import type { WorkItem } from '../plan/plan.ts';
import { groupPass, type Pass } from '../program/passes.ts';
import { runPasses, type Scalars } from '../program/settle.ts';
import { dtypeBytes } from '../safetensors/dtype-size.ts';
import { pieceBytes } from '../safetensors/pieces.ts';
import { differingElements } from './compare-bytes.ts';
import { factored, normOf, type FactorTools } from './factor-work.ts';
import type { Steps } from './file-request.ts';
import { ItemPrograms } from './item-programs.ts';
import type { Answer, Destination, FileJob, Job, PieceHash, Tickets, WorkerStart } from './job.ts';
import { kernelsOf } from './kernels.ts';
import { scalarsOf } from './known-scalars.ts';
import { OperandBench } from './operand-bench.ts';
import { ConversionRoom, storedParts } from './stored-parts.ts';
import { partsOf, type Stretch } from './workbench.ts';

/** Work on tensors. What is of files alone is for whoever has them. */
export type TensorJob = Exclude<Job, FileJob>;

export class WorkerCore {
  readonly #sliceElements: number;
  readonly #operands: OperandBench;
  readonly #programs = new ItemPrograms();
  readonly #checkSums = new CheckSums();
  readonly #reads: boolean;
  readonly #room = new ConversionRoom();

  constructor({ backend, sliceElements }: Pick<WorkerStart, 'backend' | 'sliceElements'>) {
    this.#sliceElements = sliceElements;
    this.#operands = new OperandBench(kernelsOf(backend), backend === 'none' ? 'reads' : 'values');
    this.#reads = backend === 'none';
  }

  work(job: TensorJob): Steps<Answer> {
    switch (job.kind) {
      case 'copy':
        return this.#copy(job);
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
      case 'compare':
        return this.#compare(job);
      case 'check':
        return this.#check(job);
      case 'factor':
        return factored(job, this.#factorTools());
      case 'norm':
        return normOf(job, this.#factorTools());
    }
  }

  *#copy({ from, at: first, byteLength, to }: Job & { kind: 'copy' }): Steps<Answer> {
    const { file, offset } = from;
    const pieces: PieceHash[] = [];
    const buffer = new Uint8Array(Math.min(byteLength, pieceBytes));
    const end = first + byteLength;
    for (let at = first; at < end; at += pieceBytes) {
      const bytes = buffer.subarray(0, Math.min(pieceBytes, end - at));
      yield { kind: 'read', reads: [{ file, into: bytes, position: offset + at }] };
      pieces.push(...(yield { kind: 'write', to, at, bytes }));
    }
    return { kind: 'stored', pieces, slices: 0 };
  }

  *#compute(job: Job & { kind: 'compute' }): Steps<Answer> {
    const { item, dtype, groups, to } = job;
    const { program, whole } = this.#programs.of(item);
    const scalars = scalarsOf(program, groups);
    const tensor: Stretch = { first: 0, elements: item.elements };
    const benched = { stretches: [tensor], isSample: false };
    // Where nothing is stored, no room is taken for it.
    const stored = to === undefined ? 'BF16' : dtype;
    const { passes, map, masks } = whole(to === undefined ? undefined : dtype);
    const { elements } = item;
    this.#operands.prepare(item, program, { dtype: stored, passes, elements, masks });
    const formulas = passes.map(({ formula }) => formula);
    yield* this.#operands.read(item, map === undefined ? formulas : [...formulas, map], tensor);
    yield* this.#operands.answerAll(runPasses(program, scalars, passes), benched);
    if (to === undefined || map === undefined) return { kind: 'settled', known: scalars.figures() };
    const stretches = [tensor];
    return yield* this.#store({ item, scalars, dtype, to, stretches, map, resident: true });
  }

  *#pass(job: Job & { kind: 'pass' }): Steps<Answer> {
    const { item, groups, known, tickets } = job;
    const program = this.#programs.of(item).program;
    const pass = this.#programs.pass(item, job.pass);
    const { bench } = this.#operands;
    const uniforms = scalarsOf(program, groups, known).uniforms();
    const elements = Math.min(item.elements, tickets.stretchElements);
    this.#operands.prepare(item, program, { dtype: 'F32', passes: [pass], elements });
    bench.clearBins(pass.formula);
    const blocks: { first: number; figures: readonly Float64Array[] }[] = [];
    for (const stretch of taken(tickets, item.elements)) {
      yield* this.#operands.read(item, [pass.formula], stretch);
      const { figures } = bench.run(pass.formula, uniforms, stretch);
      blocks.push({ first: stretch.first / blockElements, figures });
    }
    return { kind: 'figures', bins: bench.bins(pass.formula), blocks };
  }

  *#locate(job: Job & { kind: 'locate' }): Steps<Answer> {
    const { item, groups, known, sink, block, wanted } = job;
    const program = this.#programs.of(item).program;
    const pass = this.#programs.pass(item, job.pass);
    const first = block * blockElements;
    const elements = Math.min(blockElements, item.elements - first);
    this.#operands.prepare(item, program, { dtype: 'F32', passes: [pass], elements });
    yield* this.#operands.read(item, [pass.formula], { first, elements });
    const uniforms = scalarsOf(program, groups, known).uniforms();
    const { bench } = this.#operands;
    const limit = bench.locate(pass.formula, uniforms, sink, { first, elements }, 0, wanted);
    return { kind: 'located', limit };
  }

  *#map(job: Job & { kind: 'map' }): Steps<Answer> {
    const { item, dtype, groups, known, to } = job;
    const { program, map } = this.#programs.of(item);
    const scalars = scalarsOf(program, groups, known);
    const stretches = partsOf(job.stretch, this.#sliceElements);
    const elements = Math.min(item.elements, this.#sliceElements);
    this.#operands.prepare(item, program, { dtype, passes: [], elements });
    return yield* this.#store({
      ...{ item, scalars, dtype, to, stretches },
      map: map(dtype),
      resident: false,
    });
  }

  *#gather(job: Job & { kind: 'gather' }): Steps<Answer> {
    const { item, groups, sample } = job;
    const program = this.#programs.of(item).program;
    const scalars = scalarsOf(program, groups);
    const { before, pass } = groupPass(program, job.pass.groups, job.pass.stage);
    const passes = [...before, pass];
    const benched = yield* this.#operands.bringIn(item, program, { passes, sample });
    yield* this.#operands.answerAll(runPasses(program, scalars, before), benched);
    const { bins, figures } = this.#operands.runOver(pass.formula, scalars.uniforms(), benched);
    const handed = bins.map((counts) => counts?.slice());
    return { kind: 'figures', bins: handed, blocks: [{ first: 0, figures }] };
  }

  *#measure(job: Job & { kind: 'measure' }): Steps<Answer> {
    const { item, groups, sample } = job;
    const { program, statistics, passes: sums } = this.#programs.of(item);
    const scalars = scalarsOf(program, groups);
    const passes = [...statistics, ...sums.map((formula): Pass => ({ formula, sinks: [] }))];
    const benched = yield* this.#operands.bringIn(item, program, { passes, sample });
    yield* this.#operands.answerAll(runPasses(program, scalars, statistics), benched);
    const uniforms = scalars.uniforms();
    const figures: Float64Array[] = [];
    for (const formula of sums) {
      yield { kind: 'pause' };
      figures.push(...this.#operands.runOver(formula, uniforms, benched).figures);
    }
    return { kind: 'figures', bins: [], blocks: [{ first: 0, figures }] };
  }

  *#compare(job: Job & { kind: 'compare' }): Steps<Answer> {
    return { kind: 'compared', differing: yield* differingElements(job) };
  }

  *#check(job: Job & { kind: 'check' }): Steps<Answer> {
    return { kind: 'checked', check: yield* checkStored(job, this.#operands, this.#checkSums) };
  }

  #factorTools(): FactorTools {
    return { operands: this.#operands, sliceElements: this.#sliceElements, reads: this.#reads };
  }

  /** Maps stretches and writes them while they are in cache. */
  *#store(work: {
    readonly item: WorkItem;
    readonly scalars: Scalars;
    readonly dtype: ComputedType;
    readonly to: Destination;
    readonly stretches: Iterable<Stretch>;
    readonly map: Formula;
    /** Whether the operands lie on the bench already. */
    readonly resident: boolean;
  }): Steps<Answer> {
    const { item, scalars, dtype, to, stretches, map, resident } = work;
    const { bench } = this.#operands;
    const uniforms = scalars.uniforms();
    const pieces: PieceHash[] = [];
    let slices = 0;
    let firstNonFinite: number | undefined;
    for (const stretch of stretches) {
      if (!resident) yield* this.#operands.read(item, [map], stretch);
      const { nonFinite } = bench.run(map, uniforms, stretch);
      const words = bench.output(widthOf(resultType(dtype)), stretch.elements);
      const start = stretch.first * dtypeBytes[dtype];
      for (const part of storedParts({ words, dtype, nonFinite }, this.#room)) {
        if (part.nonFinite !== undefined) {
          const at = stretch.first + part.nonFinite;
          firstNonFinite = Math.min(firstNonFinite ?? at, at);
        }
        const { bytes } = part;
        pieces.push(...(yield { kind: 'write', to, at: start + part.at, bytes }));
      }
      slices++;
    }
    const found = firstNonFinite === undefined ? {} : { nonFinite: firstNonFinite };
    return { kind: 'stored', pieces, slices, ...found };
  }
}

function* taken({ counter, stretchElements }: Tickets, elements: number): Generator<Stretch> {
  const next = new Int32Array(counter);
  for (;;) {
    const first = Atomics.add(next, 0, 1) * stretchElements;
    if (first >= elements) return;
    yield { first, elements: Math.min(stretchElements, elements - first) };
  }
}
