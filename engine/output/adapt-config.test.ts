import { expect, test } from 'vitest';
import { adaptConfig } from './adapt-config.ts';
import { adaptConfigText } from './adapt-config-text.ts';

test('the type is set under the key that stands there, also in towers', () => {
  expect(adaptConfig({ torch_dtype: 'float32' }, { dtype: 'BF16' }).config).toEqual({
    torch_dtype: 'bfloat16',
  });
  expect(
    adaptConfig({ dtype: 'float32', text_config: { dtype: 'float32' } }, { dtype: 'F16' }).config,
  ).toEqual({
    dtype: 'float16',
    text_config: { dtype: 'float16' },
  });
  expect(adaptConfig({}, { dtype: 'F32' }).config).toEqual({ torch_dtype: 'float32' });
  expect(adaptConfig({ a: 1 }, {})).toEqual({ config: { a: 1 }, notes: [] });
  expect(adaptConfig([1], { dtype: 'F32' })).toEqual({ config: [1], notes: [] });
});

test('layer count and per-layer lists follow the new order', () => {
  const config = {
    architectures: ['A', 'B', 'C', 'D'],
    num_hidden_layers: 4,
    layer_types: ['full', 'sliding', 'full', 'linear'],
    no_rope_layers: [1, 0, 1, 0],
    mlp_only_layers: [0, 3],
    eos_token_id: [1, 2, 3, 4],
    rope_scaling: { long_factor: [1, 2, 3, 4] },
  };
  const adapted = adaptConfig(config, { layers: [{ tower: 'text', from: [0, 1, 1, 2, 3, 3] }] });
  expect(adapted).toEqual({
    config: {
      ...config,
      num_hidden_layers: 6,
      layer_types: ['full', 'sliding', 'sliding', 'full', 'linear', 'linear'],
      no_rope_layers: [1, 0, 0, 1, 0, 0],
      mlp_only_layers: [0, 4, 5],
    },
    notes: [],
  });
});

test('a layer that comes from another model brings that model’s entries', () => {
  const base = { num_hidden_layers: 2, layer_types: ['a0', 'a1'] };
  const other = { num_hidden_layers: 3, layer_types: ['b0', 'b1', 'b2'] };
  const from = [0, { layer: 2, configJson: other }, { layer: 1, configJson: {} }];
  expect(adaptConfig(base, { layers: [{ tower: 'text', from }] }).config).toEqual({
    num_hidden_layers: 3,
    layer_types: ['a0', 'b2', 'a1'],
  });
});

test('nested towers, and the two of an encoder with a decoder', () => {
  const config = {
    text_config: { num_hidden_layers: 2, layer_types: ['x', 'y'] },
    vision_config: { num_hidden_layers: 3 },
  };
  const layers = [
    { tower: 'text', from: [1] },
    { tower: 'vision', from: [0, 1, 2, 2] },
  ];
  expect(adaptConfig(config, { layers }).config).toEqual({
    text_config: { num_hidden_layers: 1, layer_types: ['y'] },
    vision_config: { num_hidden_layers: 4 },
  });
  const t5 = { num_layers: 4, num_decoder_layers: 6 };
  expect(adaptConfig(t5, { layers: [{ tower: 'decoder', from: [0, 1] }] }).config).toEqual({
    num_layers: 4,
    num_decoder_layers: 2,
  });
});

test('what cannot follow a new order is noted', () => {
  const note = (config: object, from: number[]): readonly string[] =>
    adaptConfig({ num_hidden_layers: 4, ...config }, { layers: [{ tower: 'text', from }] }).notes;
  expect(note({ sliding_window_pattern: 2 }, [0, 1])).toHaveLength(1);
  expect(note({ sliding_window_pattern: 2 }, [0, 1, 2, 3])).toEqual([]);
  expect(note({ first_k_dense_replace: 1 }, [0, 1, 2])).toEqual([]);
  expect(note({ first_k_dense_replace: 1 }, [0, 1, 0, 2])).toHaveLength(1);
  expect(adaptConfig({}, { layers: [{ tower: 'text', from: [0] }] }).notes).toHaveLength(1);
});

test('a text keeps the spelling of its numbers and the order of its keys', () => {
  const text =
    '{"rope_theta": 10000.0, "eps": 1e-06, "big": 12345678901234567890, "time_step_limit": [0.0, Infinity], "num_hidden_layers": 2, "w": [1.0, 2.50]}';
  expect(
    adaptConfigText(text, { dtype: 'BF16', layers: [{ tower: 'text', from: [1, 0, 1] }] }).text,
  ).toMatchInlineSnapshot(`
    "{
      "rope_theta": 10000.0,
      "eps": 1e-06,
      "big": 12345678901234567890,
      "time_step_limit": [
        0.0,
        Infinity
      ],
      "num_hidden_layers": 3,
      "w": [
        2.50,
        1.0,
        2.50
      ],
      "torch_dtype": "bfloat16"
    }
    "
  `);
});
