/**
 * Whole processes: each method against the same reads, writes, hashes and flush without arithmetic, and those against the
 * system's own tools. The commands take turns, so that a machine whose speed drifts shows in all of them; the best of
 * several runs counts.
 */
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { measureCommand, type Measured } from './measure-command.ts';
import { atMost, type BenchRow, cannotJudge } from './rows.ts';
import {
  type BenchMethod,
  builtCommand,
  clearOutput,
  methodNames,
  type Setting,
  warm,
} from './setting.ts';

export interface WholeRuns {
  readonly backend: string;
  readonly threads: number;
  readonly runs: number;
  readonly coldRuns: number;
}

const againstNone: Readonly<Record<BenchMethod, { readonly warm: number; readonly cold: number }>> =
  {
    linear: { warm: 1.2, cold: 1.15 },
    task_arithmetic: { warm: 1.2, cold: 1.15 },
    slerp: { warm: 1.35, cold: 1.15 },
    ties: { warm: 3, cold: 1.6 },
    dare_ties: { warm: 3, cold: 1.6 },
  };
const noneAgainstTools = 1.1;
const mostMemory = { processor: 300, gpu: 600 };

/** The best whole run of each method, for who compares others with it. */
export type BestRuns = ReadonlyMap<BenchMethod, Measured>;

export async function wholeRuns(
  setting: Setting,
  options: WholeRuns,
): Promise<{ readonly rows: readonly BenchRow[]; readonly best: BestRuns }> {
  const rows: BenchRow[] = [];
  warm(setting);
  const timed = new Turns();
  for (let run = 0; run < options.runs; run += 1) {
    for (const method of methodNames) {
      timed.note(`${method} tools`, await tools(setting, method));
      timed.note(`${method} none`, await merge(setting, method, { ...options, backend: 'none' }));
      timed.note(method, await merge(setting, method, options));
    }
  }
  const group = `whole process, warm cache, ${options.backend}, ${options.threads} threads, best of ${options.runs}`;
  for (const method of methodNames) {
    const [own, none] = [timed.best(method), timed.best(`${method} none`)];
    rows.push({
      group,
      title: `${method} / none`,
      value: own.wall / none.wall,
      bound: atMost(againstNone[method].warm),
      detail: `${secondsText(own)} / ${secondsText(none)}`,
    });
  }
  for (const method of methodNames) {
    const [none, system] = [timed.best(`${method} none`), timed.best(`${method} tools`)];
    rows.push({
      group,
      title: `none / cat, cp and sync (${method})`,
      value: none.wall / system.wall,
      bound: atMost(noneAgainstTools),
      detail: `${secondsText(none)} / ${secondsText(system)}`,
    });
  }
  rows.push(memoryRow(timed, group, options.backend));
  rows.push(...(await coldRows(setting, options)));
  clearOutput(setting);
  return { rows, best: new Map(methodNames.map((method) => [method, timed.best(method)])) };
}

function memoryRow(timed: Turns, group: string, backend: string): BenchRow {
  const peaks = methodNames.map((method) => timed.peak(method));
  const title = 'peak resident memory of any of them';
  const bound = atMost(backend === 'gpu' ? mostMemory.gpu : mostMemory.processor);
  if (peaks.includes(undefined))
    return { group, title, bound, detail: 'cannot be judged here: the system does not tell it' };
  const megabytes = peaks.map((peak) => peak! / 1e6);
  return {
    group,
    title,
    value: Math.max(...megabytes),
    unit: 'MB',
    bound,
    detail: methodNames.map((method, i) => `${method} ${Math.round(megabytes[i]!)}`).join(', '),
  };
}

function coldRows(setting: Setting, options: WholeRuns): Promise<readonly BenchRow[]> {
  const group = `whole process, cold cache, best of ${options.coldRuns} (bounds for a disk of 2 GB/s)`;
  const bounds = {
    linear: againstNone.linear.cold,
    ties: againstNone.ties.cold,
    dare_ties: againstNone.dare_ties.cold,
  };
  return coldAgainstNone(setting, options, { group, bounds });
}

export interface ColdRows {
  readonly group: string;
  /** What each method's run may take at most against one without arithmetic. */
  readonly bounds: Partial<Readonly<Record<BenchMethod, number>>>;
}

/** Runs over files that the system holds nothing of. */
export async function coldAgainstNone(
  setting: Setting,
  options: WholeRuns,
  { group, bounds }: ColdRows,
): Promise<readonly BenchRow[]> {
  const cold = methodNames.filter((method) => bounds[method] !== undefined);
  const asked = cold.map((method) => ({
    title: `${method} / none, cold`,
    bound: atMost(bounds[method]!),
  }));
  if (options.coldRuns === 0) return cannotJudge(group, 'no cold runs were asked for', asked);
  const why = await coolReason(setting);
  if (why !== undefined) return cannotJudge(group, why, asked);
  const timed = new Turns();
  let fastest = 0;
  for (let run = 0; run < options.coldRuns; run += 1) {
    for (const method of cold) {
      const inputs = setting.inputs(method);
      await cool(inputs);
      fastest = Math.max(fastest, await readRate(inputs));
      await cool(inputs);
      timed.note(`${method} none`, await merge(setting, method, { ...options, backend: 'none' }));
      await cool(inputs);
      timed.note(method, await merge(setting, method, options));
    }
  }
  warm(setting);
  return asked.map((row, i) => {
    const method = cold[i]!;
    const [own, none] = [timed.best(method), timed.best(`${method} none`)];
    return {
      group,
      ...row,
      value: own.wall / none.wall,
      detail: `${secondsText(own)} / ${secondsText(none)}; the disk reads up to ${fastest.toFixed(1)} GB/s here`,
    };
  });
}

/** Gigabytes a second. */
async function readRate(paths: readonly string[]): Promise<number> {
  const { wall } = await measureCommand('sh', ['-c', `cat ${quoted(paths)} > /dev/null`]);
  return paths.reduce((sum, path) => sum + statSync(path).size, 0) / wall / 1e9;
}

/** Why files cannot be made cold; nothing where they can. */
async function coolReason(setting: Setting): Promise<string | undefined> {
  try {
    await cool(setting.inputs('slerp'));
    return undefined;
  } catch {
    return 'the system has no way to empty its cache of a file';
  }
}

/** The system forgets what it holds of the files. */
export async function cool(paths: readonly string[]): Promise<void> {
  for (const path of paths)
    await measureCommand('dd', [
      `of=${path}`,
      'oflag=nocache',
      'conv=notrunc,fdatasync',
      'count=0',
    ]);
}

async function merge(
  setting: Setting,
  method: BenchMethod,
  { backend, threads }: { readonly backend: string; readonly threads: number },
): Promise<Measured> {
  clearOutput(setting);
  const flags = ['--overwrite', '--backend', backend, '--threads', String(threads)];
  return measureCommand(process.execPath, [builtCommand, 'run', setting.recipe(method), ...flags]);
}

/** `cat` of the inputs, `cp` of one, and its flush. */
async function tools(setting: Setting, method: BenchMethod): Promise<Measured> {
  const inputs = setting.inputs(method);
  const copy = join(setting.folder, 'copy.safetensors');
  const [first] = inputs;
  const script = `cat ${quoted(inputs)} > /dev/null && cp ${quoted([first!])} ${quoted([copy])} && sync ${quoted([copy])}`;
  try {
    return await measureCommand('sh', ['-c', script]);
  } finally {
    rmSync(copy, { force: true });
  }
}

function quoted(paths: readonly string[]): string {
  return paths.map((path) => `'${path.replaceAll("'", "'\\''")}'`).join(' ');
}

export function secondsText({ wall, cpu }: Measured): string {
  return `${wall.toFixed(2)} s${cpu === undefined ? '' : ` (${cpu.toFixed(2)} of the processor’s)`}`;
}

/** What took turns, by name. */
class Turns {
  readonly #measured = new Map<string, Measured[]>();

  note(name: string, measured: Measured): void {
    this.#measured.set(name, [...(this.#measured.get(name) ?? []), measured]);
  }

  best(name: string): Measured {
    return this.#measured.get(name)!.reduce((least, one) => (one.wall < least.wall ? one : least));
  }

  /** The most of all runs; nothing where one does not tell. */
  peak(name: string): number | undefined {
    const peaks = this.#measured.get(name)!.map(({ peak }) => peak);
    return peaks.includes(undefined) ? undefined : Math.max(...(peaks as number[]));
  }
}
