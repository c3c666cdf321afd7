/** Measures a step: of a large model the first layer at once, then the whole sample, or every value on request. */
import { availableParallelism } from 'node:os';
import { firstPicture } from '../../engine/measures/first-picture.ts';
import { preview } from '../../engine/measures/make-preview.ts';
import type { Preview, PreviewRequest } from '../../engine/measures/preview.ts';
import { tileBytes, type MeasureNews, type MeasureRequest } from '../../engine/protocol/measure.ts';
import { chooseStep } from '../cli/opened.ts';
import { footingOf } from './changed-places.ts';
import type { RecipeShelf } from './recipe-shelf.ts';
import { tilesOf } from '../tiles.ts';
import type { TileSender } from './tile-sender.ts';

const progressEveryMs = 100;

export interface MeasureContext {
  readonly shelf: RecipeShelf;
  readonly say: (news: MeasureNews) => void;
  readonly tiles: TileSender;
  readonly signal: AbortSignal;
}

export async function measure(
  request: MeasureRequest & { kind: 'measure' },
  { shelf, say, tiles, signal }: MeasureContext,
): Promise<MeasureNews & { kind: 'measured' }> {
  const opened = await shelf.open(request.recipe);
  const { checked, checkpoints } = opened;
  if (checked.diagnostics.some(({ severity }) => severity === 'error'))
    return { kind: 'measured', outcome: 'refused' };
  const step = chooseStep(checked, request.step);
  if (typeof step === 'string') return { kind: 'measured', outcome: 'refused' };
  if (signal.aborted) return { kind: 'measured', outcome: 'stopped' };
  let saidAt = 0;
  const common = {
    checked,
    checkpoints,
    step,
    by: 'column',
    backend: 'wasm',
    threads: request.threads === 0 ? availableParallelism() : request.threads,
    memory: request.memory,
    signal,
    onProgress(progress) {
      const now = performance.now();
      if (now - saidAt < progressEveryMs && progress.tensorsDone < progress.tensors) return;
      saidAt = now;
      say({ kind: 'measuring', ...progress });
    },
  } satisfies Omit<PreviewRequest, 'reading'>;
  const show = async (
    picture: Preview,
    reading: 'sampling' | 'sampled' | 'exact',
    { partial = false }: { readonly partial?: boolean } = {},
  ): Promise<void> => {
    const { models, expectations, read, rows } = picture;
    const cut = tilesOf(rows, tileBytes);
    const figures = { models, expectations, reading, partial, tiles: cut.length };
    const { blocks, ofBlocks } = read;
    say({ kind: 'picture', step: step.name, ...figures, read: { blocks, ofBlocks } });
    await tiles.send(cut, signal);
  };

  if (request.exact) {
    const exact = await preview({ ...common, reading: { kind: 'exact' } });
    if (!exact.ok) return { kind: 'measured', outcome: 'stopped', fault: exact.fault };
    await show(exact.value, 'exact');
    if (!signal.aborted) shelf.keep(request.recipe, footingOf(opened, step.name));
    return ended(signal);
  }
  const first = await firstPicture(common);
  if (first !== undefined) {
    if (!first.ok) return { kind: 'measured', outcome: 'stopped', fault: first.fault };
    await show(first.value, 'sampling', { partial: true });
  }
  const sampled = await preview({ ...common, reading: { kind: 'sample' } });
  if (!sampled.ok) return { kind: 'measured', outcome: 'stopped', fault: sampled.fault };
  await show(sampled.value, sampled.value.read.exact ? 'exact' : 'sampled');
  if (!signal.aborted) shelf.keep(request.recipe, footingOf(opened, step.name));
  return ended(signal);
}

function ended({ aborted }: AbortSignal): MeasureNews & { kind: 'measured' } {
  return { kind: 'measured', outcome: aborted ? 'stopped' : 'whole' };
}
