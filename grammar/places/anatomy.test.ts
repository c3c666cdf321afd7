import { describe, expect, it } from 'vitest';
import { anatomyOf, layersOf, placeOf } from './anatomy.ts';
import { families } from './sample-families.ts';
import type { PartName } from './parts.ts';
import type { Signature } from './signature.ts';

const familyNamed = (name: string): Signature => families.find((of) => of.name === name)!.signature;

describe.each(families)('$name', ({ signature, layers }) => {
  it('has the layers its config says', () => {
    const counts = Object.fromEntries(
      layersOf(signature).map(({ name, layerCount }) => [name, layerCount]),
    );
    expect(counts).toEqual(layers);
  });

  it('drops no tensor', () => {
    expect([...anatomyOf(signature).places.keys()].sort()).toEqual(
      signature.tensors.map(({ name }) => name).sort(),
    );
  });

  it('numbers every layer of every tower', () => {
    for (const { name, layerCount } of layersOf(signature)) {
      const numbers = new Set(
        [...anatomyOf(signature).places.values()]
          .filter((place) => place.tower === name && place.layer !== undefined)
          .map((place) => place.layer),
      );
      expect([...numbers].sort((a, b) => a! - b!)).toEqual(
        Array.from({ length: layerCount }, (_, i) => i),
      );
    }
  });
});

/** Tensors with the tower, layer, part and column they must have. */
const expected: readonly (readonly [
  family: string,
  tensor: string,
  place: readonly [tower: string, layer: number | undefined, part: PartName, column: string],
])[] = [
  ['Llama', 'model.embed_tokens.weight', ['text', undefined, 'embeddings', 'embeddings']],
  ['Llama', 'model.norm.weight', ['text', undefined, 'final_norm', 'final_norm']],
  ['Llama', 'lm_head.weight', ['text', undefined, 'head', 'head']],
  ['Llama', 'model.layers.2.self_attn.k_proj.weight', ['text', 2, 'attention', 'k']],
  ['Llama', 'model.layers.2.mlp.gate_proj.weight', ['text', 2, 'mlp', 'gate']],
  ['Llama', 'model.layers.0.input_layernorm.weight', ['text', 0, 'norms', 'norms']],
  ['Llama', 'model.layers.0.post_attention_layernorm.weight', ['text', 0, 'norms', 'norms']],
  ['Qwen 2', 'model.layers.1.self_attn.q_proj.bias', ['text', 1, 'attention', 'q']],
  ['Qwen 3', 'model.layers.1.self_attn.q_norm.weight', ['text', 1, 'norms', 'norms']],
  ['Qwen 2 MoE', 'model.layers.1.mlp.gate.weight', ['text', 1, 'router', 'router']],
  ['Qwen 2 MoE', 'model.layers.1.mlp.shared_expert_gate.weight', ['text', 1, 'router', 'router']],
  ['Qwen 2 MoE', 'model.layers.1.mlp.experts.3.up_proj.weight', ['text', 1, 'experts', 'up']],
  [
    'Qwen 2 MoE',
    'model.layers.1.mlp.shared_expert.gate_proj.weight',
    ['text', 1, 'experts', 'gate'],
  ],
  ['Mixtral', 'model.layers.0.block_sparse_moe.gate.weight', ['text', 0, 'router', 'router']],
  [
    'Mixtral',
    'model.layers.0.block_sparse_moe.experts.7.w2.weight',
    ['text', 0, 'experts', 'down'],
  ],
  ['Mixtral, fused', 'model.layers.1.mlp.experts.gate_up_proj', ['text', 1, 'experts', 'gate_up']],
  ['Mixtral, fused', 'model.layers.1.mlp.gate.weight', ['text', 1, 'router', 'router']],
  ['Gemma 2', 'model.layers.0.pre_feedforward_layernorm.weight', ['text', 0, 'norms', 'norms']],
  ['GPT-2', 'h.2.attn.c_attn.weight', ['text', 2, 'attention', 'qkv']],
  ['GPT-2', 'h.2.attn.c_proj.bias', ['text', 2, 'attention', 'o']],
  ['GPT-2', 'h.2.mlp.c_proj.weight', ['text', 2, 'mlp', 'down']],
  ['GPT-2', 'h.2.ln_1.weight', ['text', 2, 'norms', 'norms']],
  ['GPT-2', 'wpe.weight', ['text', undefined, 'embeddings', 'embeddings']],
  ['GPT-2', 'ln_f.bias', ['text', undefined, 'final_norm', 'final_norm']],
  ['GPT-NeoX', 'gpt_neox.embed_in.weight', ['text', undefined, 'embeddings', 'embeddings']],
  ['GPT-NeoX', 'embed_out.weight', ['text', undefined, 'head', 'head']],
  ['GPT-NeoX', 'gpt_neox.layers.1.attention.dense.weight', ['text', 1, 'attention', 'o']],
  ['GPT-NeoX', 'gpt_neox.layers.1.mlp.dense_h_to_4h.bias', ['text', 1, 'mlp', 'up']],
  [
    'Falcon',
    'transformer.h.1.self_attention.query_key_value.weight',
    ['text', 1, 'attention', 'qkv'],
  ],
  ['Falcon', 'transformer.h.1.ln_attn.weight', ['text', 1, 'norms', 'norms']],
  ['BERT', 'bert.encoder.layer.1.attention.self.query.weight', ['text', 1, 'attention', 'q']],
  ['BERT', 'bert.encoder.layer.1.attention.output.LayerNorm.bias', ['text', 1, 'norms', 'norms']],
  ['BERT', 'bert.encoder.layer.1.intermediate.dense.weight', ['text', 1, 'mlp', 'up']],
  ['BERT', 'bert.encoder.layer.1.output.dense.weight', ['text', 1, 'mlp', 'down']],
  ['BERT', 'bert.embeddings.LayerNorm.weight', ['text', undefined, 'embeddings', 'embeddings']],
  ['BERT', 'bert.pooler.dense.weight', ['text', undefined, 'other', 'dense']],
  ['BERT', 'classifier.weight', ['text', undefined, 'head', 'head']],
  ['T5', 'encoder.block.1.layer.0.SelfAttention.q.weight', ['encoder', 1, 'attention', 'q']],
  ['T5', 'decoder.block.2.layer.1.EncDecAttention.o.weight', ['decoder', 2, 'attention', 'o']],
  ['T5', 'decoder.block.2.layer.2.DenseReluDense.wi_0.weight', ['decoder', 2, 'mlp', 'gate']],
  ['T5', 'decoder.block.2.layer.2.layer_norm.weight', ['decoder', 2, 'norms', 'norms']],
  ['T5', 'shared.weight', ['text', undefined, 'embeddings', 'embeddings']],
  ['T5', 'decoder.final_layer_norm.weight', ['decoder', undefined, 'final_norm', 'final_norm']],
  ['CLIP', 'vision_model.encoder.layers.2.mlp.fc1.weight', ['vision', 2, 'mlp', 'up']],
  ['CLIP', 'text_model.encoder.layers.1.self_attn.out_proj.bias', ['text', 1, 'attention', 'o']],
  [
    'CLIP',
    'vision_model.embeddings.class_embedding',
    ['vision', undefined, 'embeddings', 'embeddings'],
  ],
  ['CLIP', 'logit_scale', ['text', undefined, 'other', 'logit_scale']],
  ['a vision-language model', 'visual.blocks.2.attn.qkv.weight', ['vision', 2, 'attention', 'qkv']],
  [
    'a vision-language model',
    'visual.merger.ln_q.weight',
    ['projector', undefined, 'norms', 'norms'],
  ],
  ['a vision-language model', 'visual.merger.mlp.0.weight', ['projector', undefined, 'mlp', 'mlp']],
  [
    'a vision-language model',
    'visual.patch_embed.proj.weight',
    ['vision', undefined, 'embeddings', 'embeddings'],
  ],
  ['Mamba', 'backbone.layers.1.mixer.in_proj.weight', ['text', 1, 'mixer', 'in_proj']],
  ['Mamba', 'backbone.layers.1.mixer.A_log', ['text', 1, 'mixer', 'A_log']],
  ['Mamba', 'backbone.layers.1.norm.weight', ['text', 1, 'norms', 'norms']],
  ['Mamba', 'backbone.embeddings.weight', ['text', undefined, 'embeddings', 'embeddings']],
  [
    'Stable Diffusion 1.5',
    'model.diffusion_model.input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight',
    ['unet', 4, 'attention', 'k'],
  ],
  [
    'Stable Diffusion 1.5',
    'model.diffusion_model.middle_block.1.transformer_blocks.0.ff.net.2.weight',
    ['unet', 12, 'mlp', 'net'],
  ],
  [
    'Stable Diffusion 1.5',
    'model.diffusion_model.output_blocks.11.0.in_layers.2.weight',
    ['unet', 24, 'other', 'in_layers'],
  ],
  [
    'Stable Diffusion 1.5',
    'model.diffusion_model.time_embed.0.weight',
    ['unet', undefined, 'other', 'time_embed'],
  ],
  [
    'Stable Diffusion 1.5',
    'cond_stage_model.transformer.text_model.encoder.layers.1.mlp.fc2.bias',
    ['text_encoder', 1, 'mlp', 'down'],
  ],
  [
    'Stable Diffusion 1.5',
    'first_stage_model.encoder.mid.attn_1.q.weight',
    ['vae', undefined, 'attention', 'q'],
  ],
  [
    'Stable Diffusion 1.5',
    'first_stage_model.encoder.down.0.block.1.norm1.bias',
    ['vae', undefined, 'norms', 'norms'],
  ],
];

it.each(expected)('%s: %s', (family, tensor, [tower, layer, part, column]) => {
  const place = placeOf(tensor, familyNamed(family));
  expect([place?.tower, place?.layer, place?.part, place?.column]).toEqual([
    tower,
    layer,
    part,
    column,
  ]);
});

it('names the blocks of a U-Net', () => {
  const unet = layersOf(familyNamed('Stable Diffusion 1.5')).find(({ name }) => name === 'unet');
  expect(unet?.blocks).toHaveLength(25);
  expect([
    unet?.blocks?.[0],
    unet?.blocks?.[11],
    unet?.blocks?.[12],
    unet?.blocks?.[13],
    unet?.blocks?.[24],
  ]).toEqual(['IN00', 'IN11', 'M00', 'OUT00', 'OUT11']);
});

it('takes alike siblings for layers where no block word stands', () => {
  const tensors = [0, 1, 2].flatMap((i) => [
    { name: `net.${i}.bias`, dtype: 'F32' as const, shape: [8] },
    { name: `net.${i}.weight`, dtype: 'F32' as const, shape: [8, 8] },
  ]);
  expect(layersOf({ tensors }).map(({ layerCount }) => layerCount)).toEqual([3]);
  // With a hole in the numbers, or another shape, they are none.
  expect(layersOf({ tensors: tensors.filter(({ name }) => !name.startsWith('net.1')) })).toEqual(
    [],
  );
  const odd = tensors.map((of) => (of.name === 'net.2.weight' ? { ...of, shape: [2, 8] } : of));
  expect(layersOf({ tensors: odd })).toEqual([]);
});

it('keeps a second run of the same kind apart, under one kind', () => {
  const names = [
    ...[0, 1].map(
      (i) => `conditioner.embedders.0.transformer.text_model.encoder.layers.${i}.mlp.fc1.weight`,
    ),
    ...[0, 1, 2].map(
      (i) => `conditioner.embedders.1.model.transformer.resblocks.${i}.mlp.c_fc.weight`,
    ),
  ];
  const tensors = names.map((name) => ({ name, dtype: 'F16' as const, shape: [2, 2] }));
  expect(
    layersOf({ tensors }).map(({ name, kind, layerCount }) => [name, kind, layerCount]),
  ).toEqual([
    ['text_encoder', 'text_encoder', 3],
    ['text_encoder_2', 'text_encoder', 2],
  ]);
});

describe('takes a time that grows with the names, not with their square', () => {
  const within = (tensors: Signature['tensors'], milliseconds: number): void => {
    const start = performance.now();
    anatomyOf({ tensors });
    expect(performance.now() - start).toBeLessThan(milliseconds);
  };

  it('for many layers', () => {
    const tensors = Array.from({ length: 60_000 }, (_, i) => ({
      name: `model.layers.${i}.weight`,
      dtype: 'F32' as const,
      shape: [1],
    }));
    within(tensors, 5000);
  });

  it('for a name of many numbers', () => {
    within([{ name: 'layers.0.'.repeat(20_000), dtype: 'F32', shape: [1] }], 2000);
  });
});
