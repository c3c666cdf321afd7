/** Runs whose GPU fails on the way: the bytes are those of an undisturbed run, and the user is told. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openGpu } from '../../engine/backends/gpu/dawn.ts';
import type { GpuDevice, OpenGpu } from '../../engine/backends/gpu/device.ts';
import { preferSoftwareAdapter } from '../../engine/backends/gpu/software-adapter.ts';
import { testGpu, type TestGpu, type TestGpuOptions } from '../../engine/backends/gpu/test-gpu.ts';
import { isComputed } from '../../engine/formula/derived.ts';
import { valueOf } from '../../engine/faults/fault.ts';
import type { Formula } from '../../engine/formula/node.ts';
import type { BackendShare } from '../../engine/output/report.ts';
import { makePlan } from '../../engine/plan/make-plan.ts';
import { mapPass } from '../../engine/program/passes.ts';
import { openRecipe } from '../../engine/recipe/open-recipe.ts';
import { nodeFiles, type FileAccess } from '../../engine/run/file-access.ts';
import { programOfItem } from '../../engine/run/groups.ts';
import { machineCompute } from '../../engine/run/machine-compute.ts';
import type { RunOptions, RunOutcome } from '../../engine/run/options.ts';
import { plainRun, runRecipe, testFolder, writeRecipe } from '../kit/merge.ts';
import { panelLine, panelRun } from '../kit/panel-line.ts';
import type { TestModel } from '../kit/model.ts';
import { stepped, stored, weights } from '../kit/values.ts';

const output = 'output m to "./out" { dtype = f32 }\n';
/** With figures that are found before anything is mapped. */
const ties = `merge m = ties(base, [a, b], density: 40%)\n${output}`;
const linear = `merge m = linear([base, a, b], weight: [0.2, 0.3, 0.5])\n${output}`;

/** A tensor of so many pieces of 1 MiB, and five small ones. */
function models(pieces: number): Readonly<Record<string, TestModel>> {
  const large = weights(Math.floor(pieces * 262_144), 1);
  const small = weights(4097, 2);
  const model = (seed: number): TestModel => {
    const values = (base: Float32Array): Float32Array => (seed === 0 ? base : stepped(base, seed));
    const smalls = ['a', 'c', 'd', 'e', 'f'].map((name) => [name, stored(values(small), 'BF16')]);
    return { ...Object.fromEntries(smalls), b: stored(values(large), 'BF16') } as TestModel;
  };
  return { base: model(0), a: model(1), b: model(2) };
}

/** Every kernel that a run of the recipe asks of a GPU. */
async function formulasOf(path: string): Promise<readonly Formula[]> {
  const { checked, checkpoints } = valueOf(await openRecipe(path));
  const outputs = checked.outputs.map((output) => ({ output, folder: join(path, '..', 'out') }));
  const plan = valueOf(makePlan({ checked, checkpoints, outputs, engineVersion: 'test' }));
  return plan.outputs.flatMap(({ tensors }) =>
    tensors.flatMap(({ work, dtype }) =>
      work.kind === 'compute' && isComputed(dtype)
        ? [mapPass(programOfItem(work.item), dtype)]
        : [],
    ),
  );
}

type Done = RunOutcome & { readonly kind: 'done' };

async function done(path: string, options: Partial<RunOptions>, open?: OpenGpu): Promise<Done> {
  const all = { ...plainRun, inline: nodeFiles(), ...options };
  const compute = open === undefined ? undefined : machineCompute(all, { openGpu: open });
  const outcome = valueOf(await runRecipe(path, all, compute));
  if (outcome.kind !== 'done') throw new Error(outcome.kind);
  return outcome;
}

const digestOf = ({ outputs }: Done): string => outputs[0]!.report.weightsDigest;
const sharesOf = ({ outputs }: Done): readonly BackendShare[] => outputs[0]!.report.backends;
const told = ({ notices }: Done): readonly string[] => notices.map(({ message }) => message);

/** A run on a GPU that fails as the test says, beside one on WebAssembly. */
async function disturbed(
  options: Omit<TestGpuOptions, 'formulas'>,
  { recipe = ties, pieces = 0.1 } = {},
): Promise<{ readonly gpu: TestGpu; readonly run: Done }> {
  using folder = testFolder();
  const path = writeRecipe(folder.path, models(pieces), recipe);
  const expected = await done(path, { backend: 'wasm' });
  const gpu = testGpu({ ...options, formulas: await formulasOf(path) });
  const run = await done(path, { backend: 'gpu' }, gpu.open);
  expect(digestOf(run)).toBe(digestOf(expected));
  return { gpu, run };
}

test('undisturbed, every slice is the GPU’s', async () => {
  const { run } = await disturbed({});
  expect(sharesOf(run)).toEqual([{ backend: 'gpu', slices: 6, device: 'Test GPU' }]);
  expect(told(run)).toEqual([]);
});

test.each([0, 5])('lost at slice %i: opened anew, nothing is moved', async (at) => {
  const { run, gpu } = await disturbed({ faults: [{ [at]: 'lost' }] });
  expect(sharesOf(run)).toEqual([{ backend: 'gpu', slices: 6, device: 'Test GPU' }]);
  expect(told(run)).toEqual([
    'The GPU (Test GPU) was opened anew and goes on: the device was lost: a test took it.',
  ]);
  expect(gpu.destroyed).toEqual([true, true]);
  expect(gpu.bufferBytes()).toBe(0);
});

test('lost twice: WebAssembly does the rest, and report and notices say why', async () => {
  const { run } = await disturbed({ faults: [{ 2: 'lost' }, { 1: 'internal error' }] });
  const reason = "after it had been opened anew, the GPU refused a kernel: a test's internal error";
  const [onGpu, onCpu] = sharesOf(run);
  expect(onCpu).toMatchObject({ backend: 'wasm' });
  expect(onGpu!.slices + onCpu!.slices).toBe(6);
  expect(onGpu).toMatchObject({ moved: [{ slices: onCpu!.slices, reason }] });
  expect(told(run)).toEqual([
    'The GPU (Test GPU) was opened anew and goes on: the device was lost: a test took it.',
    `The GPU (Test GPU) was given up, and WebAssembly computes the rest: ${reason}.`,
  ]);
});

test('a device that comes back wrong is not trusted', async () => {
  const { run } = await disturbed({ faults: [{ 0: 'lost' }], wrong: [1] });
  expect(sharesOf(run)).toMatchObject([{ slices: 0 }, { backend: 'wasm', slices: 6 }]);
  expect(told(run)).toEqual([expect.stringContaining('failed the exactness probe')]);
});

test('memory that runs out halves the slice', async () => {
  // Three operands of two bytes: of a slice of one piece they take 1.6 MB.
  const large = { recipe: linear, pieces: 1.6 };
  const { run, gpu } = await disturbed({ largestBuffer: 1_700_000 }, large);
  expect(sharesOf(run)).toEqual([{ backend: 'gpu', slices: 7, device: 'Test GPU' }]);
  expect(gpu.slices).toEqual([7]);
  expect(told(run)).toEqual([]);
});

test('memory that runs out for the smallest slice leaves the rest to WebAssembly', async () => {
  const large = { recipe: linear, pieces: 1.6 };
  const { run } = await disturbed({ largestBuffer: 1_000_000 }, large);
  const [onGpu, onCpu] = sharesOf(run);
  expect(onCpu!.slices).toBeGreaterThan(0);
  expect(onGpu).toMatchObject({
    moved: [{ slices: onCpu!.slices, reason: 'the GPU has no memory left for a slice' }],
  });
});

test('a GPU that cannot be opened any more is none, where it is asked for', async () => {
  using folder = testFolder();
  const path = writeRecipe(folder.path, models(0.1), ties);
  const gpu = testGpu({ formulas: [], absent: [0] });
  const all = { ...plainRun, inline: nodeFiles(), backend: 'gpu' } as const;
  const result = await runRecipe(path, all, machineCompute(all, { openGpu: gpu.open }));
  expect(result).toMatchObject({ ok: false, fault: { code: 'MW6203' } });
});

test('in the panel: opened anew once, then given up, and told as everywhere', async () => {
  using folder = testFolder();
  const path = writeRecipe(folder.path, models(0.1), ties);
  const expected = await done(path, { backend: 'wasm' });
  const faults = [{ 1: 'lost' }, { 1: 'map rejected' }] as const;
  const page = testGpu({ faults, formulas: await formulasOf(path) });
  const compute = panelRun({ backend: 'gpu' }, panelLine({ gpu: page.gpu }));
  const run = valueOf(await runRecipe(path, {}, compute));
  if (run.kind !== 'done') throw new Error(run.kind);
  expect(digestOf(run)).toBe(digestOf(expected));
  expect(run.notices.map(({ kind }) => kind)).toEqual(['gpu-reopened', 'gpu-given-up']);
  expect(sharesOf(run)).toMatchObject([{ backend: 'gpu', host: 'panel' }, { backend: 'wasm' }]);
});

test.each(['while it opens', 'while it works'] as const)(
  'a cancel waits for no GPU %s',
  async (when) => {
    using folder = testFolder();
    const path = writeRecipe(folder.path, models(0.1), ties);
    const stop = new AbortController();
    const cancel = (): void => void setImmediate(() => stop.abort());
    const gpu = testGpu({
      formulas: await formulasOf(path),
      faults: [{ 1: 'hang' }],
      onSlice: (_, slice) => slice === 1 && cancel(),
    });
    const open: OpenGpu = async (options, signal) => {
      if (when === 'while it works') return gpu.open(options, signal);
      cancel();
      return new Promise((_, reject) =>
        signal!.addEventListener('abort', () => reject(signal!.reason as Error)),
      );
    };
    const all = { ...plainRun, inline: nodeFiles(), backend: 'gpu', signal: stop.signal } as const;
    const result = await runRecipe(path, all, machineCompute(all, { openGpu: open }));
    expect(valueOf(result).kind).toBe('cancelled');
  },
);

test('the software device, destroyed twice while slices are brought', async () => {
  using folder = testFolder();
  expect(preferSoftwareAdapter()).toBeUndefined();
  const path = writeRecipe(folder.path, models(0.1), linear);
  const expected = await done(path, { backend: 'wasm' });
  const devices: GpuDevice[] = [];
  let readsLeft = Infinity;
  const open: OpenGpu = async (options, signal) => {
    const device = await openGpu(options, signal);
    if ('refused' in device) return device;
    devices.push(device);
    // The third operand of its second slice, or of one beside it.
    readsLeft = 7;
    return device;
  };
  const files = nodeFiles();
  const inline: FileAccess = {
    ...files,
    read(at, into, position) {
      if (--readsLeft === 0) devices.at(-1)!.device.destroy();
      files.read(at, into, position);
    },
  };
  const run = await done(path, { backend: 'gpu', inline }, open);
  expect(digestOf(run)).toBe(digestOf(expected));
  expect(devices).toHaveLength(2);
  expect(run.notices.map(({ kind }) => kind)).toEqual(['gpu-reopened', 'gpu-given-up']);
  const [onGpu, onCpu] = sharesOf(run);
  expect(onGpu).toMatchObject({ backend: 'gpu', moved: [{ slices: onCpu!.slices }] });
});
