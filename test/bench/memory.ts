/**
 * `node test/bench/memory.ts [--size 20GB] [--memory 256MB] [--folder F] [--threads N] [--json]`: models of 1 GB and of 20 GB are
 * merged, and the memory that the run's process had at its peak is held against its budget, and the large model's against
 * the small one's. The models are files of one hole, but outputs are really written: their size is the disk's to give.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseBytes } from '../../client/cli/figures.ts';
import type { MergeReport } from '../../engine/output/report.ts';
import { buildAll } from '../../scripts/build.ts';
import { writeSparseModel } from '../kit/sparse-model.ts';
import { measureCommand } from './measure-command.ts';
import { atMost, type BenchRow, cannotJudge, tableText, verdictOf } from './rows.ts';
import { builtCommand, freeBytes, gigabytes, root } from './setting.ts';

export interface MemoryBench {
  /** Of the large model; less where the disk has less room. */
  readonly size: number;
  /** Of the small model; 1 GB unless given. */
  readonly small?: number;
  /** Given to the run as its budget. */
  readonly memory: number;
  readonly folder: string;
  readonly threads: number;
  readonly onNote?: (text: string) => void;
}

const smallSize = 1e9;
/** What Node and its threads take beside the budget. */
const beside = 250e6;
const mostGrowth = 1.1;
/** Left on the disk for whoever else writes on it. */
const leftFree = 2e9;

const calls = {
  linear: 'linear([a, b], weight: [0.5, 0.5])',
  ties: 'ties(base, [a, b], density: 20%)',
} as const;

export async function memoryRows(options: MemoryBench): Promise<readonly BenchRow[]> {
  const { size, small: smallModel = smallSize, memory, onNote } = options;
  const group = `memory, budget ${Math.round(memory / 1e6)} MB, ${options.threads} threads`;
  if (size === 0)
    return cannotJudge(group, 'no model was asked for', [
      { title: 'peak resident memory', bound: atMost((memory + beside) / 1e6) },
    ]);
  mkdirSync(options.folder, { recursive: true });
  const room = freeBytes(options.folder) - leftFree;
  if (room < smallModel)
    return cannotJudge(group, `the disk has ${gigabytes(Math.max(0, room))} to give`, [
      { title: 'peak resident memory', bound: atMost((memory + beside) / 1e6) },
    ]);
  const large = Math.min(size, room);
  if (large < size)
    onNote?.(`the disk has room for an output of ${gigabytes(large)}, not of ${gigabytes(size)}`);
  const folder = mkdtempSync(join(options.folder, 'memory-'));
  try {
    const rows: BenchRow[] = [];
    for (const method of Object.keys(calls) as (keyof typeof calls)[]) {
      const peaks: number[] = [];
      for (const bytes of large > smallModel ? [smallModel, large] : [smallModel]) {
        const { peak, seconds } = await peakOf(folder, { method, bytes, ...options });
        peaks.push(peak);
        onNote?.(`${method} of ${gigabytes(bytes)}: ${seconds.toFixed(1)} s`);
        rows.push({
          group,
          title: `${method} of ${gigabytes(bytes)}, peak resident`,
          value: peak / 1e6,
          unit: 'MB',
          bound: atMost((memory + beside) / 1e6),
          detail: `one tensor of ${gigabytes(largestOf(bytes))}; ${seconds.toFixed(1)} s`,
        });
      }
      const [small, of] = peaks;
      if (of !== undefined)
        rows.push({
          group,
          title: `${method}, ${gigabytes(large)} / ${gigabytes(smallModel)}`,
          value: of / small!,
          bound: atMost(mostGrowth),
        });
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** More than any budget that is worth the name, so that it must be tiled. */
function largestOf(bytes: number): number {
  return Math.min(1 << 30, bytes / 2);
}

async function peakOf(
  folder: string,
  {
    method,
    bytes,
    memory,
    threads,
  }: {
    readonly method: keyof typeof calls;
    readonly bytes: number;
    readonly memory: number;
    readonly threads: number;
  },
): Promise<{ readonly peak: number; readonly seconds: number }> {
  for (const model of ['base', 'a', 'b'])
    writeSparseModel(join(folder, model), { bytes, largest: largestOf(bytes) });
  const recipe = join(folder, 'm.merge');
  const models = ['base', 'a', 'b'].filter((name) => calls[method].includes(name));
  const lines = models.map((name) => `model ${name} = "./${name}"`);
  writeFileSync(
    recipe,
    [...lines, `merge m = ${calls[method]}`, 'output m to "./out"', ''].join('\n'),
  );
  const out = join(folder, 'out');
  rmSync(out, { recursive: true, force: true });
  const flags = ['--backend', 'wasm', '--memory', `${memory}B`, '--threads', String(threads)];
  const { wall } = await measureCommand(process.execPath, [builtCommand, 'run', recipe, ...flags]);
  const report = JSON.parse(readFileSync(join(out, 'mergewright.json'), 'utf8')) as MergeReport;
  rmSync(out, { recursive: true });
  if (report.peakMemory === undefined) throw new Error('the report tells no peak of the memory');
  return { peak: report.peakMemory, seconds: wall };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      size: { type: 'string', default: '20GB' },
      memory: { type: 'string', default: '256MB' },
      folder: { type: 'string', default: join(root, '.cache', 'bench') },
      threads: { type: 'string', default: String(availableParallelism()) },
      json: { type: 'boolean', default: false },
    },
  });
  await buildAll();
  const rows = await memoryRows({
    size: bytesOf(values.size),
    memory: bytesOf(values.memory),
    folder: values.folder,
    threads: Number(values.threads),
    onNote: (text) => console.error(text),
  });
  console.log(
    values.json
      ? JSON.stringify(
          rows.map((row) => ({ ...row, verdict: verdictOf(row) })),
          null,
          2,
        )
      : tableText(rows),
  );
  process.exitCode = rows.some((row) => verdictOf(row) === 'not met') ? 1 : 0;
}

export function bytesOf(text: string): number {
  const bytes = text === '0' ? 0 : parseBytes(text);
  if (bytes === undefined) throw new Error(`${text} is no size: write one such as 20GB`);
  return bytes;
}

if (import.meta.main) await main();
