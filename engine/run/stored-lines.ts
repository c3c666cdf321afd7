/** Tensors that are stored, as lines of the output's journal: what is written down, and what is believed of it. */
import { isJsonObject } from '../checkpoints/read-json.ts';
import type { OutputClaim } from '../output/output-claim.ts';
import type { JournalHead, StoredLine } from '../output/journal.ts';
import type { Plan, PlannedOutput, PlannedTensor } from '../plan/plan.ts';
import { pieceCount } from '../safetensors/pieces.ts';
import type { GpuStored, MovedSlices } from './gpu-map.ts';
import { hashOf } from './hash-of.ts';
import type { RunOptions } from './options.ts';

/** What the journal of an output says of the plan that it belongs to. */
export function journalHead(
  plan: Plan,
  output: PlannedOutput,
  { engineVersion, recipe }: Pick<RunOptions, 'engineVersion' | 'recipe'>,
): JournalHead {
  const texts = [recipe.text, ...(recipe.imports ?? []).map(({ path, text }) => [path, text])];
  return {
    mark: 'mergewright journal',
    version: 1,
    planHash: output.hash,
    engineVersion,
    recipeHash: hashOf(texts),
    inputs: plan.inputs,
  };
}

/** A tensor as it was stored: pieces in their order. */
export type StoredTensor = Omit<GpuStored, 'pieces'> & { readonly pieces: readonly Uint8Array[] };

export function storedLine(name: string, { pieces, ...found }: StoredTensor): StoredLine {
  return { kind: 'tensor', name, pieces: pieces.map(base64), found };
}

/** What was written down of a tensor, if it is all that can be; whether the bytes are there is another question. */
export function storedBefore(
  { name, byteLength }: Pick<PlannedTensor, 'name' | 'byteLength'>,
  claim: OutputClaim,
): StoredTensor | undefined {
  const line = claim.resumed?.stored.get(name);
  if (line?.pieces.length !== pieceCount(byteLength)) return undefined;
  const { found } = line;
  if (!isFound(found)) return undefined;
  return { ...found, pieces: line.pieces.map((piece) => Buffer.from(piece, 'base64')) };
}

type Found = Omit<StoredTensor, 'pieces'>;

function isFound(json: unknown): json is Found {
  return (
    isJsonObject(json) &&
    isCount(json.cpuSlices) &&
    isCount(json.gpuSlices) &&
    (json.nonFinite === undefined || isCount(json.nonFinite)) &&
    Array.isArray(json.moved) &&
    json.moved.every(isMoved)
  );
}

function isMoved(json: unknown): json is MovedSlices {
  return isJsonObject(json) && isCount(json.slices) && typeof json.reason === 'string';
}

const isCount = (json: unknown): json is number => Number.isSafeInteger(json) && Number(json) >= 0;

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
