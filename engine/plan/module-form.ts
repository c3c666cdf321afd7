/** How the factors of a tensor lie in an adapter, and what they are called there. */
import type { TensorHeader } from '../../grammar/places/signature.ts';
import type { LaidFactors } from '../adapters/adapter.ts';
import { isTurnedLayer } from '../adapters/turned-layers.ts';
import type { FactorWork } from './planned-adapter.ts';

const embeddingWords =
  /(^|\.)(embed_tokens|wte|wpe|embed_in|shared|tok_embeddings|embed_positions|(word|position|token_type|token|positional)_embeddings?|embeddings?|embed)\.weight$/;

/** How a tensor's factors lie in an adapter; undefined where an adapter has none for it. What adapters say of it comes first. */
export function formOf(
  { name, shape }: TensorHeader,
  [first]: readonly LaidFactors[],
  {
    part,
    modelType,
  }: { readonly part: string | undefined; readonly modelType: string | undefined },
): { readonly isEmbedding: boolean; readonly isTurned: boolean } | undefined {
  if (shape.length > 2)
    return shape.length === 4 || first !== undefined
      ? { isEmbedding: false, isTurned: false }
      : undefined;
  if (shape.length < 2) return undefined;
  const isEmbedding = first?.isEmbedding ?? (part === 'embeddings' && embeddingWords.test(name));
  const isTurned = first?.isTransposed ?? isTurnedLayer(name, modelType) ?? false;
  return { isEmbedding, isTurned: isEmbedding || isTurned };
}

export interface FormedModule {
  readonly work: FactorWork;
  readonly isEmbedding: boolean;
  /** Of the model's tensor. */
  readonly shape: readonly number[];
}

/** The two tensors of a module: what it multiplies by first, and then. */
export function factorHeaders(
  { work, isEmbedding, shape }: FormedModule,
  name: string,
): readonly [TensorHeader, TensorHeader] {
  const { rows, columns, rank, isTurned, dtype } = work;
  const key = `base_model.model.${name}`;
  const [inward, outward] = isTurned ? [rows, columns] : [columns, rows];
  const [down, up] = isEmbedding
    ? [`${key}.lora_embedding_A`, `${key}.lora_embedding_B`]
    : [`${key}.lora_A.weight`, `${key}.lora_B.weight`];
  const [window, ones] =
    shape.length > 2 ? [shape.slice(1), shape.slice(2).map(() => 1)] : [[inward], []];
  return [
    { name: down, dtype, shape: [rank, ...window] },
    { name: up, dtype, shape: [outward, rank, ...ones] },
  ];
}
