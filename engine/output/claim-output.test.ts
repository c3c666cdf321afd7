import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { settle, valueOf } from '../faults/fault.ts';
import type { Result } from '../faults/fault.ts';
import { sampleFolder } from '../safetensors/sample-files.ts';
import { claimOutput, inspectOutput } from './claim-output.ts';
import type { ClaimOptions } from './claim-output.ts';
import { nodeFileLayer } from './file-layer.ts';
import type { FileLayer } from './file-layer.ts';
import type { Notice } from './notice.ts';
import type { OutputClaim } from './output-claim.ts';
import { readReport } from './report.ts';
import { sampleReport } from './sample-report.ts';

const root = sampleFolder();
afterAll(() => rmSync(root, { recursive: true }));

const planA = 'a'.repeat(64);
const planB = 'b'.repeat(64);
let made = 0;
let place = '';
let out = '';

beforeEach(() => {
  made += 1;
  place = join(root, `place-${made}`);
  mkdirSync(place);
  out = join(place, 'model');
});

const options = (more: Partial<ClaimOptions> = {}): ClaimOptions => ({
  out,
  planHash: planA,
  ...more,
});

async function claimed(more?: Partial<ClaimOptions>): Promise<OutputClaim> {
  const outcome = valueOf(await claimOutput(options(more)));
  if (outcome.kind !== 'claimed') throw new Error('The output is up to date.');
  return outcome.claim;
}

/** Makes a whole output with one file of this text. */
async function merge(text: string, more: Partial<ClaimOptions> = {}): Promise<readonly Notice[]> {
  const claim = await claimed(more);
  await fill(claim, text);
  valueOf(await claim.seal(sampleReport(more.planHash ?? planA)));
  valueOf(await claim.publish());
  return claim.notices;
}

async function fill(claim: OutputClaim, text: string): Promise<void> {
  const writer = valueOf(await claim.createFile('model.safetensors', text.length));
  await writer.pwrite(Buffer.from(text), 0);
}

/** What stands at the place, with the text of the weights in the output and in what was set aside. */
function standing(): Record<string, string> {
  const weights = (name: string): string => {
    const path = join(place, name, 'model.safetensors');
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };
  return Object.fromEntries(
    readdirSync(place)
      .sort()
      .map((name) => [name, weights(name)]),
  );
}

function expectFault(result: Result<unknown>, code: string, says: RegExp = /./): void {
  expect(result.ok ? 'no fault' : result.fault.code, result.ok ? '' : result.fault.message).toBe(
    code,
  );
  if (result.ok) return;
  expect(result.fault.message).toMatch(says);
  expect(result.fault.help).toMatch(/^[A-Z].*\.$/);
}

const kinds = (notices: readonly Notice[]): string[] => notices.map(({ kind }) => kind);

test('an output gets its name when it is whole, with a report of its files', async () => {
  out = join(place, 'deep/er/model');
  const claim = await claimed({ bytes: 1000 });
  await fill(claim, 'weights');
  valueOf(await claim.writeText('config.json', '{}'));
  const side = join(place, 'tokenizer.json');
  writeFileSync(side, 'x'.repeat(3_000_000));
  valueOf(await claim.carry([{ name: 'tokenizer.json', path: side, size: 3_000_000 }]));
  expect(existsSync(out)).toBe(false);
  expectFault(await claimOutput(options()), 'MW6101');
  valueOf(await claim.seal(sampleReport(planA)));
  expect(existsSync(out)).toBe(false);
  valueOf(await claim.publish());
  expect(readdirSync(out).sort()).toEqual([
    'config.json',
    'mergewright.json',
    'model.safetensors',
    'tokenizer.json',
  ]);
  expect(readFileSync(join(out, 'tokenizer.json')).equals(readFileSync(side))).toBe(true);
  expect(readdirSync(join(place, 'deep/er'))).toEqual(['model']);
  const report = valueOf(await readReport(out));
  expect(report.files).toEqual([
    { name: 'config.json', size: 2 },
    { name: 'model.safetensors', size: 7 },
    { name: 'tokenizer.json', size: 3_000_000 },
  ]);
  expect(claim.notices).toEqual([]);
});

test('a folder of an output comes to the disk with it', async () => {
  const synced: string[] = [];
  const layer: FileLayer = {
    ...nodeFileLayer,
    syncFolder: (path) => {
      synced.push(path);
      return nodeFileLayer.syncFolder(path);
    },
  };
  const claim = await claimed({ layer });
  valueOf(await claim.writeText('in/a.json', '{}'));
  valueOf(await claim.seal(sampleReport(planA)));
  expect(synced).toContain(join(claim.workFolder, 'in'));
  valueOf(await claim.publish());
  expect(readFileSync(join(out, 'in/a.json'), 'utf8')).toBe('{}');
});

test('nothing is written through a link in a work folder', async () => {
  const claim = await claimed();
  mkdirSync(join(place, 'elsewhere'));
  symlinkSync(join(place, 'elsewhere'), join(claim.workFolder, 'in'));
  expectFault(await claim.writeText('in/a.json', '{}'), 'MW6104', /in/);
  expect(readdirSync(join(place, 'elsewhere'))).toEqual([]);
  valueOf(await claim.abandon());
});

test('an abandoned output leaves nothing, not even the folders above it', async () => {
  out = join(place, 'deep/er/model');
  const claim = await claimed();
  await fill(claim, 'weights');
  valueOf(await claim.abandon());
  valueOf(await claim.abandon());
  expect(readdirSync(place)).toEqual([]);
});

test('the same plan is up to date; another needs to be told to overwrite', async () => {
  await merge('one');
  expect(valueOf(await claimOutput(options()))).toMatchObject({
    kind: 'up-to-date',
    report: { planHash: planA },
  });
  expect(valueOf(await inspectOutput(options()))).toMatchObject({ kind: 'up-to-date' });
  expectFault(
    await claimOutput(options({ planHash: planB })),
    'MW6103',
    /made from another recipe/,
  );
  expect(standing()).toEqual({ model: 'one' });
  await merge('two', { planHash: planB, overwrite: true });
  expect(standing()).toEqual({ model: 'two' });
  await merge('three', { planHash: planB, overwrite: true });
  expect(standing()).toEqual({ model: 'three' });
  truncateSync(join(out, 'model.safetensors'), 2);
  expectFault(
    await claimOutput(options({ planHash: planB })),
    'MW6103',
    /"model.safetensors" was changed/,
  );
});

test('somebody else’s files are never replaced', async () => {
  mkdirSync(out);
  await merge('into an empty folder');
  writeFileSync(join(out, 'notes.txt'), 'mine');
  for (const overwrite of [false, true]) {
    expectFault(await claimOutput(options({ overwrite })), 'MW6102', /"notes.txt"/);
    expectFault(await inspectOutput(options({ overwrite })), 'MW6102', /"notes.txt"/);
  }
  rmSync(join(out, 'notes.txt'));
  writeFileSync(join(out, 'mergewright.json'), '{"mark":"mergewright report","files":[]}');
  expectFault(await claimOutput(options({ overwrite: true })), 'MW6102', /no run made/);
  expect(standing()).toEqual({ model: 'into an empty folder' });
});

test('places that cannot be an output', async () => {
  writeFileSync(out, 'a file');
  expectFault(await claimOutput(options()), 'MW6106', /is a file/);
  expectFault(
    await claimOutput(options({ out: join(out, 'below') })),
    'MW6106',
    /stands in the way/,
  );
  expectFault(await claimOutput(options({ out: '/' })), 'MW6106', /is the root of /);
  symlinkSync(join(place, 'nowhere'), join(place, 'link'));
  expectFault(await claimOutput(options({ out: join(place, 'link') })), 'MW6106', /leads nowhere/);
  expect(readdirSync(place).sort()).toEqual(['link', 'model']);
});

test('an output through a link stands where the link leads', async () => {
  mkdirSync(join(place, 'real'));
  symlinkSync(join(place, 'real'), out);
  await merge('linked');
  expect(standing()).toEqual({ model: 'linked', real: 'linked' });
});

test('an input is not replaced', async () => {
  await merge('made by us');
  const inputs = [join(out, 'model.safetensors')];
  expectFault(await claimOutput(options({ planHash: planB, overwrite: true, inputs })), 'MW6105');
  const link = join(place, 'link');
  symlinkSync(out, link);
  expectFault(
    await claimOutput(options({ overwrite: true, inputs: [join(link, 'model.safetensors')] })),
    'MW6105',
  );
});

test('what no run made is left alone where a run needs the place', async () => {
  mkdirSync(`${out}.part`);
  writeFileSync(join(`${out}.part`, 'thesis.txt'), 'mine');
  expectFault(await claimOutput(options()), 'MW6104', /model\.part/);
  rmSync(`${out}.part`, { recursive: true });
  mkdirSync(`${out}.old`);
  writeFileSync(join(`${out}.old`, 'thesis.txt'), 'mine');
  await merge('one');
  expectFault(
    await claimOutput(options({ planHash: planB, overwrite: true })),
    'MW6104',
    /model\.old/,
  );
  expect(readFileSync(join(`${out}.old`, 'thesis.txt'), 'utf8')).toBe('mine');
  expect(standing()).toEqual({ model: 'one', 'model.old': '' });
});

test('an output of another recipe named `<out>.old` is not taken for a replaced one', async () => {
  await merge('a user’s own', { out: `${out}.old`, planHash: planB });
  await merge('one');
  expect(await claimOutput(options())).toMatchObject({
    ok: true,
    value: { kind: 'up-to-date', notices: [] },
  });
  expect(standing()).toEqual({ model: 'one', 'model.old': 'a user’s own' });
}, 10_000);

test('files that came during the run keep the place; the finished model waits beside it', async () => {
  const claim = await claimed();
  await fill(claim, 'finished');
  valueOf(await claim.seal(sampleReport(planA)));
  mkdirSync(out);
  writeFileSync(join(out, 'notes.txt'), 'mine');
  expectFault(
    await claim.publish(),
    'MW6102',
    /came there during the run; the finished model is in .*\.part/,
  );
  rmSync(out, { recursive: true });
  const next = valueOf(await claimOutput(options()));
  expect(next.kind === 'up-to-date' && kinds(next.notices)).toEqual(['swap-finished']);
  expect(standing()).toEqual({ model: 'finished' });
});

test('too little disk is foreseen, with both figures', async () => {
  const layer: FileLayer = { ...nodeFileLayer, freeBytes: () => Promise.resolve(5_000_000_000) };
  expectFault(
    await claimOutput(options({ layer, bytes: 15_200_000_000 })),
    'MW6002',
    /needs 15\.2 GB.*5\.00 GB free/,
  );
  expectFault(await inspectOutput(options({ layer, bytes: 15_200_000_000 })), 'MW6002');
  expectFault(await claimOutput(options({ bytes: 1e18 })), 'MW6002');
  expect(readdirSync(place)).toEqual([]);
});

/** A disk on which the given number of bytes may still be written, or whose named step fails. */
function failingLayer(failure: {
  readonly bytes?: number;
  readonly step?: keyof FileLayer;
  readonly code: string;
}): FileLayer {
  let left = failure.bytes ?? Number.POSITIVE_INFINITY;
  const fail = (): Promise<never> =>
    Promise.reject(Object.assign(new Error(failure.code), { code: failure.code }));
  const layer: FileLayer = {
    ...nodeFileLayer,
    async create(path) {
      const writer = await nodeFileLayer.create(path);
      return {
        path,
        pwrite(bytes, position) {
          left -= bytes.length;
          return left < 0 ? fail() : writer.pwrite(bytes, position);
        },
        truncate: (length) => writer.truncate(length),
        fdatasync: () => writer.fdatasync(),
        close: () => writer.close(),
      };
    },
  };
  return failure.step === undefined ? layer : { ...layer, [failure.step]: fail };
}

test('a disk that fills during the write is one fault, and nothing stands under the final name', async () => {
  await merge('old');
  const layer = failingLayer({ bytes: 10, code: 'ENOSPC' });
  const claim = await claimed({ layer, planHash: planB, overwrite: true });
  const writer = valueOf(await claim.createFile('model.safetensors', 100));
  const written = await settle(() => writer.pwrite(new Uint8Array(11), 0));
  expectFault(written, 'MW6001', /filled up while .*model\.safetensors/);
  await writer.close();
  expectFault(
    await claim.writeText('config.json', 'more than ten bytes'),
    'MW6001',
    /filled up while .*config\.json/,
  );
  valueOf(await claim.abandon());
  expect(standing()).toEqual({ model: 'old' });
  const atReport = await claimed({
    layer: failingLayer({ bytes: 10, code: 'ENOSPC' }),
    planHash: planB,
    overwrite: true,
  });
  await fill(atReport, 'weights');
  const sealed = await atReport.seal(sampleReport(planB));
  expectFault(sealed, 'MW6001', /mergewright\.json/);
  expect(!sealed.ok && sealed.fault.exit).toBe('machine');
  valueOf(await atReport.abandon());
  expect(standing()).toEqual({ model: 'old' });
});

test('a disk that fails when it should sync or rename leaves the old output in its place', async () => {
  await merge('old');
  for (const step of ['syncFile', 'syncFolder', 'rename'] as const) {
    const claim = await claimed({
      layer: failingLayer({ step, code: 'EIO' }),
      planHash: planB,
      overwrite: true,
    });
    await fill(claim, 'new');
    const sealed = await claim.seal(sampleReport(planB));
    if (sealed.ok) expectFault(await claim.publish(), 'MW6004', /EIO/);
    else expectFault(sealed, 'MW6004', /EIO/);
    valueOf(await claim.abandon());
    expect(standing()).toEqual({ model: 'old' });
  }
  let renames = 0;
  const layer: FileLayer = {
    ...nodeFileLayer,
    rename(from, to) {
      renames += 1;
      if (renames === 2) return Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' }));
      return nodeFileLayer.rename(from, to);
    },
  };
  const claim = await claimed({ layer, planHash: planB, overwrite: true });
  await fill(claim, 'new');
  valueOf(await claim.seal(sampleReport(planB)));
  expectFault(await claim.publish(), 'MW6004');
  valueOf(await claim.abandon());
  expect(standing()).toEqual({ model: 'old' });
  expect(await claimOutput(options())).toMatchObject({
    ok: true,
    value: { kind: 'up-to-date', notices: [] },
  });
});

/**
 * Runs a merge in a process of its own and ends it with SIGKILL at a moment: after the claim, in the middle of the files,
 * when sealed, or before the n-th rename of publishing (counted from 0; 2 is after both).
 */
async function killedAt(
  moment: 'claim' | 'files' | 'seal' | `rename ${number}`,
  planHash: string,
): Promise<void> {
  const script = `
    const { claimOutput } = await import(${JSON.stringify(join(import.meta.dirname, 'claim-output.ts'))});
    const { nodeFileLayer } = await import(${JSON.stringify(join(import.meta.dirname, 'file-layer.ts'))});
    const { sampleReport } = await import(${JSON.stringify(join(import.meta.dirname, 'sample-report.ts'))});
    const die = () => process.kill(process.pid, 'SIGKILL');
    const moment = ${JSON.stringify(moment)};
    let renames = 0;
    let published = false;
    const layer = { ...nodeFileLayer,
      async rename(from, to) { if (moment === 'rename ' + renames++) die(); await nodeFileLayer.rename(from, to); published = true; },
      async syncFolder(path) { if (published && moment === 'rename ' + renames && path === ${JSON.stringify(place)}) die(); await nodeFileLayer.syncFolder(path); } };
    const outcome = await claimOutput({ out: ${JSON.stringify(out)}, planHash: ${JSON.stringify(planHash)}, overwrite: true, layer });
    if (moment === 'claim') die();
    const { claim } = outcome.value;
    const writer = (await claim.createFile('model.safetensors', 3)).value;
    if (moment === 'files') die();
    await writer.pwrite(Buffer.from('new'), 0);
    await claim.seal(sampleReport(${JSON.stringify(planHash)}));
    if (moment === 'seal') die();
    await claim.publish();
    process.exit(0);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (text) => (errors += String(text)));
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect(signal, errors).toBe('SIGKILL');
}

test('after a kill before the output is whole, the next run says what it found, clears it and merges', async () => {
  for (const moment of ['claim', 'files'] as const) {
    await killedAt(moment, planA);
    expect(standing()).toEqual({ 'model.lock': '', 'model.part': expect.any(String) as string });
    const notices = await merge('new');
    expect(kinds(notices)).toEqual(['lock-taken-over', 'leftovers-cleared']);
    expect(standing()).toEqual({ model: 'new' });
    rmSync(out, { recursive: true });
  }
});

test('after a kill when the output was whole, the next run of the plan gives it its name', async () => {
  await killedAt('seal', planA);
  expect(kinds(await merge('other', { planHash: planB }))).toEqual([
    'lock-taken-over',
    'leftovers-cleared',
  ]);
  expect(standing()).toEqual({ model: 'other' });
  rmSync(out, { recursive: true });
  await killedAt('rename 0', planA);
  const next = valueOf(await claimOutput(options({ overwrite: true })));
  expect(next.kind === 'up-to-date' && kinds(next.notices)).toEqual([
    'lock-taken-over',
    'swap-finished',
  ]);
  expect(standing()).toEqual({ model: 'new' });
});

test('a half-made swap is finished by the same plan and undone by another', async () => {
  await merge('old', { planHash: planB });
  await killedAt('rename 0', planA);
  expect(standing()).toEqual({ model: 'old', 'model.lock': '', 'model.part': 'new' });
  const kept = valueOf(await claimOutput(options({ planHash: planB })));
  expect(kept.kind === 'up-to-date' && kinds(kept.notices)).toEqual([
    'lock-taken-over',
    'leftovers-cleared',
  ]);
  expect(readdirSync(out).sort()).toEqual(['mergewright.json', 'model.safetensors']);

  await killedAt('rename 1', planA);
  expect(standing()).toEqual({ 'model.lock': '', 'model.old': 'old', 'model.part': 'new' });
  const undone = valueOf(await claimOutput(options({ planHash: planB })));
  expect(undone.kind === 'up-to-date' && kinds(undone.notices)).toEqual([
    'lock-taken-over',
    'swap-undone',
    'leftovers-cleared',
  ]);
  expect(standing()).toEqual({ model: 'old' });

  await killedAt('rename 1', planA);
  const finished = valueOf(await claimOutput(options({ overwrite: true })));
  expect(finished.kind === 'up-to-date' && kinds(finished.notices)).toEqual([
    'lock-taken-over',
    'swap-finished',
    'old-removed',
  ]);
  expect(standing()).toEqual({ model: 'new' });

  await killedAt('rename 2', planB);
  expect(standing()).toEqual({ model: 'new', 'model.lock': '', 'model.old': 'new' });
  const after = valueOf(await claimOutput(options({ planHash: planB })));
  expect(after.kind === 'up-to-date' && kinds(after.notices)).toEqual([
    'lock-taken-over',
    'old-removed',
  ]);
  expect(standing()).toEqual({ model: 'new' });
}, 30_000);

test('files that somebody put into a replaced output are kept', async () => {
  await merge('old', { planHash: planB });
  await killedAt('rename 1', planA);
  writeFileSync(join(`${out}.old`, 'notes.txt'), 'mine');
  const next = valueOf(await claimOutput(options()));
  expect(next.kind === 'up-to-date' && kinds(next.notices)).toEqual([
    'lock-taken-over',
    'swap-finished',
    'old-kept',
  ]);
  expect(readdirSync(`${out}.old`)).toEqual(['notes.txt']);
});

test.each([
  ['a link', (path: string) => symlinkSync(join(place, 'elsewhere'), path)],
  ['a folder', (path: string) => mkdirSync(path)],
])('%s that somebody put into the work folder is no file of the output', async (_, put) => {
  writeFileSync(join(place, 'elsewhere'), 'theirs');
  const claim = await claimed();
  await fill(claim, 'weights');
  put(join(claim.workFolder, 'put-there'));
  expectFault(await claim.seal(sampleReport(planA)), 'MW6104', /put-there.* no run made/);
  expect(readFileSync(join(place, 'elsewhere'), 'utf8')).toBe('theirs');
});
