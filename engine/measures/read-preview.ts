/** Reads for a preview: chooses blocks, takes as many workers as the work is worth, and fills the studies. */
import { valueOf } from '../faults/fault.ts';
import { blockElements } from '../formula/node.ts';
import type { PlannedGroup } from '../plan/plan.ts';
import { bytesToMake } from '../run/bring-operand.ts';
import { spendMemory, type Budget } from '../run/budget.ts';
import { cancelOn } from '../run/cancel-on.ts';
import { nodeFiles } from '../run/file-access.ts';
import { gatherGroups } from '../run/groups.ts';
import type { GroupTable, Sample, SharedControl, WorkerStart } from '../run/job.ts';
import { inlinePool } from '../run/inline-pool.ts';
import type { Pool } from '../run/pool.ts';
import { settled } from '../run/spread.ts';
import { threadPool } from '../run/thread-pool.ts';
import { elementCount } from '../safetensors/dtype-size.ts';
import { workOf, type StudyItem, type StudyWork } from './items.ts';
import { PoolFiles } from './pool-files.ts';
import type { PreviewRequest } from './preview.ts';
import { addAll, eachTensor, readWhole, wholeTally, type Reading } from './read-sums.ts';
import { sampledTally } from './resample.ts';
import { chooseSamples, sampledElements } from './sample.ts';
import { gatherSampledGroups } from './sampled-groups.ts';
import type { Study, Tally } from './study.ts';

export interface PreviewRead {
  /** Every block was read. */
  readonly isWhole: boolean;
  readonly areGroupsSampled: boolean;
  /** Of the tensors of the step itself: blocks that were read, and blocks in all. */
  readonly blocks: number;
  readonly ofBlocks: number;
}

const defaultBlocks = 384;
/** Starting threads takes as long as reading so many values. */
const inlineValues = 32 << 20;

type Samples = ReadonlyMap<string, Sample>;
type Work = StudyWork & { readonly study: Study; readonly samples: Samples };

/** The first study is the one whose blocks are told. */
export async function readPreview(
  studies: readonly Study[],
  request: PreviewRequest,
): Promise<PreviewRead> {
  const files = new PoolFiles(request.checkpoints);
  const planned = studies.map((study) => ({
    study,
    ...workOf(study, (operand) => files.place(operand)),
  }));
  const budget = valueOf(spendMemory(demandOf(planned, request)));
  const works = planned.map((work): Work => ({
    ...work,
    samples: samplesOf(work, request, budget),
  }));
  const control: SharedControl = {
    flags: new SharedArrayBuffer(4),
    progress: new SharedArrayBuffer(16),
  };
  const { sliceElements } = budget;
  const start = { backend: request.backend, files: files.added, sliceElements, control };
  const stopListening = cancelOn(request.signal, control);
  const pool = poolFor(works, start, budget);
  try {
    await readWorks(works, { pool, budget, request });
  } finally {
    stopListening();
    await pool.close();
  }
  return toldOf(works[0]!);
}

async function readWorks(
  works: readonly Work[],
  run: { readonly pool: Pool; readonly budget: Budget; readonly request: PreviewRequest },
): Promise<void> {
  const { pool, budget, request } = run;
  const tensors = works.reduce((sum, { items }) => sum + items.length, 0);
  let tensorsDone = 0;
  for (const { study, items, groups, samples } of works) {
    const reading: Reading = {
      pool,
      groups: await groupTable(groups, samples, run),
      sliceElements: budget.sliceElements,
      residentElements: residentElements(budget),
    };
    const tallies = await eachTensor(items, reading, samples, async (item, sample) => {
      const tally = await readTensor(item, sample, reading);
      tensorsDone++;
      request.onProgress?.({ tensorsDone, tensors });
      return tally;
    });
    addAll(study, items, tallies);
  }
}

async function readTensor(
  studied: StudyItem,
  sample: Sample | undefined,
  reading: Reading,
): Promise<Tally> {
  if (sample === undefined) return wholeTally(studied, await readWhole(studied.item, reading));
  const { header, item } = studied;
  const { pool, groups } = reading;
  const part = { ...item, elements: sampledElements(sample) };
  const answer = settled(
    await pool.one({ kind: 'measure', item: part, groups, sample }),
    'figures',
  );
  const tensor = { name: header.name, elements: item.elements };
  return sampledTally(tensor, sample, item, answer.blocks[0]!.figures);
}

async function groupTable(
  groups: readonly PlannedGroup[],
  samples: Samples,
  { pool, budget }: { readonly pool: Pool; readonly budget: Budget },
): Promise<GroupTable> {
  if (groups.length === 0) return {};
  if (samples.size > 0) return gatherSampledGroups(groups, { pool, samples });
  return gatherGroups(groups, {
    pool,
    sliceElements: budget.sliceElements,
    isResident: ({ elements }) => elements <= residentElements(budget),
  });
}

/** By the tensors of the step and those of its groups, under whose names alike blocks are chosen. */
function samplesOf(
  { study, groups }: StudyWork & { readonly study: Study },
  { reading }: PreviewRequest,
  budget: Budget,
): Samples {
  if (reading.kind === 'exact') return new Map();
  const size = {
    blocks: reading.blocks ?? defaultBlocks,
    mostOfTensor: Math.floor(residentElements(budget) / blockElements),
  };
  const own = study.tensors().map(({ name, shape }) => ({ name, elements: elementCount(shape)! }));
  const known = new Set(own.map(({ name }) => name));
  const further = groups
    .flatMap(({ tensors }) => tensors)
    .flatMap(({ name, item }) => (known.has(name) ? [] : [{ name, elements: item.elements }]));
  return chooseSamples([...own, ...further], size);
}

/** The widest operand decides. */
function residentElements({ residentBytes }: Budget): number {
  return Math.floor(residentBytes / 4);
}

function demandOf(
  works: readonly StudyWork[],
  { memory, threads }: PreviewRequest,
): Parameters<typeof spendMemory>[0] {
  const items = works.flatMap((work) => work.items);
  return {
    operands: items.reduce((most, { item }) => Math.max(most, item.operands.length), 1),
    histograms: works.reduce((most, work) => Math.max(most, work.histograms), 0),
    besides: items.reduce((most, { item }) => Math.max(most, bytesToMake(item.operands)), 0),
    memory,
    threads: Math.max(1, threads),
  };
}

function poolFor(works: readonly Work[], start: WorkerStart, { workers }: Budget): Pool {
  let values = 0;
  for (const { items, samples } of works) {
    for (const { header, item } of items) {
      const sample = samples.get(header.name);
      const elements = sample === undefined ? item.elements : sampledElements(sample);
      values += elements * item.operands.length;
    }
  }
  return workers === 1 || values <= inlineValues
    ? inlinePool(start, nodeFiles())
    : threadPool(workers, start);
}

function toldOf({ study, groups, samples }: Work): PreviewRead {
  let blocks = 0;
  let ofBlocks = 0;
  for (const { name, shape } of study.tensors()) {
    const all = Math.ceil(elementCount(shape)! / blockElements);
    ofBlocks += all;
    blocks += samples.get(name)?.length ?? all;
  }
  return {
    isWhole: samples.size === 0,
    areGroupsSampled: groups.length > 0 && samples.size > 0,
    blocks,
    ofBlocks,
  };
}
