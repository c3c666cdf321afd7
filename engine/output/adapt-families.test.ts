/** Configurations of real families, shortened to what a merge may change, through a new order of layers. */
import { expect, test } from 'vitest';
import { adaptConfig, type ConfigChange } from './adapt-config.ts';

/** Four layers in, the last dropped and the first doubled. */
const from = [0, 0, 1, 2];

interface Case {
  readonly config: Readonly<Record<string, unknown>>;
  readonly tower?: string;
  /** What differs afterwards; all else is as before. */
  readonly changed: Readonly<Record<string, unknown>>;
  readonly noted?: readonly string[];
}

const longer = [0, 1, 1, 2, 3];

const families: Readonly<Record<string, Case>> = {
  Llama: {
    config: {
      model_type: 'llama',
      num_hidden_layers: 4,
      num_attention_heads: 4,
      pretraining_tp: 1,
    },
    changed: { num_hidden_layers: 5 },
  },
  'Qwen 2': {
    config: {
      model_type: 'qwen2',
      num_hidden_layers: 4,
      max_window_layers: 4,
      layer_types: ['full_attention', 'full_attention', 'sliding_attention', 'sliding_attention'],
    },
    changed: {
      num_hidden_layers: 5,
      max_window_layers: 5,
      layer_types: [
        'full_attention',
        'full_attention',
        'full_attention',
        'sliding_attention',
        'sliding_attention',
      ],
    },
  },
  'Qwen 3 Next': {
    config: {
      model_type: 'qwen3_next',
      num_hidden_layers: 4,
      mlp_only_layers: [1],
      full_attention_interval: 4,
      layer_types: ['linear', 'linear', 'linear', 'full'],
    },
    changed: {
      num_hidden_layers: 5,
      mlp_only_layers: [1, 2],
      layer_types: ['linear', 'linear', 'linear', 'linear', 'full'],
    },
    noted: ['full_attention_interval'],
  },
  'GPT-2': {
    config: { model_type: 'gpt2', n_layer: 4, n_head: 4, n_embd: 4, task_specific_params: {} },
    changed: { n_layer: 5 },
  },
  'GPT-Neo': {
    config: {
      model_type: 'gpt_neo',
      num_layers: 4,
      attention_layers: ['global', 'local', 'global', 'local'],
      attention_types: [[['global', 'local'], 2]],
    },
    changed: {
      num_layers: 5,
      attention_layers: ['global', 'local', 'local', 'global', 'local'],
    },
    noted: ['attention_types'],
  },
  MPT: { config: { model_type: 'mpt', n_layers: 4 }, changed: { n_layers: 5 } },
  OPT: {
    tower: 'decoder',
    config: { model_type: 'opt', num_hidden_layers: 4, is_encoder_decoder: false },
    changed: { num_hidden_layers: 5 },
  },
  ViT: {
    tower: 'vision',
    config: { model_type: 'vit', num_hidden_layers: 4 },
    changed: { num_hidden_layers: 5 },
  },
  T5: {
    tower: 'decoder',
    config: {
      model_type: 't5',
      num_layers: 4,
      num_decoder_layers: 4,
      is_encoder_decoder: true,
    },
    changed: { num_decoder_layers: 5 },
  },
  Whisper: {
    tower: 'encoder',
    config: {
      model_type: 'whisper',
      encoder_layers: 4,
      decoder_layers: 4,
      num_hidden_layers: 4,
      begin_suppress_tokens: [220, 50256],
      is_encoder_decoder: true,
    },
    changed: { encoder_layers: 5, num_hidden_layers: 5 },
  },
  'Gemma 3': {
    config: {
      model_type: 'gemma3',
      text_config: {
        num_hidden_layers: 4,
        sliding_window_pattern: 2,
        layer_types: ['s', 'f', 's', 'f'],
      },
      vision_config: { num_hidden_layers: 4 },
    },
    changed: {
      text_config: {
        num_hidden_layers: 5,
        sliding_window_pattern: 2,
        layer_types: ['s', 'f', 'f', 's', 'f'],
      },
    },
    noted: ['sliding_window_pattern'],
  },
  'Gemma 3n': {
    config: {
      model_type: 'gemma3n',
      text_config: {
        num_hidden_layers: 4,
        intermediate_size: [8, 16, 16, 8],
        activation_sparsity_pattern: [0.95, 0.95, 0, 0],
        num_kv_shared_layers: 0,
      },
    },
    changed: {
      text_config: {
        num_hidden_layers: 5,
        intermediate_size: [8, 16, 16, 16, 8],
        activation_sparsity_pattern: [0.95, 0.95, 0.95, 0, 0],
        num_kv_shared_layers: 0,
      },
    },
  },
  'Llama 4': {
    config: {
      model_type: 'llama4',
      text_config: {
        num_hidden_layers: 4,
        moe_layers: [1, 3],
        no_rope_layers: [1, 1, 1, 0],
        interleave_moe_layer_step: 2,
      },
    },
    changed: {
      text_config: {
        num_hidden_layers: 5,
        moe_layers: [1, 2, 4],
        no_rope_layers: [1, 1, 1, 1, 0],
        interleave_moe_layer_step: 2,
      },
    },
    noted: ['interleave_moe_layer_step'],
  },
  'DeepSeek V3': {
    config: {
      model_type: 'deepseek_v3',
      num_hidden_layers: 4,
      first_k_dense_replace: 2,
      moe_layer_freq: 1,
    },
    changed: { num_hidden_layers: 5, first_k_dense_replace: 3 },
  },
  Jamba: {
    config: { model_type: 'jamba', num_hidden_layers: 4, attn_layer_period: 4 },
    changed: { num_hidden_layers: 5 },
    noted: ['attn_layer_period'],
  },
  'Nemotron H': {
    config: { model_type: 'nemotron_h', num_hidden_layers: 4, hybrid_override_pattern: 'M-*M' },
    changed: { num_hidden_layers: 5, hybrid_override_pattern: 'M--*M' },
  },
  Zamba: {
    config: {
      model_type: 'zamba2',
      num_hidden_layers: 4,
      hybrid_layer_ids: [2],
      layers_block_type: ['mamba', 'mamba', 'hybrid', 'mamba'],
    },
    changed: {
      num_hidden_layers: 5,
      hybrid_layer_ids: [3],
      layers_block_type: ['mamba', 'mamba', 'mamba', 'hybrid', 'mamba'],
    },
  },
  Mllama: {
    config: {
      model_type: 'mllama',
      text_config: {
        num_hidden_layers: 4,
        cross_attention_layers: [1],
        eos_token_id: [1, 2, 3, 4],
      },
    },
    changed: {
      text_config: {
        num_hidden_layers: 5,
        cross_attention_layers: [1, 2],
        eos_token_id: [1, 2, 3, 4],
      },
    },
  },
};

test.each(Object.entries(families))('%s', (_, { config, tower = 'text', changed, noted = [] }) => {
  const adapted = adaptConfig(config, { layers: [{ tower, from: longer }] });
  expect(adapted.config).toEqual({ ...config, ...changed });
  expect(adapted.notes.map((note) => note.split(' ')[0])).toEqual(noted);
});

test('a shorter tower is as short in its lists', () => {
  const config = { num_hidden_layers: 4, layer_types: ['a', 'b', 'c', 'd'] };
  expect(adaptConfig(config, { layers: [{ tower: 'text', from }] }).config).toEqual({
    num_hidden_layers: 4,
    layer_types: ['a', 'a', 'b', 'c'],
  });
});

test.each<[string, object, ConfigChange, object]>([
  [
    'the vocabulary of the text, and of no other tower',
    { vocab_size: 8, text_config: { vocab_size: 8 }, vq_config: { vocab_size: 3 } },
    { vocabularySize: 10 },
    { vocab_size: 10, text_config: { vocab_size: 10 }, vq_config: { vocab_size: 3 } },
  ],
  [
    'no vocabulary where none is told',
    { text_config: { vocab_size: 8 } },
    { vocabularySize: 10 },
    { text_config: { vocab_size: 10 } },
  ],
  [
    'a head that is its own now',
    { tie_word_embeddings: true, text_config: { tie_word_embeddings: true } },
    { tiedEmbeddings: false },
    { tie_word_embeddings: false, text_config: { tie_word_embeddings: false } },
  ],
  ['a head that is tied now', {}, { tiedEmbeddings: true }, { tie_word_embeddings: true }],
  [
    'dense weights that were packed before',
    { torch_dtype: 'float16', quantization_config: { quant_method: 'gptq' } },
    { dtype: 'BF16' },
    { torch_dtype: 'bfloat16' },
  ],
  [
    'weights that are as packed as before',
    { dtype: 'float8_e4m3fn', quantization_config: { quant_method: 'fp8' } },
    { dtype: 'F8_E4M3' },
    { dtype: 'float8_e4m3fn', quantization_config: { quant_method: 'fp8' } },
  ],
  [
    'a type for each tower',
    { dtype: { text_config: 'float16', '': 'float32' } },
    { dtype: 'F32' },
    { dtype: { text_config: 'float32', '': 'float32' } },
  ],
  [
    'both spellings of the type',
    { dtype: 'float16', torch_dtype: 'float16' },
    { dtype: 'F32' },
    { dtype: 'float32', torch_dtype: 'float32' },
  ],
])('%s', (_, config, change, adapted) =>
  expect(adaptConfig(config, change)).toEqual({ config: adapted, notes: [] }),
);

test('classes of the model’s own are named only where their code goes along', () => {
  const config = { auto_map: { AutoModel: 'modeling_own.Own' } };
  expect(adaptConfig(config, { carriesCode: true })).toEqual({ config, notes: [] });
  expect(adaptConfig(config, {})).toMatchObject({ config: {}, notes: [expect.any(String)] });
});
