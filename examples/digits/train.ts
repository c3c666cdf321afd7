import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { words } from '../random.ts';
import { encodeFile } from '../safetensors.ts';
import { allDigits, imagesOf } from './images.ts';
import type { Image } from './images.ts';
import { tensorsOf } from './network.ts';
import type { Network } from './network.ts';
import { newNetwork, train } from './training.ts';
import type { Schedule, Shape } from './training.ts';

const shape = { hidden: 64, inner: 64, layers: 4 } as const satisfies Shape;

/** Enough to know every digit and to know none of them well. */
const baseSchedule = { epochs: 6, batch: 16, rate: 2e-3 } as const satisfies Schedule;
const expertSchedule = { epochs: 4, batch: 16, rate: 2e-3 } as const satisfies Schedule;

/** What each expert is good at. */
export const experts = { low: [0, 1, 2, 3], mid: [4, 5, 6], high: [7, 8, 9] } as const;

/** An expert sees this many images of each digit that is not its own, so as not to forget them all. */
const remindersPerDigit = 40;

/** The network that all experts start from. */
export function trainBase(): Network {
  return train(newNetwork(shape, words(1)), imagesOf('base'), baseSchedule, words(2));
}

/** The base after more training on some digits. Each expert has a seed of its own. */
export function trainExpert(base: Network, digits: readonly number[], seed: number): Network {
  return train(base, lessonsOf(digits), expertSchedule, words(seed));
}

/** All images of an expert's own digits, and a few of the others. */
export function lessonsOf(digits: readonly number[]): Image[] {
  const others = allDigits.filter((digit) => !digits.includes(digit));
  const reminders = others.flatMap((digit) =>
    imagesOf('expert', [digit]).slice(0, remindersPerDigit),
  );
  return [...imagesOf('expert', digits), ...reminders];
}

function save(network: Network, folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'model.safetensors'), encodeFile(tensorsOf(network)));
  const config = {
    architectures: ['DigitsForClassification'],
    model_type: 'digits-mlp',
    hidden_size: shape.hidden,
    intermediate_size: shape.inner,
    num_hidden_layers: network.layers.length,
    num_labels: allDigits.length,
    tie_word_embeddings: false,
    torch_dtype: 'float32',
  };
  writeFileSync(join(folder, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
  console.log(`Wrote ${folder}`);
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({ options: { out: { type: 'string' } } });
  const out = values.out ?? join(import.meta.dirname, 'models');
  const base = trainBase();
  save(base, join(out, 'base'));
  Object.entries(experts).forEach(([name, digits], i) => {
    save(trainExpert(base, digits, 3 + i), join(out, name));
  });
}
