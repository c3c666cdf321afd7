/**
 * Kills merges at random moments and goes on with them, over the digits and an adapter out of them, a small Llama, and a model of one long tensor: each must
 * end in the bytes of a run that nobody disturbed, with a report that tells whose output it is. `node test/soak/kill.ts [--kills 200] [--seed 1]`; it fails at the first output that differs.
 */
import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { judgePlace } from '../../engine/output/output-folder.ts';
import { reportName } from '../../engine/output/report.ts';
import { makeLlamaTiny } from '../../examples/llama-tiny/make.ts';
import { uniform, words } from '../../examples/random.ts';
import { mergewright, start, until } from '../kit/command.ts';
import { writeRecipe } from '../kit/merge.ts';
import { stepped, stored, weights } from '../kit/values.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
  },
});
const kills = Number(values.kills);
const next = words(Number(values.seed));
const random = (): number => uniform(next);

const root = mkdtempSync(join(tmpdir(), 'mergewright-soak-'));
try {
  await soak();
} finally {
  rmSync(root, { recursive: true, force: true });
}

interface Written {
  readonly recipe: string;
  readonly folder: string;
  readonly memory: string;
}

interface Case extends Written {
  /** SHA-256 of every weights file, by its path under `out`. */
  readonly expected: string;
  /** Milliseconds of an undisturbed run, and of its part after the work folder was there. */
  readonly whole: number;
  readonly working: number;
}

async function soak(): Promise<void> {
  const cases: Case[] = [];
  for (const one of writeRecipes()) cases.push(await undisturbed(one));
  let done = 0;
  let resumed = 0;
  while (done < kills) {
    const one = cases[Math.floor(random() * cases.length)]!;
    let alive = false;
    // A run that is gone on with may be killed again.
    do {
      alive = await killed(one);
      if (!alive) done++;
    } while (!alive && done < kills && random() < 0.4);
    const ended = await mergewright(argsOf(one, '--resume'), { cwd: one.folder });
    if (ended.code !== 0) fail(one, `ended with ${String(ended.code)}: ${ended.err}`);
    if (ended.err.includes('is continued')) resumed++;
    const found = hashes(one.folder);
    if (found !== one.expected) fail(one, `gave other bytes:\n${found}not\n${one.expected}`);
    await proveReports(one);
    clear(one.folder);
    process.stdout.write(`\r${done} kills, ${resumed} runs gone on with`);
  }
  console.log(`\n${done} kills, ${resumed} runs gone on with, each ended in the same bytes`);
}

function fail({ recipe }: Case, what: string): never {
  throw new Error(`${recipe} ${what}`);
}

/** Whether the run came to its end before it was to be killed. */
async function killed(one: Case): Promise<boolean> {
  const { folder, whole, working } = one;
  const run = start(argsOf(one), { cwd: folder });
  if (random() < 0.3) await wait(random() * whole);
  else {
    await until(() => isWorking(folder), run);
    await wait(random() * working);
  }
  run.process.kill('SIGKILL');
  return (await run.ended).signal === null;
}

async function undisturbed(one: Written): Promise<Case> {
  const { folder, recipe } = one;
  const began = performance.now();
  const run = start(argsOf(one), { cwd: folder });
  await until(() => isWorking(folder), run);
  const worked = performance.now();
  const { code, err } = await run.ended;
  const ended = performance.now();
  if (code !== 0) throw new Error(`${recipe}: ${err}`);
  const expected = hashes(folder);
  clear(folder);
  console.log(
    `${recipe}: ${(ended - began).toFixed(0)} ms, working ${(ended - worked).toFixed(0)}`,
  );
  return { ...one, expected, whole: ended - began, working: ended - worked };
}

function argsOf({ recipe, memory }: Written, ...more: readonly string[]): readonly string[] {
  return ['run', recipe, '--backend', 'wasm', '--threads', '2', '--memory', memory, ...more];
}

function isWorking(folder: string): boolean {
  return listed(folder).some((name) => /\.part[/\\]\.mergewright-journal$/.test(name));
}

function hashes(folder: string): string {
  return listed(folder)
    .filter((name) => !name.endsWith('mergewright.json'))
    .map((name) => {
      const path = join(folder, 'out', name);
      return `${name} ${createHash('sha256').update(readFileSync(path)).digest('hex')}\n`;
    })
    .join('');
}

/** Each output is known by its report, which lists its files. */
async function proveReports(one: Case): Promise<void> {
  const reports = listed(one.folder).filter((name) => name.endsWith(reportName));
  for (const name of reports) {
    const out = join(one.folder, 'out', dirname(name));
    const judged = await judgePlace({ out, planHash: '', overwrite: true });
    if (!judged.ok) fail(one, `left what no run would replace: ${judged.fault.message}`);
  }
}

function listed(folder: string): readonly string[] {
  try {
    const entries = readdirSync(join(folder, 'out'), { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 5))
      .sort();
  } catch {
    return [];
  }
}

function clear(folder: string): void {
  rmSync(join(folder, 'out'), { recursive: true, force: true });
}

function writeRecipes(): readonly Written[] {
  const digits = join(root, 'digits');
  cpSync(fileURLToPath(new URL('../../examples/digits/', import.meta.url)), digits, {
    recursive: true,
    filter: (path) => !/[/\\](out|images)$/.test(path),
  });
  const llama = join(root, 'llama');
  mkdirSync(llama);
  makeLlamaTiny({ out: llama, parameters: 12_000_000, shards: 2, experts: 2 });
  const models = 'model base = "./base"\nmodel x = "./expert-1"\nmodel y = "./expert-2"\n';
  const write = (name: string, text: string): void =>
    writeFileSync(join(llama, name), `${models}\n${text}`);
  write('dare.merge', 'merge m = dare_ties(base, [x, y], density: 40%)\noutput m to "./out/m"\n');
  write(
    'whole.merge',
    `merge m = ties(base, [x, y], density: 20%, scope: whole)
merge n = slerp(m, x, t: 0.4)
expect finite(m)
output m to "./out/m" { shards = 8 MB }
output n to "./out/n"
`,
  );
  const long = join(root, 'long');
  const base = weights(9_000_000, 1);
  const model = (fineTune: number) => ({
    long: stored(fineTune === 0 ? base : stepped(base, fineTune), 'BF16'),
  });
  const text = 'merge m = ties(base, [x, y])\nmerge n = average([x, y])';
  const outputs = 'output m to "./out/m"\noutput n to "./out/n"';
  writeRecipe(long, { base: model(0), x: model(1), y: model(2) }, `${text}\n${outputs}`);
  return [
    { folder: digits, recipe: 'digits.merge', memory: '64MB' },
    { folder: digits, recipe: 'chain.merge', memory: '64MB' },
    { folder: digits, recipe: 'lora.merge', memory: '64MB' },
    { folder: llama, recipe: 'dare.merge', memory: '64MB' },
    { folder: llama, recipe: 'whole.merge', memory: '64MB' },
    // A slice is one piece there, and a stretch four.
    { folder: long, recipe: 'test.merge', memory: '14MB' },
  ];
}
