/** Stores an adapter's modules, each by one worker, and finds what it could not hold. */
import type { AdapterFigures, ModuleFigures } from '../checks/adapter-checks.ts';
import { isJsonObject } from '../checkpoints/read-json.ts';
import type { PlannedOutput, PlannedTensor, WorkItem } from '../plan/plan.ts';
import type { PlannedAdapter, PlannedModule } from '../plan/planned-adapter.ts';
import { byteOrder } from '../safetensors/byte-order.ts';
import { RunCancelled } from './cancelled.ts';
import type { StoredFactor } from './job.ts';
import { inParallel } from './parallel.ts';
import { settled } from './spread.ts';
import { destinationOf, inOrder, knownFigures, stillThere } from './store-tensor.ts';
import { storedLine, type StoredStretch } from './stored-lines.ts';
import type { NonFinite, StoredTensors, Storing } from './tensors.ts';

export interface StoredAdapter extends StoredTensors {
  readonly figures: AdapterFigures;
}

export interface AdapterStoring extends Omit<Storing, 'checks'> {
  readonly signal?: AbortSignal;
}

const onProcessor = 'the factors of an adapter are made on the processor';

export async function storeAdapter(
  { tensors }: Pick<PlannedOutput, 'tensors'>,
  adapter: PlannedAdapter,
  storing: AdapterStoring,
): Promise<StoredAdapter> {
  const { pool, gpu, allowNonFinite, onTensor } = storing;
  const pieces: (readonly Uint8Array[])[] = [];
  const modules: ModuleFigures[] = [];
  const leftOut: (number | null)[] = [];
  let slices = 0;
  let worst: NonFinite | undefined;
  const note = (place: number, stored: Pair['down']): void => {
    pieces[place] = stored.pieces;
    const { name } = tensors[place]!;
    if (
      stored.nonFinite !== undefined &&
      (worst === undefined || byteOrder(name, worst.tensor) < 0)
    )
      worst = { tensor: name, element: stored.nonFinite };
    onTensor();
  };
  const store = async (module: PlannedModule, index: number): Promise<void> => {
    const isAfter = worst !== undefined && byteOrder(tensors[module.down]!.name, worst.tensor) > 0;
    if (isAfter && !allowNonFinite) return;
    const pair = await storeModule(module, tensors, storing);
    slices += pair.slices;
    modules[index] = pair.figures;
    note(module.down, pair.down);
    note(module.up, pair.up);
  };
  const width = 2 * pool.size;
  await inParallel(adapter.modules.entries(), width, ([index, module]) => store(module, index));
  await inParallel(adapter.leftOut.entries(), width, async ([index, { item }]) => {
    leftOut[index] = await normOf(item, storing);
  });
  return {
    pieces,
    cpuSlices: slices,
    gpuSlices: 0,
    moved: gpu === undefined || slices === 0 ? [] : [{ slices, reason: onProcessor }],
    ...(worst === undefined ? {} : { nonFinite: worst }),
    figures: { modules, leftOut },
  };
}

interface Pair {
  readonly down: Omit<StoredFactor, 'pieces'> & { readonly pieces: readonly Uint8Array[] };
  readonly up: Pair['down'];
  readonly slices: number;
  readonly figures: ModuleFigures;
}

/** What an earlier run stored of both, where their bytes are still those; else both are made now, and written down. */
async function storeModule(
  { work, down, up }: PlannedModule,
  tensors: readonly PlannedTensor[],
  storing: AdapterStoring,
): Promise<Pair> {
  const { claim, pool, paths, groups } = storing;
  const pair = [tensors[down]!, tensors[up]!] as const;
  const before = await pairBefore(pair, storing);
  if (before !== undefined) return before;
  const known =
    work.of.kind === 'matrix'
      ? await unlessCancelled(knownFigures(work.of.item, storing), storing)
      : [];
  const [first, second] = pair.map((tensor) => destinationOf(tensor, paths));
  const job = { kind: 'factor', work, groups, known, down: first!, up: second! } as const;
  const made = settled(await unlessCancelled(pool.one(job), storing), 'factored');
  const { slices, square, captured } = made;
  const figures = { square, captured };
  const stored = [made.down, made.up].map(({ pieces, ...found }, index) => {
    const whole = { at: 0, byteLength: pair[index]!.byteLength };
    const counts = { cpuSlices: index * slices, gpuSlices: 0, moved: [] };
    return { ...whole, ...counts, ...found, ...figures, pieces: inOrder(pieces, whole) };
  });
  for (const [index, line] of stored.entries())
    await claim.record(storedLine(pair[index]!.name, line));
  return { down: stored[0]!, up: stored[1]!, slices, figures };
}

async function pairBefore(
  pair: readonly PlannedTensor[],
  storing: AdapterStoring,
): Promise<Pair | undefined> {
  const stored: StoredStretch[] = [];
  for (const tensor of pair) {
    const [stretch] = await stillThere(tensor, storing);
    if (stretch?.byteLength !== tensor.byteLength) return undefined;
    stored.push(stretch);
  }
  const [down, up] = stored;
  const figures = figuresOf(up);
  if (down === undefined || up === undefined || figures === undefined) return undefined;
  return { down, up, slices: up.cpuSlices, figures };
}

/** What was written down with a factor. */
function figuresOf(found: unknown): ModuleFigures | undefined {
  if (!isJsonObject(found)) return undefined;
  const { square, captured } = found;
  return isFigure(square) && isFigure(captured) ? { square, captured } : undefined;
}

function isFigure(json: unknown): json is number | null {
  return json === null || (typeof json === 'number' && json >= 0);
}

async function normOf(item: WorkItem, storing: AdapterStoring): Promise<number | null> {
  const { pool, groups } = storing;
  const known = await knownFigures(item, storing);
  const job = { kind: 'norm', item, groups, known } as const;
  return settled(await unlessCancelled(pool.one(job), storing), 'norm').square;
}

/** A factorisation may take minutes, in which its worker hears nothing: a cancel does not wait for it, and ends the worker. */
function unlessCancelled<T>(work: Promise<T>, { signal }: AdapterStoring): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const cancel = (): void => reject(new RunCancelled());
    if (signal.aborted) return cancel();
    signal.addEventListener('abort', cancel, { once: true });
    const done = (): void => signal.removeEventListener('abort', cancel);
    work.then(resolve, reject).finally(done);
  });
}
