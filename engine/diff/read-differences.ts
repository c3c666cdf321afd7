/** Reads what two checkpoints both have, within a budget of memory. */
import type { Checkpoint } from '../checkpoints/checkpoint.ts';
import { valueOf } from '../faults/fault.ts';
import type { Reading } from '../measures/read-sums.ts';
import { Files } from '../plan/files.ts';
import { bytesToMake } from '../run/bring-operand.ts';
import { spendMemory, type Budget } from '../run/budget.ts';
import { cancelOn } from '../run/cancel-on.ts';
import { nodeFiles } from '../run/file-access.ts';
import { inlinePool } from '../run/inline-pool.ts';
import type { SharedControl } from '../run/job.ts';
import { ItemPrograms } from '../run/item-programs.ts';
import { inParallel } from '../run/parallel.ts';
import { threadPool } from '../run/thread-pool.ts';
import { figuresOf, foundOf, workOf, type Found, type PairWork, type Tally } from './pair-work.ts';
import type { ChangeFigures, DiffTotals, TensorDifference } from './tensor-difference.ts';
import type { TensorPair } from './tensor-pairs.ts';

export interface DiffReading {
  /** Bytes that slices and resident tensors may take. */
  readonly memory: number;
  readonly threads: number;
  readonly onProgress?: (progress: {
    readonly tensorsDone: number;
    readonly tensors: number;
  }) => void;
  readonly signal?: AbortSignal;
}

export interface TensorDifferences {
  /** In byte order of their names; equal tensors are left out. */
  readonly differences: readonly TensorDifference[];
  readonly totals: DiffTotals;
}

/** Starting threads takes as long as reading so many bytes. */
const inlineBytes = 64 << 20;

/** Throws faults, and `RunCancelled`. */
export async function readDifferences(
  sides: { readonly a: Checkpoint; readonly b: Checkpoint },
  pairs: readonly TensorPair[],
  request: DiffReading,
): Promise<TensorDifferences> {
  const files = new Files(new Map(Object.entries(sides)));
  const making = { files, programs: new ItemPrograms() };
  const works = new Map(
    pairs.flatMap((pair) => (pair.kind === 'alike' ? [[pair, workOf(pair, making)] as const] : [])),
  );
  const found = await readAll([...works.values()], files.paths, request);
  const all = pairs.map((pair): Found =>
    pair.kind === 'alike' ? found.get(works.get(pair)!)! : { difference: pair },
  );
  return {
    differences: all.flatMap(({ difference }) => (difference === undefined ? [] : [difference])),
    totals: totalsOf(pairs, all),
  };
}

async function readAll(
  works: readonly PairWork[],
  files: readonly string[],
  request: DiffReading,
): Promise<ReadonlyMap<PairWork, Found>> {
  const { sliceElements, residentBytes, workers } = budgetOf(works, request);
  const control: SharedControl = {
    flags: new SharedArrayBuffer(4),
    progress: new SharedArrayBuffer(16),
  };
  const start = { backend: 'wasm', files, sliceElements, control } as const;
  const bytes = works.reduce((sum, { pair }) => sum + pair.byteLength, 0);
  const stopListening = cancelOn(request.signal, control);
  const pool =
    workers === 1 || bytes <= inlineBytes
      ? inlinePool(start, nodeFiles())
      : threadPool(workers, start);
  const residentElements = Math.floor(residentBytes / 4);
  const reading: Reading = { pool, groups: {}, sliceElements, residentElements };
  const found = new Map<PairWork, Found>();
  const read = async (work: PairWork): Promise<void> => {
    found.set(work, await foundOf(work, reading));
    request.onProgress?.({ tensorsDone: found.size, tensors: works.length });
  };
  // A tensor that all workers share has them to itself.
  const isShared = ({ pair }: PairWork): boolean => pair.elements > residentElements;
  try {
    for (const work of works) if (isShared(work)) await read(work);
    const others = works.filter((work) => !isShared(work));
    await inParallel(others, 2 * pool.size, read);
  } finally {
    stopListening();
    await pool.close();
  }
  return found;
}

function budgetOf(works: readonly PairWork[], { memory, threads }: DiffReading): Budget {
  const items = works.flatMap(({ item }) => (item === undefined ? [] : [item]));
  return valueOf(
    spendMemory({
      operands: 2,
      histograms: items.reduce((most, { histograms }) => Math.max(most, histograms), 0),
      besides: items.reduce((most, { operands }) => Math.max(most, bytesToMake(operands)), 0),
      memory,
      threads: Math.max(1, threads),
    }),
  );
}

function totalsOf(pairs: readonly TensorPair[], found: readonly Found[]): DiffTotals {
  const of = (kind: TensorDifference['kind'], side?: 'a' | 'b'): number =>
    found.filter(
      ({ difference }) =>
        difference?.kind === kind &&
        (difference.kind !== 'only' || side === undefined || difference.side === side),
    ).length;
  const tallies = found.flatMap(({ tally }) => (tally === undefined ? [] : [tally]));
  const sum = (value: (tally: Tally) => number): number =>
    tallies.reduce((total, tally) => total + value(tally), 0);
  const figures = (): ChangeFigures =>
    figuresOf({
      apart: sum(({ apart }) => apart),
      largest: tallies.reduce((most, { largest }) => Math.max(most, largest), 0),
      ab: sum(({ ab }) => ab),
      aa: sum(({ aa }) => aa),
      bb: sum(({ bb }) => bb),
    });
  return {
    equal: found.filter(({ difference }) => difference === undefined).length,
    sameValues: of('same-values'),
    changed: of('changed'),
    otherType: of('other-type'),
    otherShape: of('other-shape'),
    onlyInA: of('only', 'a'),
    onlyInB: of('only', 'b'),
    elements: pairs.reduce((sum, pair) => sum + (pair.kind === 'alike' ? pair.elements : 0), 0),
    differing: found.reduce(
      (sum, { difference }) => sum + (difference?.kind === 'changed' ? difference.differing : 0),
      0,
    ),
    ...(tallies.length === 0 ? {} : { figures: figures() }),
  };
}
