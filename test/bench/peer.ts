/**
 * mergekit on the same models, in a Python that the user names: whole processes, the best of some runs. What it writes goes to a
 * folder beside the models and is removed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measureCommand, type Measured } from './measure-command.ts';
import { atLeast, type BenchRow, cannotJudge } from './rows.ts';
import { type BenchMethod, methodNames, type Setting } from './setting.ts';
import { type BestRuns, secondsText } from './whole-runs.ts';

const timesFaster: Readonly<Record<BenchMethod, number>> = {
  linear: 6,
  task_arithmetic: 6,
  slerp: 6,
  ties: 20,
  dare_ties: 10,
};

export interface Peer {
  /** The Python that has it; nothing where none was named. */
  readonly python: string | undefined;
  readonly runs: number;
}

export async function peerRows(
  setting: Setting,
  best: BestRuns,
  { python, runs }: Peer,
): Promise<readonly BenchRow[]> {
  const group = 'mergekit / this engine with hashes and flush, whole process, warm cache';
  const asked = methodNames.map((method) => ({
    title: `${method}: times faster`,
    bound: atLeast(timesFaster[method]),
  }));
  const why = python === undefined ? 'no --mergekit-python was named' : missing(python);
  if (python === undefined || why !== undefined) return cannotJudge(group, why!, asked);
  const rows: BenchRow[] = [];
  for (const [i, method] of methodNames.entries()) {
    const theirs = await bestOf(runs, () => runPeer(setting, method, python));
    const own = best.get(method)!;
    rows.push({
      group,
      ...asked[i]!,
      value: theirs.wall / own.wall,
      detail: `${secondsText(theirs)} / ${secondsText(own)}`,
    });
  }
  return rows;
}

/** Why that Python cannot be asked; nothing where it has the module. */
export function missing(python: string): string | undefined {
  const found = spawnSync(python, ['-c', 'import mergekit.scripts.run_yaml'], { encoding: 'utf8' });
  if (found.error !== undefined) return `${python} does not start`;
  if (found.status === 0) return undefined;
  const [last] = found.stderr.trim().split('\n').slice(-1);
  return `${python} has no mergekit (${last ?? `it ended with ${found.status}`})`;
}

async function bestOf(runs: number, run: () => Promise<Measured>): Promise<Measured> {
  let best = await run();
  for (let left = runs - 1; left > 0; left -= 1) {
    const next = await run();
    if (next.wall < best.wall) best = next;
  }
  return best;
}

async function runPeer(setting: Setting, method: BenchMethod, python: string): Promise<Measured> {
  const folder = mkdtempSync(join(setting.folder, 'peer-'));
  try {
    const config = join(folder, 'config.yml');
    writeFileSync(config, JSON.stringify(peerConfig(setting, method)));
    const args = ['-m', 'mergekit.scripts.run_yaml', config, join(folder, 'out')];
    return await measureCommand(python, [...args, '--no-copy-tokenizer', '--no-write-model-card']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same merges in that tool's words; JSON is YAML. */
export function peerConfig(setting: Setting, method: BenchMethod): unknown {
  const model = (name: string, parameters: object = {}): object => ({
    model: setting.model(name),
    parameters,
  });
  const experts = (parameters: object): readonly object[] =>
    ['a', 'b', 'c'].map((name) => model(name, parameters));
  const base = { base_model: setting.model('base'), dtype: 'bfloat16' };
  switch (method) {
    case 'linear':
      return {
        merge_method: 'linear',
        dtype: 'bfloat16',
        models: [0.5, 0.3, 0.2].map((weight, i) => model(['a', 'b', 'c'][i]!, { weight })),
      };
    case 'task_arithmetic':
      return {
        merge_method: method,
        ...base,
        models: experts({ weight: 1 }),
        parameters: { lambda: 0.4 },
      };
    case 'slerp':
      return {
        merge_method: 'slerp',
        base_model: setting.model('a'),
        dtype: 'bfloat16',
        models: [model('a'), model('b')],
        parameters: { t: 0.3 },
      };
    case 'ties':
      return { merge_method: method, ...base, models: experts({ weight: 1, density: 0.2 }) };
    case 'dare_ties':
      return { merge_method: method, ...base, models: experts({ weight: 1, density: 0.5 }) };
    default:
      return method satisfies never;
  }
}
