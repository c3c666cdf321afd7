/** Runs that are killed, cancelled, or meet another. */
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { start, until, type Started } from '../kit/command.ts';
import { writeLargeModel } from '../kit/model.ts';
import { expectOneError } from '../kit/one-error.ts';
import { sources, workspace, type Workspace } from '../kit/workspace.ts';

const recipe = `${sources}merge m = ties(base, [math, code])
merge n = slerp(math, code, t: 0.5)
output m to "./out/m"
output n to "./out/n"
`;

/** Models of so many MiB: with eight of them the oracle is busy for seconds. */
function slowWorkspace(pieces = 8): Workspace {
  const folder = workspace({ 'm.merge': recipe });
  ['base', 'math', 'code'].forEach((name, fineTune) => {
    const values = Float32Array.from({ length: 1 << 18 }, (_, i) => Math.sin(i + fineTune));
    const piece = new Uint8Array(values.buffer);
    writeLargeModel(folder.at(name), {
      name: 'w',
      dtype: 'F32',
      shape: [pieces << 18],
      pieces,
      piece,
    });
  });
  return folder;
}

const slowly = ['run', 'm.merge', '--backend', 'oracle', '--memory', '16MB'];

/** Starts a run that takes its time, and waits until it writes. */
async function begin(folder: Workspace, args: readonly string[] = slowly): Promise<Started> {
  const run = start(args, { cwd: folder.path, env: { MERGEWRIGHT_SOFTWARE_GPU: '1' } });
  await until(() => folder.has('out/n.part/model.safetensors'), run);
  return run;
}

test('after kill -9 the next run says what it found, clears it and merges', async () => {
  using folder = slowWorkspace();
  const before = folder.list();
  const run = await begin(folder);
  run.process.kill('SIGKILL');
  expect(await run.ended).toMatchObject({ signal: 'SIGKILL' });
  expect(folder.list()).toEqual(
    expect.arrayContaining(['out/m.lock', 'out/m.part', 'out/n.lock', 'out/n.part']),
  );

  const { code, err } = await folder.run(['run', 'm.merge']);
  expect(
    folder
      .plain(err)
      .replaceAll(String(run.process.pid), '<pid>')
      .replace(/since [^)]*/g, 'since <then>'),
  ).toMatchInlineSnapshot(`
    "note: Process <pid> (since <then>) ended without giving back <folder>/out/m.lock; its lock was taken over.
    note: An earlier run was killed before its output was whole; its work folder <folder>/out/m.part was removed.
    note: Process <pid> (since <then>) ended without giving back <folder>/out/n.lock; its lock was taken over.
    note: An earlier run was killed before its output was whole; its work folder <folder>/out/n.part was removed.
    "
  `);
  expect(code).toBe(0);
  expect(folder.list().filter((name) => !before.includes(name))).toEqual([
    'out',
    'out/m',
    'out/m/config.json',
    'out/m/mergewright.json',
    'out/m/model.safetensors',
    'out/n',
    'out/n/config.json',
    'out/n/mergewright.json',
    'out/n/model.safetensors',
  ]);
});

test.each([
  { what: 'the oracle', args: slowly, pieces: 8, after: 300 },
  { what: 'WebAssembly', args: ['run', 'm.merge', '--backend', 'wasm'], pieces: 48, after: 0 },
  { what: 'the GPU', args: ['run', 'm.merge', '--backend', 'gpu'], pieces: 8, after: 0 },
])(
  'an interrupt ends $what within a second, and leaves nothing',
  async ({ args, pieces, after }) => {
    using folder = slowWorkspace(pieces);
    const before = folder.list();
    const run = await begin(folder, args);
    await wait(after);
    const asked = performance.now();
    run.process.kill('SIGINT');
    const { code, out, err } = await run.ended;
    expect(performance.now() - asked).toBeLessThan(1000);
    expect(err).toBe('cancelled: nothing was published\n');
    expect(out).toBe('');
    expect(code).toBe(130);
    expect(folder.list()).toEqual(before);
  },
);

test('an output that another run is writing is left to it', async () => {
  using folder = slowWorkspace();
  const run = await begin(folder);
  const second = await folder.run(['run', 'm.merge', '--overwrite']);
  expectOneError(second, 1);
  expect(
    folder
      .plain(second.err)
      .replace(String(run.process.pid), '<pid>')
      .replace(/since [^)]*/, 'since <then>'),
  ).toMatchInlineSnapshot(`
    "error MW6101: Another run (process <pid>, since <then>) is writing <folder>/out/m.
      Wait until it has ended or cancel it, or give another folder with --out.
    "
  `);
  expect(folder.has('out/m.part/model.safetensors')).toBe(true);
  expect(await run.ended).toMatchObject({ code: 0, err: '' });
  expect(folder.has('out/m/model.safetensors')).toBe(true);
});
