/** A folder with small models and recipes, and the command line run in it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mergewright, type Ended, type Surroundings } from './command.ts';
import { testFolder } from './merge.ts';
import { writeModel, type TestModel } from './model.ts';
import { stepped, stored, weights } from './values.ts';

const width = 8;
const tensorNames = [
  'lm_head.weight',
  'model.embed_tokens.weight',
  'model.layers.0.input_layernorm.weight',
  'model.layers.0.mlp.up_proj.weight',
  'model.layers.0.self_attn.q_proj.weight',
  'model.layers.1.input_layernorm.weight',
  'model.layers.1.mlp.up_proj.weight',
  'model.layers.1.self_attn.q_proj.weight',
  'model.norm.weight',
] as const;

/** Of two layers, in bf16; models of other numbers are fine-tuned from that of number 0. */
export function smallModel(fineTune = 0): TestModel {
  return Object.fromEntries(
    tensorNames.map((name, index) => {
      const shape = name.endsWith('norm.weight') ? [width] : [width, width];
      const base = weights(
        shape.reduce((a, b) => a * b, 1),
        index,
      );
      const values = fineTune === 0 ? base : stepped(base, 97 * fineTune + index);
      return [name, stored(values, 'BF16', shape)];
    }),
  );
}

const config = {
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  num_hidden_layers: 2,
  torch_dtype: 'bfloat16',
  vocab_size: width,
};

export interface Workspace {
  readonly path: string;
  at(...parts: readonly string[]): string;
  write(name: string, text: string): void;
  read(name: string): string;
  has(name: string): boolean;
  /** Everything in it, by relative path, in order. */
  list(): readonly string[];
  run(args: readonly string[], surroundings?: Partial<Surroundings>): Promise<Ended>;
  /** A text of the command line with what differs from run to run made plain. */
  plain(text: string): string;
  [Symbol.dispose](): void;
}

/** Holds `base`, `math` and `code`, and the recipes given. */
export function workspace(recipes: Readonly<Record<string, string>> = {}): Workspace {
  const folder = testFolder();
  ['base', 'math', 'code'].forEach((name, fineTune) =>
    writeModel(join(folder.path, name), smallModel(fineTune), { config }),
  );
  const at = (...parts: readonly string[]): string => join(folder.path, ...parts);
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(at(name)), { recursive: true });
    writeFileSync(at(name), text);
  };
  for (const [name, text] of Object.entries(recipes)) write(name, text);
  return {
    path: folder.path,
    at,
    write,
    read: (name) => readFileSync(at(name), 'utf8'),
    has: (name) => existsSync(at(name)),
    list: () => readdirSync(folder.path, { recursive: true, encoding: 'utf8' }).sort(),
    run: (args, surroundings) => mergewright(args, { cwd: folder.path, ...surroundings }),
    plain: (text) =>
      text
        .replaceAll(folder.path, '<folder>')
        .replace(/\b[0-9a-f]{64}\b/g, '<hash>')
        .replace(/\d+(\.\d+)? s\b/g, '<time>'),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

export const sources = `model base = "./base"
model math = "./math"
model code = "./code"

`;
