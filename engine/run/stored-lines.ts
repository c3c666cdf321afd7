/** Stretches of tensors that are stored, as lines of the output's journal: what is written down, and what is believed of it. */
import { isJsonObject } from '../checkpoints/read-json.ts';
import type { OutputClaim } from '../output/output-claim.ts';
import type { JournalHead, StoredLine } from '../output/journal.ts';
import type { Plan, PlannedOutput, PlannedTensor } from '../plan/plan.ts';
import { pieceBytes, pieceCount } from '../safetensors/pieces.ts';
import { endOf, type ByteStretch } from './byte-stretches.ts';
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

/** A stretch of a tensor as it was stored: pieces in their order. */
export type StoredStretch = ByteStretch & Found & { readonly pieces: readonly Uint8Array[] };

export function storedLine(
  name: string,
  { at, byteLength, pieces, ...found }: StoredStretch,
): StoredLine {
  return { kind: 'stored', name, at, byteLength, pieces: pieces.map(base64), found };
}

/** What was written down of a tensor, as far as it can be; whether the bytes are there is another question. */
export function storedBefore(
  tensor: Pick<PlannedTensor, 'name' | 'byteLength'>,
  claim: OutputClaim,
): readonly StoredStretch[] {
  const lines = claim.resumed?.stored.get(tensor.name)?.values() ?? [];
  return [...lines].flatMap((line) => {
    const { at, byteLength, found } = line;
    if (!isOf(line, tensor) || !isFound(found)) return [];
    const pieces = line.pieces.map((piece) => Buffer.from(piece, 'base64'));
    return [{ ...found, at, byteLength, pieces }];
  });
}

/** Whether whole pieces of the tensor are meant, and each has its hash. */
function isOf(line: StoredLine, { byteLength }: Pick<PlannedTensor, 'byteLength'>): boolean {
  const end = endOf(line);
  return (
    line.at % pieceBytes === 0 &&
    (end === byteLength || (end < byteLength && end % pieceBytes === 0)) &&
    line.pieces.length === pieceCount(line.byteLength)
  );
}

type Found = Omit<GpuStored, 'pieces'>;

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
