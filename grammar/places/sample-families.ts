/**
 * Tensor names of real families, for tests: every name a checkpoint of that family holds, at a small depth.
 * Shapes are made up, alike where the family's are alike.
 */
import type { Signature, TensorHeader } from './signature.ts';

export interface Family {
  readonly name: string;
  readonly signature: Signature;
  /** What its config says: the layers of each tower. */
  readonly layers: Readonly<Record<string, number>>;
}

const headers = (names: readonly string[]): readonly TensorHeader[] =>
  [...names].sort().map((name) => ({ name, dtype: 'BF16', shape: [4, 4] }));

function repeated(count: number, prefix: string, rests: readonly string[]): string[] {
  return Array.from({ length: count }, (_, i) =>
    rests.map((rest) => `${prefix}${i}.${rest}`),
  ).flat();
}

function withBias(names: readonly string[]): string[] {
  return names.flatMap((name) => [`${name}.weight`, `${name}.bias`]);
}

function weights(names: readonly string[]): string[] {
  return names.map((name) => `${name}.weight`);
}

const family = (
  name: string,
  layers: Readonly<Record<string, number>>,
  names: readonly string[],
): Family => ({ name, layers, signature: { tensors: headers(names) } });

const llamaLayer = weights([
  'input_layernorm',
  'post_attention_layernorm',
  'self_attn.q_proj',
  'self_attn.k_proj',
  'self_attn.v_proj',
  'self_attn.o_proj',
  'mlp.gate_proj',
  'mlp.up_proj',
  'mlp.down_proj',
]);

const llamaOutside = ['model.embed_tokens.weight', 'model.norm.weight', 'lm_head.weight'];

const experts = (count: number, prefix: string, names: readonly string[]): string[] =>
  repeated(count, prefix, weights(names));

const attentionOnly = llamaLayer.filter((name) => !name.startsWith('mlp.'));

const clipLayer = withBias([
  'layer_norm1',
  'layer_norm2',
  'self_attn.q_proj',
  'self_attn.k_proj',
  'self_attn.v_proj',
  'self_attn.out_proj',
  'mlp.fc1',
  'mlp.fc2',
]);

const unetTransformer = [
  ...withBias(['norm', 'proj_in', 'proj_out']),
  ...[1, 2].flatMap((i) => [
    ...weights(['to_q', 'to_k', 'to_v']).map((of) => `transformer_blocks.0.attn${i}.${of}`),
    ...withBias([`transformer_blocks.0.attn${i}.to_out.0`]),
  ]),
  ...withBias(['ff.net.0.proj', 'ff.net.2', 'norm1', 'norm2', 'norm3']).map(
    (of) => `transformer_blocks.0.${of}`,
  ),
];

const unetResidual = withBias([
  'in_layers.0',
  'in_layers.2',
  'emb_layers.1',
  'out_layers.0',
  'out_layers.3',
]);

const unetBlock = [
  ...unetResidual.map((of) => `0.${of}`),
  ...unetTransformer.map((of) => `1.${of}`),
];

export const families: readonly Family[] = [
  family('Llama', { text: 3 }, [...repeated(3, 'model.layers.', llamaLayer), ...llamaOutside]),
  family('Qwen 2', { text: 2 }, [
    ...repeated(2, 'model.layers.', [
      ...llamaLayer,
      'self_attn.q_proj.bias',
      'self_attn.k_proj.bias',
      'self_attn.v_proj.bias',
    ]),
    ...llamaOutside,
  ]),
  family('Qwen 3', { text: 2 }, [
    ...repeated(2, 'model.layers.', [
      ...llamaLayer,
      ...weights(['self_attn.q_norm', 'self_attn.k_norm']),
    ]),
    ...llamaOutside,
  ]),
  family('Qwen 2 MoE', { text: 2 }, [
    ...repeated(2, 'model.layers.', [
      ...attentionOnly,
      'mlp.gate.weight',
      'mlp.shared_expert_gate.weight',
      ...weights(['gate_proj', 'up_proj', 'down_proj']).map((of) => `mlp.shared_expert.${of}`),
      ...experts(4, 'mlp.experts.', ['gate_proj', 'up_proj', 'down_proj']),
    ]),
    ...llamaOutside,
  ]),
  family('Mixtral', { text: 2 }, [
    ...repeated(2, 'model.layers.', [
      ...attentionOnly,
      'block_sparse_moe.gate.weight',
      ...experts(8, 'block_sparse_moe.experts.', ['w1', 'w2', 'w3']),
    ]),
    ...llamaOutside,
  ]),
  family('Mixtral, fused', { text: 2 }, [
    ...repeated(2, 'model.layers.', [
      ...attentionOnly,
      'mlp.gate.weight',
      'mlp.experts.gate_up_proj',
      'mlp.experts.down_proj',
    ]),
    ...llamaOutside,
  ]),
  family('Gemma 2', { text: 2 }, [
    ...repeated(2, 'model.layers.', [
      ...llamaLayer,
      ...weights(['pre_feedforward_layernorm', 'post_feedforward_layernorm']),
    ]),
    'model.embed_tokens.weight',
    'model.norm.weight',
  ]),
  family('GPT-2', { text: 3 }, [
    ...repeated(3, 'h.', [
      ...withBias(['ln_1', 'ln_2', 'attn.c_attn', 'attn.c_proj', 'mlp.c_fc', 'mlp.c_proj']),
      'attn.bias',
    ]),
    'wte.weight',
    'wpe.weight',
    ...withBias(['ln_f']),
  ]),
  family('GPT-NeoX', { text: 2 }, [
    ...repeated(2, 'gpt_neox.layers.', [
      ...withBias([
        'input_layernorm',
        'post_attention_layernorm',
        'attention.query_key_value',
        'attention.dense',
        'mlp.dense_h_to_4h',
        'mlp.dense_4h_to_h',
      ]),
      'attention.rotary_emb.inv_freq',
      'attention.masked_bias',
    ]),
    'gpt_neox.embed_in.weight',
    ...withBias(['gpt_neox.final_layer_norm']),
    'embed_out.weight',
  ]),
  family('Falcon', { text: 2 }, [
    ...repeated(2, 'transformer.h.', [
      ...withBias(['ln_attn', 'ln_mlp']),
      ...weights([
        'self_attention.query_key_value',
        'self_attention.dense',
        'mlp.dense_h_to_4h',
        'mlp.dense_4h_to_h',
      ]),
    ]),
    'transformer.word_embeddings.weight',
    ...withBias(['transformer.ln_f']),
    'lm_head.weight',
  ]),
  family('BERT', { text: 2 }, [
    ...repeated(2, 'bert.encoder.layer.', [
      ...withBias([
        'attention.self.query',
        'attention.self.key',
        'attention.self.value',
        'attention.output.dense',
        'attention.output.LayerNorm',
        'intermediate.dense',
        'output.dense',
        'output.LayerNorm',
      ]),
    ]),
    ...weights([
      'bert.embeddings.word_embeddings',
      'bert.embeddings.position_embeddings',
      'bert.embeddings.token_type_embeddings',
    ]),
    ...withBias(['bert.embeddings.LayerNorm', 'bert.pooler.dense', 'classifier']),
  ]),
  family('T5', { encoder: 2, decoder: 3 }, [
    ...repeated(2, 'encoder.block.', [
      ...weights(['q', 'k', 'v', 'o']).map((of) => `layer.0.SelfAttention.${of}`),
      'layer.0.layer_norm.weight',
      ...weights(['wi_0', 'wi_1', 'wo']).map((of) => `layer.1.DenseReluDense.${of}`),
      'layer.1.layer_norm.weight',
    ]),
    'encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight',
    ...repeated(3, 'decoder.block.', [
      ...weights(['q', 'k', 'v', 'o']).map((of) => `layer.0.SelfAttention.${of}`),
      'layer.0.layer_norm.weight',
      ...weights(['q', 'k', 'v', 'o']).map((of) => `layer.1.EncDecAttention.${of}`),
      'layer.1.layer_norm.weight',
      ...weights(['wi_0', 'wi_1', 'wo']).map((of) => `layer.2.DenseReluDense.${of}`),
      'layer.2.layer_norm.weight',
    ]),
    'shared.weight',
    'encoder.final_layer_norm.weight',
    'decoder.final_layer_norm.weight',
    'lm_head.weight',
  ]),
  family('CLIP', { text: 2, vision: 3 }, [
    ...repeated(2, 'text_model.encoder.layers.', clipLayer),
    ...repeated(3, 'vision_model.encoder.layers.', clipLayer),
    ...weights([
      'text_model.embeddings.token_embedding',
      'text_model.embeddings.position_embedding',
    ]),
    ...weights([
      'vision_model.embeddings.patch_embedding',
      'vision_model.embeddings.position_embedding',
    ]),
    'vision_model.embeddings.class_embedding',
    ...withBias([
      'text_model.final_layer_norm',
      'vision_model.pre_layrnorm',
      'vision_model.post_layernorm',
    ]),
    'text_projection.weight',
    'visual_projection.weight',
    'logit_scale',
  ]),
  family('a vision-language model', { text: 2, vision: 3 }, [
    ...repeated(2, 'model.layers.', llamaLayer),
    ...repeated(3, 'visual.blocks.', [
      ...withBias(['attn.qkv', 'attn.proj', 'mlp.fc1', 'mlp.fc2', 'norm1', 'norm2']),
    ]),
    'visual.patch_embed.proj.weight',
    ...withBias(['visual.merger.ln_q', 'visual.merger.mlp.0', 'visual.merger.mlp.2']),
    ...llamaOutside,
  ]),
  family('Mamba', { text: 2 }, [
    ...repeated(2, 'backbone.layers.', [
      'norm.weight',
      'mixer.A_log',
      'mixer.D',
      ...withBias(['mixer.conv1d', 'mixer.dt_proj']),
      ...weights(['mixer.in_proj', 'mixer.x_proj', 'mixer.out_proj']),
    ]),
    'backbone.embeddings.weight',
    'backbone.norm_f.weight',
    'lm_head.weight',
  ]),
  family('Stable Diffusion 1.5', { unet: 25, text_encoder: 2 }, [
    ...withBias(['model.diffusion_model.input_blocks.0.0']),
    ...Array.from({ length: 11 }, (_, i) =>
      unetBlock.map((of) => `model.diffusion_model.input_blocks.${i + 1}.${of}`),
    ).flat(),
    ...unetBlock.map((of) => `model.diffusion_model.middle_block.${of}`),
    ...Array.from({ length: 12 }, (_, i) =>
      unetBlock.map((of) => `model.diffusion_model.output_blocks.${i}.${of}`),
    ).flat(),
    ...withBias([
      'model.diffusion_model.time_embed.0',
      'model.diffusion_model.time_embed.2',
      'model.diffusion_model.out.0',
      'model.diffusion_model.out.2',
    ]),
    ...repeated(2, 'cond_stage_model.transformer.text_model.encoder.layers.', clipLayer),
    'cond_stage_model.transformer.text_model.embeddings.token_embedding.weight',
    ...withBias([
      'cond_stage_model.transformer.text_model.final_layer_norm',
      'first_stage_model.encoder.conv_in',
      'first_stage_model.encoder.down.0.block.0.norm1',
      'first_stage_model.encoder.down.0.block.1.norm1',
      'first_stage_model.encoder.mid.attn_1.q',
      'first_stage_model.post_quant_conv',
    ]),
    'betas',
  ]),
];
