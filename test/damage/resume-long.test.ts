/** Runs that were killed within one long tensor: what of it was written down is kept, and only the rest is made. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { valueOf } from '../../engine/faults/fault.ts';
import { nodeFiles, type FileAccess } from '../../engine/run/file-access.ts';
import type { FinishedOutput, RunOptions } from '../../engine/run/options.ts';
import type { OpenCompute } from '../../engine/run/compute-host.ts';
import { runRecipe, testFolder, writeRecipe } from '../kit/merge.ts';
import { panelRun } from '../kit/panel-line.ts';
import { stepped, stored, weights } from '../kit/values.ts';

const mebi = 1 << 20;
/** The last slice is a short one. */
const bytes = 8 * mebi + 2000;
/** A stretch is four slices, and the third is that short one. */
const stretch = 4 * mebi;

/** What is asked for, how many models are read for each element, and so little memory that a slice is one piece of 1 MiB. */
const recipes = {
  copied: { of: 'x', operands: 1, memory: 7_000_000 },
  averaged: { of: 'average([x, y])', operands: 2, memory: 14_000_000 },
  'with statistics': { of: 'ties(base, [x, y])', operands: 3, memory: 14_000_000 },
  'not finite': { of: 'x + 1e38 * 100 * (x - y)', operands: 2, memory: 14_000_000 },
} as const;
type Recipe = keyof typeof recipes;

const folder = testFolder();
const out = join(folder.path, 'out');
const journal = join(folder.path, 'out.part/.mergewright-journal');
const shard = join(folder.path, 'out.part/model.safetensors');

beforeAll(() => {
  const base = weights(bytes / 2, 1);
  const model = (seed: number) => ({
    long: stored(seed === 0 ? base : stepped(base, seed), 'BF16'),
  });
  writeRecipe(folder.path, { base: model(0), x: model(1), y: model(2) }, '');
});
afterAll(() => folder[Symbol.dispose]());

interface Counted extends FileAccess {
  /** Bytes of the inputs that were read, and of the output that were written. */
  readonly counts: { read: number; written: number };
}

/** Files that count; before the write of this number the program is gone. */
function files(dieBefore = Infinity): Counted {
  const inner = nodeFiles();
  const counts = { read: 0, written: 0 };
  let writes = 0;
  return {
    ...inner,
    counts,
    read(path, into, position) {
      if (!path.startsWith(out)) counts.read += into.length;
      inner.read(path, into, position);
    },
    write(path, part, position) {
      if (writes++ >= dieBefore) throw new Error('killed');
      counts.written += part.length;
      inner.write(path, part, position);
    },
  };
}

function run(recipe: Recipe, options: Partial<RunOptions>, compute?: OpenCompute) {
  const { of, memory } = recipes[recipe];
  const path = join(folder.path, 'r.merge');
  const models = ['base', 'x', 'y'].map((name) => `model ${name} = "./${name}"\n`).join('');
  writeFileSync(path, `${models}merge m = ${of}\noutput m to "./out"\n`);
  return runRecipe(path, { memory, allowNonFinite: true, ...options }, compute);
}

async function done(...asked: Parameters<typeof run>): Promise<FinishedOutput['report']> {
  const outcome = valueOf(await run(...asked));
  if (outcome.kind !== 'done') throw new Error(outcome.kind);
  return outcome.outputs[0]!.report;
}

/** All that two runs of the same tell alike. */
function told({ weightsDigest, checks, tensors, backends }: FinishedOutput['report']) {
  return { weightsDigest, checks, tensors, backends };
}

/** A run that breaks before the write of that number; a slice is one. */
async function die(recipe: Recipe, writes: number): Promise<void> {
  await expect(run(recipe, { inline: files(writes) })).rejects.toThrow('killed');
}

const keptOf = (): readonly number[] =>
  readFileSync(journal, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"stored"'))
    .map((line) => (JSON.parse(line) as { readonly at: number }).at / mebi);

describe.each(Object.keys(recipes) as Recipe[])('a tensor that is %s', (recipe) => {
  let whole: { readonly report: unknown; readonly read: number };
  beforeAll(async () => {
    const inline = files();
    const report = told(await done(recipe, { inline }));
    expect(inline.counts.written).toBe(bytes);
    whole = { report, read: inline.counts.read };
  });

  /** Goes on, and does no more than what is left. */
  const goOn = async (kept: number, options: Partial<RunOptions> = {}): Promise<void> => {
    const inline = files();
    const report = await done(recipe, { inline, ...options });
    expect(told(report)).toEqual(whole.report);
    expect(inline.counts.written).toBe(bytes - kept);
    // What has to be found before the map is found again.
    expect(inline.counts.read).toBe(whole.read - kept * recipes[recipe].operands);
  };

  test('dies before its first stretch is stored', async () => {
    await die(recipe, 3);
    await goOn(0);
  });

  test.each([
    [6, [0]],
    [8, [0, 4]],
  ])('dies before write %i', async (writes, kept) => {
    await die(recipe, writes);
    expect(keptOf()).toEqual(kept);
    await goOn(kept.length * stretch, { resume: true });
  });

  test('dies when all is stored: nothing is computed again, and what is stored is looked at as ever', async () => {
    await dieAtTheEnd(recipe);
    expect(keptOf()).toEqual([0, 4, 8]);
    const inline = files();
    expect(told(await done(recipe, { inline, resume: true }))).toEqual(whole.report);
    expect(inline.counts.written).toBe(0);
    expect(inline.counts.read).toBeLessThan(whole.read - bytes * recipes[recipe].operands + mebi);
  });
});

/** All is stored and written down, and what comes then fails. */
async function dieAtTheEnd(recipe: Recipe): Promise<void> {
  const judge = (): never => {
    throw new Error('killed');
  };
  await expect(run(recipe, { judge })).rejects.toThrow('killed');
}

describe('what is left of an averaged tensor', () => {
  let digest: string;
  beforeAll(async () => void (digest = (await done('averaged', {})).weightsDigest));
  beforeEach(async () => {
    await die('averaged', 8);
    expect(keptOf()).toEqual([0, 4]);
  });

  const written = async (options: Partial<RunOptions> = {}): Promise<number> => {
    const inline = files();
    const report = await done('averaged', { inline, resume: true, ...options });
    expect(report.weightsDigest).toBe(digest);
    return inline.counts.written;
  };

  test('a line that is torn does not count', async () => {
    writeFileSync(journal, readFileSync(journal).subarray(0, -20));
    expect(await written()).toBe(bytes - stretch);
  });

  test('a stretch with other bytes than were written is made again, and only that', async () => {
    const all = readFileSync(shard);
    const body = 8 + Number(all.readBigUInt64LE(0));
    all[body + stretch - 1]! ^= 1;
    writeFileSync(shard, all);
    expect(await written()).toBe(bytes - stretch);
  });

  test('a stretch that was made twice counts once', async () => {
    const lines = readFileSync(journal, 'utf8').split('\n');
    writeFileSync(journal, [...lines.slice(0, -1), ...lines.slice(1)].join('\n'));
    expect(await written()).toBe(bytes - 2 * stretch);
  });

  test('in more memory, where the tensor is not long, the rest is made in one', async () => {
    expect(await written({ memory: 256_000_000 })).toBe(bytes - 2 * stretch);
  });

  test.each([
    ['begins within a piece', '"at":4194304', '"at":4194305'],
    [
      'is longer than the tensor',
      '"at":4194304,"byteLength":4194304',
      '"at":5242880,"byteLength":4194304',
    ],
    ['lies over another', '"at":4194304', '"at":3145728'],
    [
      'has too few hashes',
      '"byteLength":4194304,"pieces":["',
      '"byteLength":4194304,"pieces":[],"x":["',
    ],
  ])('a line that %s does not count', async (_, was, is) => {
    const text = readFileSync(journal, 'utf8');
    const at = text.lastIndexOf(was);
    expect(at).toBeGreaterThan(0);
    writeFileSync(journal, text.slice(0, at) + is + text.slice(at + was.length));
    expect(await written()).toBe(bytes - stretch);
  });

  test.each([
    ['two threads', { threads: 2 }, undefined],
    ['the GPU', { backend: 'gpu' }, undefined],
    ['the panel', {}, panelRun({ backend: 'wasm' })],
  ] as const)('is made by %s', async (_, options, compute) => {
    const report = await done('averaged', { resume: true, ...options }, compute);
    expect(report.weightsDigest).toBe(digest);
    expect(report.backends.reduce((sum, { slices: made }) => sum + made, 0)).toBeGreaterThan(8);
  });
});

test('an infinity in a stretch that is kept is told again, with the same element', async () => {
  const faultOf = async (options: Partial<RunOptions>): Promise<string> => {
    const result = await run('not finite', { allowNonFinite: false, ...options });
    if (result.ok) throw new Error(result.value.kind);
    return result.fault.message;
  };
  const expected = await faultOf({});
  // Every stretch holds some.
  expect(expected).toContain('first at element 0.');
  await die('not finite', 6);
  const inline = files();
  expect(await faultOf({ inline, resume: true })).toBe(expected);
  expect(inline.counts.written).toBe(bytes - stretch);
});

test('a GPU that stops within the tensor leaves what it has written down', async () => {
  const digest = (await done('averaged', {})).weightsDigest;
  await expect(run('averaged', { backend: 'gpu', inline: files(8) })).rejects.toThrow('killed');
  const inline = files();
  const report = await done('averaged', { backend: 'gpu', inline });
  expect(report.weightsDigest).toBe(digest);
  expect(inline.counts.written).toBeLessThanOrEqual(bytes - stretch);
});
