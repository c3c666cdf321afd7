/** Stores the tensors of one output: each by one worker, by all of them, or on the GPU. */
import type { RunningChecks } from '../checks/begin-checks.ts';
import { isComputed, resultType, type ComputedType } from '../formula/derived.ts';
import type { OutputClaim } from '../output/output-claim.ts';
import { loadedType } from '../plan/operand.ts';
import type { PlannedOutput, PlannedTensor, WorkItem } from '../plan/plan.ts';
import { byteOrder } from '../safetensors/byte-order.ts';
import { pieceCount } from '../safetensors/pieces.ts';
import type { Budget } from './budget.ts';
import {
  byReason,
  type CpuStored,
  type GpuMap,
  type GpuStored,
  type MovedSlices,
} from './gpu-map.ts';
import { programOfItem } from './groups.ts';
import type { Destination, GroupTable, KnownFigure, PieceHash } from './job.ts';
import { inParallel } from './parallel.ts';
import type { Pool } from './pool.ts';
import { newTickets, settled, settleSpread } from './spread.ts';
import { cpuStored } from './stored.ts';
import { storedBefore, storedLine, type StoredTensor } from './stored-lines.ts';

export interface Storing {
  readonly pool: Pool;
  readonly budget: Budget;
  readonly groups: GroupTable;
  /** Paths of the output's shards. */
  readonly paths: readonly string[];
  readonly gpu?: GpuMap;
  readonly allowNonFinite: boolean;
  /** The output: what an earlier run stored of it counts, and what is stored is written down. */
  readonly claim: OutputClaim;
  /** What is stored is looked at beside its inputs; absent where nothing is. */
  readonly checks?: Pick<RunningChecks, 'begin'>;
  readonly onTensor: () => void;
}

export interface StoredTensors {
  /** By the output's tensors: the hash of each piece. */
  readonly pieces: readonly (readonly Uint8Array[])[];
  readonly cpuSlices: number;
  readonly gpuSlices: number;
  readonly moved: readonly MovedSlices[];
  /** The first tensor in byte order that holds one, with its lowest element. */
  readonly nonFinite?: NonFinite;
}

export interface NonFinite {
  readonly tensor: string;
  readonly element: number;
}

/** Tensors that all workers share are this many slices long, or longer. */
const sharedSlices = 8;

export async function storeTensors(
  output: PlannedOutput,
  storing: Storing,
): Promise<StoredTensors> {
  const pieces: (readonly Uint8Array[])[] = [];
  let cpuSlices = 0;
  let gpuSlices = 0;
  const moved: MovedSlices[] = [];
  let worst: NonFinite | undefined;
  const store = async (tensor: PlannedTensor, index: number): Promise<void> => {
    if (worst !== undefined && !storing.allowNonFinite && byteOrder(tensor.name, worst.tensor) > 0)
      return;
    const stored = await storeOnce(tensor, storing);
    storing.checks?.begin(index);
    cpuSlices += stored.cpuSlices;
    gpuSlices += stored.gpuSlices;
    moved.push(...stored.moved);
    pieces[index] = stored.pieces;
    if (
      stored.nonFinite !== undefined &&
      (worst === undefined || byteOrder(tensor.name, worst.tensor) < 0)
    ) {
      worst = { tensor: tensor.name, element: stored.nonFinite };
    }
    storing.onTensor();
  };
  const indexed = output.tensors.map((tensor, index) => ({ tensor, index }));
  const alone = indexed.filter(({ tensor }) => isForAll(tensor, storing));
  const together = indexed.filter(({ tensor }) => !isForAll(tensor, storing));
  for (const { tensor, index } of alone) await store(tensor, index);
  await inParallel(together, 2 * storing.pool.size, ({ tensor, index }) => store(tensor, index));
  return {
    pieces,
    cpuSlices,
    gpuSlices,
    moved: byReason(moved),
    ...(worst === undefined ? {} : { nonFinite: worst }),
  };
}

/** Whether one worker can hold the tensor whole, by its widest operand, or by its result where one is stored. */
export function isResident(
  { operands, elements }: WorkItem,
  { residentBytes }: Budget,
  result?: ComputedType,
): boolean {
  const isWide =
    operands.some((operand) => loadedType(operand) === 'F32') ||
    (result !== undefined && resultType(result) === 'F32');
  return elements * (isWide ? 4 : 2) <= residentBytes;
}

/** Whether the tensor has the workers to itself. */
function isForAll({ work, dtype }: PlannedTensor, { budget }: Storing): boolean {
  if (work.kind === 'copy' || !isComputed(dtype)) return false;
  const { item } = work;
  if (item.elements <= budget.sliceElements) return false;
  return item.passes > 0
    ? !isResident(item, budget, dtype)
    : item.elements >= sharedSlices * budget.sliceElements;
}

/** What an earlier run stored, where its bytes are still those; else it is stored now, and written down. */
async function storeOnce(tensor: PlannedTensor, storing: Storing): Promise<StoredTensor> {
  const { claim, pool, paths } = storing;
  const { name, byteLength } = tensor;
  const before = storedBefore(tensor, claim);
  if (before !== undefined) {
    const at = destinationOf(tensor, paths);
    const job = { kind: 'verify', at, byteLength, pieces: before.pieces } as const;
    if (settled(await pool.one(job), 'verified').isWhole) return before;
  }
  const { pieces, ...found } = await storeTensor(tensor, storing);
  const stored = {
    gpuSlices: 0,
    moved: [],
    ...found,
    pieces: inOrder(pieces, pieceCount(byteLength)),
  };
  await claim.record(storedLine(name, stored));
  return stored;
}

function destinationOf({ place }: PlannedTensor, paths: readonly string[]): Destination {
  return { path: paths[place.file]!, offset: place.offset };
}

type Stored = CpuStored | GpuStored;

async function storeTensor(tensor: PlannedTensor, storing: Storing): Promise<Stored> {
  const { pool, paths, groups, gpu } = storing;
  const { work, dtype, byteLength } = tensor;
  const to = destinationOf(tensor, paths);
  if (work.kind === 'copy') {
    return cpuStored([await pool.one({ kind: 'copy', from: work.from, byteLength, to })]);
  }
  const { item } = work;
  if (!isComputed(dtype)) throw new Error(`${tensor.name} cannot be stored as ${dtype}`);
  if (item.elements === 0) return { pieces: [], cpuSlices: 0 };
  if (gpu !== undefined) return storeOnGpu(item, dtype, to, gpu, storing);
  if (!isForAll(tensor, storing))
    return cpuStored([await pool.one({ kind: 'compute', item, dtype, groups, to })]);
  const known = await knownFigures(item, storing);
  const stretches = newTickets(storing.budget.sliceElements);
  return cpuStored(await pool.all({ kind: 'map', item, dtype, groups, known, to, stretches }));
}

/** The statistics of one tensor, by one worker or by all. */
async function knownFigures(
  item: WorkItem,
  { pool, groups, budget }: Storing,
): Promise<readonly KnownFigure[]> {
  if (item.passes === 0) return [];
  if (isResident(item, budget)) {
    return settled(await pool.one({ kind: 'compute', item, dtype: 'F32', groups }), 'settled')
      .known;
  }
  const program = programOfItem(item);
  return (
    await settleSpread({ pool, item, program, groups, sliceElements: budget.sliceElements })
  ).figures();
}

async function storeOnGpu(
  item: WorkItem,
  dtype: ComputedType,
  to: Destination,
  gpu: GpuMap,
  storing: Storing,
): Promise<Stored> {
  const known = await knownFigures(item, storing);
  const onCpu = async (stretch: {
    readonly first: number;
    readonly elements: number;
  }): Promise<CpuStored> =>
    cpuStored([
      await storing.pool.one({
        kind: 'map',
        item,
        dtype,
        groups: storing.groups,
        known,
        to,
        stretches: stretch,
      }),
    ]);
  return gpu.store({ item, dtype, to, groups: storing.groups, known, onCpu });
}

function inOrder(pieces: readonly PieceHash[], count: number): readonly Uint8Array[] {
  const hashes: Uint8Array[] = new Array<Uint8Array>(count);
  for (const { piece, hash } of pieces) hashes[piece] = hash;
  return hashes;
}
