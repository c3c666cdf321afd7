import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readFolder } from '../safetensors.ts';
import { allDigits, imagesOf } from './images.ts';
import type { Part } from './images.ts';
import { classify, networkOf } from './network.ts';

/** How many images a network saw rightly, out of how many it was shown. */
export interface Score {
  readonly correct: number;
  readonly total: number;
  /** `correct / total`, 0..1. */
  readonly accuracy: number;
}

export interface Evaluation {
  /** One score for each digit, 0 first. */
  readonly perDigit: readonly Score[];
  /** Over the images of all digits. */
  readonly overall: Score;
}

/**
 * The accuracy of the checkpoint in this folder (F32, F16 or BF16, in one file or in shards) on the
 * held-out images, or on another part of them. A tensor that is missing or misshapen throws.
 */
export function evaluate(folder: string, part: Part = 'heldOut'): Evaluation {
  const network = networkOf(readFolder(folder));
  const perDigit = allDigits.map((digit) => {
    const images = imagesOf(part, [digit]);
    const correct = images.filter(({ pixels }) => classify(network, pixels) === digit).length;
    return score(correct, images.length);
  });
  const sum = (key: 'correct' | 'total'): number =>
    perDigit.reduce((total, digit) => total + digit[key], 0);
  return { perDigit, overall: score(sum('correct'), sum('total')) };
}

function score(correct: number, total: number): Score {
  return { correct, total, accuracy: correct / total };
}

/** The evaluations as a table: a row for each, accuracies in percent, the best of a column in bold. */
export function tableOf(
  evaluations: ReadonlyMap<string, Evaluation>,
  { bold = false }: { readonly bold?: boolean } = {},
): string {
  const width = Math.max('network'.length, ...[...evaluations.keys()].map(({ length }) => length));
  const columns = [...evaluations.values()].map(({ perDigit, overall }) => [...perDigit, overall]);
  const best = [...allDigits, 'all'].map((_, column) =>
    Math.max(...columns.map((scores) => scores[column].accuracy)),
  );
  const percent = ({ accuracy }: Score, column: number): string => {
    const text = (100 * accuracy).toFixed(1).padStart(6);
    return bold && accuracy === best[column] ? `\u001b[1m${text}\u001b[22m` : text;
  };
  const head = ['network'.padEnd(width), ...[...allDigits, 'all'].map((t) => `${t}`.padStart(6))];
  const rows = [...evaluations.keys()].map((name, row) =>
    [name.padEnd(width), ...columns[row].map(percent)].join(''),
  );
  return [head.join(''), ...rows].join('\n');
}

const usage = `Usage: node evaluate.ts FOLDER… [--json] [--tuning]
Prints each network's accuracy on the held-out images, in percent, by digit and over all.
--json    the counts, as JSON
--tuning  on the images set aside for choosing a recipe's numbers, instead`;

function readArguments() {
  try {
    return parseArgs({
      options: { json: { type: 'boolean' }, tuning: { type: 'boolean' } },
      allowPositionals: true,
    });
  } catch {
    return undefined;
  }
}

function main(): number {
  const given = readArguments();
  if (!given || given.positionals.length === 0) {
    console.error(usage);
    return 2;
  }
  const { values, positionals } = given;
  for (const folder of positionals) {
    const found = ['model.safetensors', 'model.safetensors.index.json'];
    if (found.some((file) => existsSync(join(folder, file)))) continue;
    console.error(`${folder} holds no model.safetensors. Merge into it first, or check the path.`);
    return 1;
  }
  const part = values.tuning ? 'tuning' : 'heldOut';
  const evaluations = new Map(positionals.map((folder) => [folder, evaluate(folder, part)]));
  if (values.json) console.log(JSON.stringify(Object.fromEntries(evaluations), null, 2));
  else console.log(tableOf(evaluations, { bold: process.stdout.isTTY }));
  return 0;
}

if (process.argv[1] === import.meta.filename) process.exitCode = main();
