/** Small model folders for the tests of the protocol. */
import { join } from 'node:path';
import { tensor, type TestModel, writeModel } from '../kit/model.ts';

export interface SmallShape {
  readonly layers?: number;
  readonly width?: number;
}

/** A model with the names of a known family, a few numbers large. */
export function smallModel({ layers = 2, width = 4 }: SmallShape = {}): TestModel {
  const model: Record<string, TestModel[string]> = {
    'model.embed_tokens.weight': zeros([8, width]),
    'model.norm.weight': zeros([width]),
    'lm_head.weight': zeros([8, width]),
  };
  for (let layer = 0; layer < layers; layer += 1) {
    const prefix = `model.layers.${layer}.`;
    model[`${prefix}input_layernorm.weight`] = zeros([width]);
    model[`${prefix}self_attn.q_proj.weight`] = zeros([width, width]);
    model[`${prefix}mlp.up_proj.weight`] = zeros([2 * width, width]);
  }
  return model;
}

function zeros(shape: readonly number[]): TestModel[string] {
  const count = shape.reduce((product, size) => product * size, 1);
  return tensor(new Float32Array(count), 'BF16', shape);
}

export function writeSmallModel(root: string, name: string, shape?: SmallShape): void {
  const { layers = 2 } = shape ?? {};
  writeModel(join(root, name), smallModel(shape), {
    config: { model_type: 'llama', num_hidden_layers: layers },
  });
}
