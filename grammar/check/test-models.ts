/** Made-up headers for tests: the names and shapes of real families, without weights. */
import { compareNames } from '../places/cut.ts';
import type { DType, ModelConfig, Signature, TensorHeader } from '../places/signature.ts';
import type { HeaderAnswer } from './checked.ts';

export interface LlamaShape {
  readonly layers?: number;
  readonly width?: number;
  readonly vocabulary?: number;
  readonly dtype?: DType;
  /** The head is the embedding. */
  readonly tied?: boolean;
}

export function llama({
  layers = 4,
  width = 8,
  vocabulary = 32,
  dtype = 'BF16',
  tied = false,
}: LlamaShape = {}): Signature {
  const perLayer: readonly (readonly [string, readonly number[]])[] = [
    ['input_layernorm.weight', [width]],
    ['post_attention_layernorm.weight', [width]],
    ...['q', 'k', 'v', 'o'].map((of) => [`self_attn.${of}_proj.weight`, [width, width]] as const),
    ['mlp.gate_proj.weight', [2 * width, width]],
    ['mlp.up_proj.weight', [2 * width, width]],
    ['mlp.down_proj.weight', [width, 2 * width]],
  ];
  const tensors: (readonly [string, readonly number[]])[] = [
    ['model.embed_tokens.weight', [vocabulary, width]],
    ['model.norm.weight', [width]],
    ...(tied ? [] : ([['lm_head.weight', [vocabulary, width]]] as const)),
  ];
  for (let layer = 0; layer < layers; layer++) {
    for (const [rest, shape] of perLayer) tensors.push([`model.layers.${layer}.${rest}`, shape]);
  }
  return signatureOf(
    tensors.map(([name, shape]) => ({ name, shape, dtype })),
    { layerCount: layers, tiedEmbeddings: tied, vocabularySize: vocabulary, modelType: 'llama' },
  );
}

export function signatureOf(tensors: readonly TensorHeader[], config?: ModelConfig): Signature {
  return {
    tensors: [...tensors].sort((a, b) => compareNames(a.name, b.name)),
    ...(config === undefined ? {} : { config }),
  };
}

export function headersFor(
  models: Readonly<Record<string, Signature>>,
  licences: Readonly<Record<string, string>> = {},
): ReadonlyMap<string, HeaderAnswer> {
  return new Map(
    Object.entries(models).map(([name, signature]) => {
      const licence = licences[name];
      const told = licence === undefined ? {} : { licence };
      return [name, { kind: 'signature', signature, ...told }];
    }),
  );
}
