import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { FloatType } from '../safetensors.ts';
import type { ShapeOptions } from './shape.ts';

export interface LlamaTinyOptions extends ShapeOptions {
  /** The folder that the checkpoints' folders go into. */
  readonly out: string;
  /** How many files the weights of each checkpoint are spread over; 1 unless set. */
  readonly shards?: number | undefined;
  /** BF16 unless set. */
  readonly dtype?: FloatType | undefined;
  /** How many variants of the base; 3 unless set. */
  readonly experts?: number | undefined;
  readonly seed?: number | undefined;
}

export const usage = `Usage: node make.ts [options]
Writes a Llama-shaped base and variants of it.
--parameters SIZE  about how many, like 350k, 1M, 0.37B   (0.9M)
--layers N --hidden N --intermediate N --vocabulary N     (chosen for the size)
--tied             without a head of its own
--experts N        how many variants                      (3)
--shards N         files of each checkpoint               (1)
--dtype bf16|f16|f32                                      (bf16)
--seed N                                                  (0)
--out FOLDER                                              (models, beside the script)`;

const dtypes: Readonly<Record<string, FloatType>> = { bf16: 'BF16', f16: 'F16', f32: 'F32' };

const text = { type: 'string' } as const;

const known = {
  parameters: text,
  layers: text,
  hidden: text,
  intermediate: text,
  vocabulary: text,
  tied: { type: 'boolean' },
  experts: text,
  shards: text,
  dtype: text,
  seed: text,
  out: text,
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof known }>>['values'];

/** The options on the command line, or what is wrong with them. */
export function readOptions(args: readonly string[]): LlamaTinyOptions | string {
  try {
    return optionsOf(parseArgs({ args: [...args], options: known }).values);
  } catch (error) {
    return (error as Error).message;
  }
}

function optionsOf(values: Values): LlamaTinyOptions | string {
  const counts = [
    'layers',
    'hidden',
    'intermediate',
    'vocabulary',
    'experts',
    'shards',
    'seed',
  ] as const;
  const wrong = counts.find((name) => values[name] !== undefined && !/^\d+$/.test(values[name]));
  if (wrong) return `--${wrong} wants a whole number, not ${values[wrong]}.`;
  const zero = counts
    .slice(0, 4)
    .find((name) => values[name] !== undefined && !Number(values[name]));
  if (zero ?? values.shards === '0') return `--${zero ?? 'shards'} must be at least 1.`;
  const dtype = dtypes[values.dtype ?? 'bf16'];
  if (!dtype) return `--dtype is bf16, f16 or f32, not ${values.dtype}.`;
  const size = /^(\d+(?:\.\d+)?)([kMB]?)$/.exec(values.parameters ?? '1M');
  if (!size) return `--parameters wants a size like 350k, 1M or 0.37B, not ${values.parameters}.`;
  const unit = { k: 1e3, M: 1e6, B: 1e9 }[size[2]] ?? 1;
  const count = (name: (typeof counts)[number]): number | undefined =>
    values[name] === undefined ? undefined : Number(values[name]);
  return {
    parameters: values.parameters === undefined ? undefined : Number(size[1]) * unit,
    ...Object.fromEntries(counts.map((name) => [name, count(name)])),
    tied: values.tied,
    dtype,
    out: values.out ?? join(import.meta.dirname, 'models'),
  };
}
