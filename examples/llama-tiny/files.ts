import { bytesPerValue } from '../safetensors.ts';
import type { FloatType } from '../safetensors.ts';
import type { LlamaShape } from './shape.ts';

const torchName = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' } as const satisfies Record<
  FloatType,
  string
>;

/** The small files beside the weights of a checkpoint, as text by name. */
export function sideFiles(shape: LlamaShape, dtype: FloatType): Record<string, string> {
  const { layers, hidden, intermediate, vocabulary, tied } = shape;
  const heads = hidden % 64 === 0 ? hidden / 64 : 1;
  const config = {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    hidden_act: 'silu',
    hidden_size: hidden,
    intermediate_size: intermediate,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: heads,
    head_dim: hidden / heads,
    max_position_embeddings: 2048,
    rms_norm_eps: 1e-5,
    rope_theta: 10_000,
    vocab_size: vocabulary,
    bos_token_id: 1,
    eos_token_id: 2,
    tie_word_embeddings: tied,
    torch_dtype: torchName[dtype],
  };
  const generation = { bos_token_id: 1, eos_token_id: 2 };
  const special = { unk_token: '<unk>', bos_token: '<s>', eos_token: '</s>' };
  const files = {
    'config.json': config,
    'generation_config.json': generation,
    'special_tokens_map.json': special,
    'tokenizer_config.json': { tokenizer_class: 'PreTrainedTokenizerFast', ...special },
    'tokenizer.json': byteTokenizer(vocabulary),
  };
  return Object.fromEntries(
    Object.entries(files).map(([name, value]) => [name, `${JSON.stringify(value, null, 2)}\n`]),
  );
}

/** A whole tokenizer that knows the three special tokens and single bytes, as far as there are rows. */
function byteTokenizer(vocabulary: number): unknown {
  const specials = ['<unk>', '<s>', '</s>'].slice(0, vocabulary);
  const bytes = Array.from(
    { length: 256 },
    (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
  );
  const tokens = [...specials, ...bytes].slice(0, vocabulary);
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specials.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: { type: 'ByteFallback' },
    model: {
      type: 'BPE',
      unk_token: '<unk>',
      byte_fallback: true,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: [],
    },
  };
}

/** The tensors of each file: in order, each file up to its even share of the bytes. */
export function splitIntoShards<T extends { readonly shape: readonly number[] }>(
  tensors: readonly T[],
  shards: number,
): T[][] {
  const sizes = tensors.map(({ shape }) => shape.reduce((a, b) => a * b, 1));
  const share = sizes.reduce((a, b) => a + b, 0) / shards;
  const files: T[][] = [[]];
  let total = 0;
  tensors.forEach((tensor, i) => {
    const filesLeft = shards - files.length;
    const tensorsLeft = tensors.length - i;
    const full = total >= files.length * share || tensorsLeft === filesLeft;
    if (filesLeft > 0 && full && files.at(-1)!.length > 0) files.push([]);
    files.at(-1)!.push(tensor);
    total += sizes[i];
  });
  return files;
}

export function shardName(shard: number, shards: number): string {
  if (shards === 1) return 'model.safetensors';
  const five = (count: number): string => `${count}`.padStart(5, '0');
  return `model-${five(shard + 1)}-of-${five(shards)}.safetensors`;
}

/** `model.safetensors.index.json`: which file holds which tensor. */
export function shardIndex(
  files: readonly (readonly { readonly name: string }[])[],
  { parameters, dtype }: { readonly parameters: number; readonly dtype: FloatType },
): string {
  const weightMap = files.flatMap((tensors, shard) =>
    tensors.map(({ name }) => [name, shardName(shard, files.length)] as const),
  );
  const index = {
    metadata: { total_size: parameters * bytesPerValue[dtype], total_parameters: parameters },
    weight_map: Object.fromEntries(weightMap),
  };
  return `${JSON.stringify(index, null, 2)}\n`;
}
