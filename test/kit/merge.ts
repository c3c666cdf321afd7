import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.ts';
import { openGpu } from '../../engine/backends/gpu/dawn.ts';
import type { OpenGpu } from '../../engine/backends/gpu/device.ts';
import { openCheckpoint } from '../../engine/checkpoints/open-checkpoint.ts';
import { valueOf, type Result } from '../../engine/faults/fault.ts';
import type { MergeReport } from '../../engine/output/report.ts';
import { nodeFiles } from '../../engine/run/file-access.ts';
import { makePlan } from '../../engine/plan/make-plan.ts';
import { openRecipe } from '../../engine/recipe/open-recipe.ts';
import type { RunOptions, RunOutcome } from '../../engine/run/options.ts';
import type { OpenCompute } from '../../engine/run/compute-host.ts';
import { machineCompute } from '../../engine/run/machine-compute.ts';
import { runWith } from '../../engine/run/run-with.ts';
import { valuesOf, writeModel, type TestModel } from './model.ts';

/** A folder of its own for a test, removed at its end: `using folder = testFolder()`. */
export function testFolder(): { readonly path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), 'mergewright-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

let shared: ReturnType<OpenGpu> | undefined;

/** One device for all runs of a file: to open and probe a software one takes longer than most merges. */
const sharedGpu: OpenGpu = async (options, signal) => {
  const known = await shared;
  if (known !== undefined && !('refused' in known) && known.failure() === undefined) return known;
  shared = openGpu(options, signal).then((opened) =>
    'refused' in opened ? opened : { ...opened, close: () => undefined },
  );
  return shared;
};

export const plainRun: RunOptions = {
  backend: 'wasm',
  memory: 256_000_000,
  threads: 1,
  overwrite: true,
  allowNonFinite: false,
  allowSoftwareGpu: true,
  engineVersion: 'test',
  recipe: { text: '' },
};

export interface Merged {
  readonly report: MergeReport;
  /** Values by tensor. */
  readonly tensors: ReadonlyMap<string, readonly number[]>;
  /** Bytes of the output's weights files, by name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Writes each model to `./<name>` of the folder, and declares them all before the recipe's own text. */
export function writeRecipe(
  folder: string,
  models: Readonly<Record<string, TestModel>>,
  recipe: string,
): string {
  for (const [name, model] of Object.entries(models)) writeModel(join(folder, name), model);
  const prelude = Object.keys(models).map((name) => `model ${name} = "./${name}"\n`);
  const path = join(folder, 'test.merge');
  writeFileSync(path, `${prelude.join('')}${recipe}\n`);
  return path;
}

/** Computed by this process, unless somebody else is named. */
export async function runRecipe(
  path: string,
  options: Partial<RunOptions> = {},
  compute?: OpenCompute,
): Promise<Result<RunOutcome>> {
  const opened = valueOf(await openRecipe(path));
  const errors = opened.checked.diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0)
    throw new Error(
      errors.map(({ code, message }: Diagnostic) => `${code}: ${message}`).join('\n'),
    );
  const outputs = opened.checked.outputs.map((output) => ({
    output,
    folder: join(path, '..', output.folder),
  }));
  const plan = valueOf(
    makePlan({
      checked: opened.checked,
      checkpoints: opened.checkpoints,
      besides: opened.besides,
      outputs,
      engineVersion: 'test',
    }),
  );
  // One thread is this one: starting others takes longer than most tests.
  const inline = options.threads === undefined ? { inline: nodeFiles() } : {};
  const all = { ...plainRun, recipe: { text: opened.text }, ...inline, ...options };
  return runWith(compute ?? machineCompute(all, { openGpu: sharedGpu }), plan, all);
}

/** Runs a recipe's text over models in memory, and reads its first output back. */
export async function merge(
  models: Readonly<Record<string, TestModel>>,
  recipe: string,
  options: Partial<RunOptions> = {},
): Promise<Merged> {
  using folder = testFolder();
  const outcome = valueOf(await runRecipe(writeRecipe(folder.path, models, recipe), options));
  if (outcome.kind !== 'done') throw new Error(`the run ended as ${outcome.kind}`);
  const { report, folder: out } = outcome.outputs[0]!;
  return { report, ...(await readOutput(out)) };
}

export async function readOutput(folder: string): Promise<Omit<Merged, 'report'>> {
  const checkpoint = valueOf(await openCheckpoint({ kind: 'local', path: folder }));
  const files = new Map(
    checkpoint.files.map(({ name, path }) => [name, new Uint8Array(readFileSync(path))] as const),
  );
  const tensors = new Map(
    [...checkpoint.tensors].map(([name, { dtype, file, offset, byteLength }]) => {
      const bytes = files.get(checkpoint.files[file]!.name)!.subarray(offset, offset + byteLength);
      return [name, valuesOf(bytes, dtype)] as const;
    }),
  );
  return { files, tensors };
}
