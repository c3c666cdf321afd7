/**
 * `npm run bench`: the engine's speed as ratios within one run, each beside what was promised, and whether that is met. Rows that
 * this machine cannot judge say why. `--parameters 0.02B --runs 1 --cold-runs 1 --memory-size 0` is a quick look.
 */
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildAll } from '../../scripts/build.ts';
import { denseRows } from './dense.ts';
import { deviceRows } from './device.ts';
import { histogramRows } from './histogram-pass.ts';
import { kernelRows } from './kernels.ts';
import { bytesOf, memoryRows } from './memory.ts';
import { peerRows } from './peer.ts';
import { previewRows } from './preview.ts';
import { type BenchRow, tableText, verdictOf } from './rows.ts';
import { gigabytes, makeSetting, root } from './setting.ts';
import { wholeRuns } from './whole-runs.ts';

const { values } = parseArgs({
  options: {
    parameters: { type: 'string', default: '0.37B' },
    runs: { type: 'string', default: '5' },
    'cold-runs': { type: 'string', default: '2' },
    threads: { type: 'string', default: String(availableParallelism()) },
    backend: { type: 'string', default: 'wasm' },
    folder: { type: 'string', default: join(root, '.cache', 'bench') },
    'mergekit-python': { type: 'string' },
    'memory-size': { type: 'string', default: '20GB' },
    json: { type: 'boolean', default: false },
  },
});

const told = (text: string): void => console.error(text);

await buildAll();
const setting = makeSetting({
  parameters: Number.parseFloat(values.parameters) * 1e9,
  folder: join(values.folder, values.parameters),
  onMake: told,
});
const machine = {
  processor: cpus()[0]?.model ?? 'unknown',
  threads: availableParallelism(),
  memory: gigabytes(totalmem()),
  loadBefore: load(),
  models: `a base and three experts of ${(setting.parameters / 1e9).toFixed(3)} B parameters, bf16`,
};
told(
  `${machine.models}; ${machine.processor}, ${machine.threads} threads, ${machine.memory}; load ${machine.loadBefore}`,
);
const rows = await allRows();
const loadAfter = load();
if (values.json) {
  const judged = rows.map((row) => ({ ...row, verdict: verdictOf(row) }));
  console.log(JSON.stringify({ machine: { ...machine, loadAfter }, rows: judged }, null, 2));
} else {
  console.log(`${tableText(rows)}\n`);
  console.log(summary(rows));
  console.log(`load of the machine: ${machine.loadBefore} before, ${loadAfter} after`);
}
process.exitCode = rows.some((row) => verdictOf(row) === 'not met') ? 1 : 0;

async function allRows(): Promise<readonly BenchRow[]> {
  const [runs, coldRuns] = [Number(values.runs), Number(values['cold-runs'])];
  const options = { backend: values.backend, threads: Number(values.threads), runs, coldRuns };
  told('whole runs');
  const whole = await wholeRuns(setting, options);
  told('kernels');
  const kernels = await kernelRows(setting, { runs: 40 * runs });
  const dense = denseRows({ runs: 4 * runs });
  const histograms = await histogramRows(setting, { runs, coldRuns });
  told('preview');
  const preview = await previewRows(setting, runs);
  told('mergekit');
  const peer = await peerRows(setting, whole.best, { python: values['mergekit-python'], runs: 2 });
  const device = await deviceRows(setting, options);
  const size = bytesOf(values['memory-size']);
  const memory = await memoryRows({
    size,
    memory: 256e6,
    folder: setting.folder,
    threads: options.threads,
    onNote: told,
  });
  return [
    ...whole.rows,
    ...kernels,
    ...dense,
    ...histograms,
    ...preview,
    ...peer,
    ...device,
    ...memory,
  ];
}

function summary(all: readonly BenchRow[]): string {
  const count = (verdict: string): number => all.filter((row) => verdictOf(row) === verdict).length;
  return `${count('met')} met, ${count('not met')} not met, ${count('cannot judge')} cannot be judged here`;
}

function load(): string {
  return loadavg()
    .map((average) => average.toFixed(1))
    .join(' ');
}
