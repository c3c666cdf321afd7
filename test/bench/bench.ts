/**
 * The engine's speed as ratios within one run: each method against the same reads, writes, hashes and flush without
 * arithmetic, and those against the system's own tools. The commands take turns, so that a machine whose speed drifts
 * shows in all of them; the best of several runs counts.
 */
import { mkdirSync, readFileSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { makeLlamaTiny } from '../../examples/llama-tiny/make.ts';
import { llamaShape, parameterCount } from '../../examples/llama-tiny/shape.ts';
import { buildAll } from '../../scripts/build.ts';
import { measureCommand, type Measured } from './measure-command.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values } = parseArgs({
  options: {
    parameters: { type: 'string', default: '0.37B' },
    runs: { type: 'string', default: '5' },
    threads: { type: 'string', default: String(availableParallelism()) },
    backend: { type: 'string', default: 'wasm' },
    folder: { type: 'string', default: join(root, '.cache', 'bench') },
  },
});
const runs = Number(values.runs);
const parameters = Number.parseFloat(values.parameters) * 1e9;
const folder = join(values.folder, values.parameters);

const methods: Readonly<Record<string, string>> = {
  linear: 'linear([a, b, c], weight: [0.5, 0.3, 0.2])',
  task_arithmetic: 'task_arithmetic(base, [a, b, c], scale: 0.4)',
  slerp: 'slerp(a, b, t: 0.3)',
  ties: 'ties(base, [a, b, c], density: 20%)',
  dare_ties: 'dare_ties(base, [a, b, c], density: 50%, seed: 1)',
};
/** What must hold at least: against no arithmetic, and of that against the system's tools. */
const bounds: Readonly<Record<string, number>> = { linear: 1.3, ties: 3.5, tools: 1.25 };

/** Whether the models are there whole: four files of the size that so many parameters have. */
function areMade(): boolean {
  const bytes = 2 * parameterCount(llamaShape({ parameters }));
  return ['base', 'expert-1', 'expert-2', 'expert-3'].every((model) => {
    const size = statSync(weights(model), { throwIfNoEntry: false })?.size ?? 0;
    return size > bytes && size < 1.01 * bytes;
  });
}

function prepare(): void {
  if (!areMade()) {
    mkdirSync(folder, { recursive: true });
    const { bavail, bsize } = statfsSync(folder);
    const needed = parameters * 2 * 6;
    if (bavail * bsize < needed)
      throw new Error(`the models and outputs need ${needed / 1e9} GB at ${folder}`);
    console.log(`making a base and three experts of ${values.parameters} parameters in ${folder}`);
    makeLlamaTiny({
      out: folder,
      parameters,
      experts: 3,
      shards: 1,
      dtype: 'BF16',
    });
  }
  for (const [name, call] of Object.entries(methods)) {
    const models = ['base', 'a', 'b', 'c'].map(
      (model, index) => `model ${model} = "./${index === 0 ? 'base' : `expert-${index}`}"`,
    );
    const used = models.filter((line) => new RegExp(`\\b${line.split(' ')[1]}\\b`).test(call));
    writeFileSync(
      join(folder, `${name}.merge`),
      [...used, `merge merged = ${call}`, 'output merged to "./out"', ''].join('\n'),
    );
  }
}

const weights = (model: string): string => join(folder, model, 'model.safetensors');
const out = join(folder, 'out');

async function merge(method: string, backend: string): Promise<Measured> {
  rmSync(out, { recursive: true, force: true });
  const args = [
    'run',
    join(folder, `${method}.merge`),
    '--overwrite',
    '--backend',
    backend,
    '--threads',
    values.threads,
  ];
  return measureCommand(process.execPath, [join(root, 'dist', 'mergewright.mjs'), ...args]);
}

/** The models that a method's call names, by their folders. */
function inputsOf(call: string): readonly string[] {
  const folders: Readonly<Record<string, string>> = {
    base: 'base',
    a: 'expert-1',
    b: 'expert-2',
    c: 'expert-3',
  };
  return Object.keys(folders).flatMap((model) =>
    new RegExp(`\\b${model}\\b`).test(call) ? [folders[model]!] : [],
  );
}

/** `cat` of the inputs, `cp` of one, and its flush. */
async function tools(models: readonly string[]): Promise<Measured> {
  const copy = join(folder, 'copy.safetensors');
  const inputs = models.map(weights).join(' ');
  return measureCommand('sh', [
    '-c',
    `cat ${inputs} > /dev/null && cp ${weights('base')} ${copy} && sync ${copy} && rm ${copy}`,
  ]);
}

function best(all: readonly Measured[] | undefined): Measured {
  return all!.reduce((least, one) => (one.wall < least.wall ? one : least));
}

function warm(): void {
  for (const model of ['base', 'expert-1', 'expert-2', 'expert-3']) readFileSync(weights(model));
}

function load(): string {
  return `load ${loadavg()
    .map((average) => average.toFixed(1))
    .join(' ')}`;
}

function digits(value: number | undefined): string {
  return value === undefined ? '–' : value.toFixed(2);
}

await buildAll();
prepare();
warm();
console.log(
  `a base and three experts of ${(parameterCount(llamaShape({ parameters })) / 1e9).toFixed(3)} B parameters each, bf16`,
);
console.log(
  `${cpus()[0]?.model}, ${availableParallelism()} threads, ${Math.round(totalmem() / 1e9)} GB; ${load()}`,
);
const timed = new Map<string, Measured[]>();
const note = (name: string, measured: Measured): void =>
  void timed.set(name, [...(timed.get(name) ?? []), measured]);
for (let run = 0; run < runs; run++) {
  for (const [name, call] of Object.entries(methods)) {
    note(`${name} tools`, await tools(inputsOf(call)));
    note(`${name} none`, await merge(name, 'none'));
    note(name, await merge(name, values.backend));
  }
}
console.log(`best of ${runs}, ${values.backend}, ${values.threads} threads; ${load()}`);
console.log(
  'method            wall s   none s  ratio  bound    cpu s  peak MB  tools s  none/tools  bound',
);
for (const name of Object.keys(methods)) {
  const merged = best(timed.get(name));
  const none = best(timed.get(`${name} none`));
  const system = best(timed.get(`${name} tools`));
  const peak = merged.peak === undefined ? '–' : String(Math.round(merged.peak / 1e6));
  console.log(
    [
      name.padEnd(16),
      digits(merged.wall).padStart(7),
      digits(none.wall).padStart(8),
      digits(merged.wall / none.wall).padStart(6),
      digits(bounds[name]).padStart(6),
      digits(merged.cpu).padStart(8),
      peak.padStart(8),
      digits(system.wall).padStart(8),
      digits(none.wall / system.wall).padStart(11),
      digits(bounds.tools).padStart(6),
    ].join(' '),
  );
}
console.log(
  'none: the same reads, writes, hashes and flush; tools: cat of the inputs, cp of one file and its sync',
);
rmSync(out, { recursive: true, force: true });
