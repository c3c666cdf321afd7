/** Stores one tensor: what an earlier run left of it counts, and what is stored is written down. */
import { isComputed } from '../formula/derived.ts';
import type { OutputClaim } from '../output/output-claim.ts';
import type { PlannedTensor, WorkItem } from '../plan/plan.ts';
import { dtypeBytes } from '../safetensors/dtype-size.ts';
import { pieceBytes, pieceCount } from '../safetensors/pieces.ts';
import type { Budget } from './budget.ts';
import { apart, besides, cut, type ByteStretch } from './byte-stretches.ts';
import type { CpuStored, GpuMap, GpuStored } from './gpu-map.ts';
import { programOfItem } from './groups.ts';
import type { Destination, GroupTable, KnownFigure, PieceHash } from './job.ts';
import { inParallel } from './parallel.ts';
import type { Pool } from './pool.ts';
import { settled, settleSpread } from './spread.ts';
import { cpuStored } from './stored.ts';
import { storedBefore, storedLine, type StoredStretch } from './stored-lines.ts';
import { isResident, stretchBytes } from './tensor-sizes.ts';
import type { Stretch } from './workbench.ts';

export interface TensorStoring {
  readonly pool: Pool;
  readonly budget: Budget;
  readonly groups: GroupTable;
  /** Paths of the output's shards. */
  readonly paths: readonly string[];
  readonly gpu?: GpuMap;
  /** The output. */
  readonly claim: OutputClaim;
}

/** What is stored of one tensor: the hash of each of its pieces. */
export type StoredTensor = Omit<StoredStretch, keyof ByteStretch>;

/** What an earlier run stored, where its bytes are still those; the rest is stored now, and written down as stretches end. */
export async function storeTensor(
  tensor: PlannedTensor,
  storing: TensorStoring,
): Promise<StoredTensor> {
  const { claim, pool } = storing;
  const { name, byteLength } = tensor;
  const stretches = [...(await stillThere(tensor, storing))];
  const left = besides(byteLength, stretches);
  if (left.length > 0) {
    const store = await storerOf(tensor, left, storing);
    const parts = cut(left, stretchBytes(tensor, storing.budget));
    await inParallel(parts, 2 * pool.size, async (part) => {
      const { pieces, ...found } = await store(part);
      const stored = { gpuSlices: 0, moved: [], ...found, ...part, pieces: inOrder(pieces, part) };
      stretches.push(stored);
      await claim.record(storedLine(name, stored));
    });
  }
  return joined(stretches);
}

/** Stretches that an earlier run wrote down and whose bytes are those that it wrote. */
export async function stillThere(
  tensor: PlannedTensor,
  { claim, pool, paths }: Pick<TensorStoring, 'claim' | 'pool' | 'paths'>,
): Promise<readonly StoredStretch[]> {
  const { path, offset } = destinationOf(tensor, paths);
  const found: StoredStretch[] = [];
  await inParallel(storedBefore(tensor, claim), pool.size, async (stretch) => {
    const { byteLength, pieces } = stretch;
    const at = { path, offset: offset + stretch.at };
    const answer = await pool.one({ kind: 'verify', at, byteLength, pieces });
    if (settled(answer, 'verified').isWhole) found.push(stretch);
  });
  return apart(found);
}

export function destinationOf({ place }: PlannedTensor, paths: readonly string[]): Destination {
  return { path: paths[place.file]!, offset: place.offset };
}

type Stored = CpuStored | GpuStored;

/** Who stores a stretch of a tensor of which these are left. */
async function storerOf(
  tensor: PlannedTensor,
  left: readonly ByteStretch[],
  storing: TensorStoring,
): Promise<(stretch: ByteStretch) => Promise<Stored>> {
  const { pool, paths, groups, gpu, budget } = storing;
  const { work, dtype, byteLength } = tensor;
  const to = destinationOf(tensor, paths);
  if (work.kind === 'copy') {
    return async (stretch) =>
      cpuStored(await pool.one({ kind: 'copy', from: work.from, to, ...stretch }));
  }
  if (work.kind === 'factor') throw new Error(`${tensor.name} is not stored alone`);
  const { item } = work;
  if (!isComputed(dtype)) throw new Error(`${tensor.name} cannot be stored as ${dtype}`);
  const isWhole = left[0]!.byteLength === byteLength;
  if (gpu === undefined && isWhole && item.passes > 0 && isResident(item, budget, dtype))
    return async () => cpuStored(await pool.one({ kind: 'compute', item, dtype, groups, to }));
  const known = await knownFigures(item, storing);
  const mapping = { item, dtype, groups, known, to };
  const onCpu = async (stretch: Stretch): Promise<CpuStored> =>
    cpuStored(await pool.one({ kind: 'map', ...mapping, stretch }));
  const store = async (stretch: Stretch): Promise<Stored> =>
    gpu === undefined ? onCpu(stretch) : gpu.store({ ...mapping, stretch, onCpu });
  const bytes = dtypeBytes[dtype];
  return (stretch) => store({ first: stretch.at / bytes, elements: stretch.byteLength / bytes });
}

/** The statistics of one tensor, by one worker or by all. */
export async function knownFigures(
  item: WorkItem,
  { pool, groups, budget }: Pick<TensorStoring, 'pool' | 'groups' | 'budget'>,
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

export function inOrder(
  pieces: readonly PieceHash[],
  { at, byteLength }: ByteStretch,
): readonly Uint8Array[] {
  const hashes: Uint8Array[] = new Array<Uint8Array>(pieceCount(byteLength));
  for (const { piece, hash } of pieces) hashes[piece - at / pieceBytes] = hash;
  return hashes;
}

function joined(stretches: readonly StoredStretch[]): StoredTensor {
  const ordered = stretches.toSorted((a, b) => a.at - b.at);
  const found = ordered.find(({ nonFinite }) => nonFinite !== undefined);
  return {
    pieces: ordered.flatMap(({ pieces }) => pieces),
    cpuSlices: ordered.reduce((sum, { cpuSlices }) => sum + cpuSlices, 0),
    gpuSlices: ordered.reduce((sum, { gpuSlices }) => sum + gpuSlices, 0),
    moved: ordered.flatMap(({ moved }) => moved),
    ...(found?.nonFinite === undefined ? {} : { nonFinite: found.nonFinite }),
  };
}
