/** Commands whose merge runs in a child, because a GPU computes it: whichever of the two is killed, nothing is lost. */
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { lookAtProcess } from '../../engine/output/process-start.ts';
import type { MergeReport } from '../../engine/output/report.ts';
import type { LockRecord } from '../../engine/output/lock.ts';
import { start, until, type Started } from '../kit/command.ts';
import { writeLargeModel } from '../kit/model.ts';
import { sources, workspace, type Workspace } from '../kit/workspace.ts';

const recipe = `${sources}merge m = linear([base, math, code], weight: [0.2, 0.3, 0.5])
output m to "./out"
`;

/** Models of a few MiB. */
function someWork(): Workspace {
  const folder = workspace({ 'm.merge': recipe });
  ['base', 'math', 'code'].forEach((name, fineTune) => {
    const values = Float32Array.from({ length: 1 << 18 }, (_, i) => Math.sin(i + fineTune));
    const piece = new Uint8Array(values.buffer);
    const shape = [6 << 18];
    writeLargeModel(folder.at(name), { name: 'w', dtype: 'F32', shape, pieces: 6, piece });
  });
  return folder;
}

const env = { MERGEWRIGHT_SOFTWARE_GPU: '1' };

async function begin(folder: Workspace): Promise<Started & { readonly merging: number }> {
  const run = start(['run', 'm.merge', '--backend', 'gpu'], { cwd: folder.path, env });
  await until(() => folder.has('out.part/model.safetensors'), run);
  const { pid } = JSON.parse(folder.read('out.lock')) as LockRecord;
  return { ...run, merging: pid };
}

const digestOf = (folder: Workspace): string =>
  (JSON.parse(folder.read('out/mergewright.json')) as MergeReport).weightsDigest;

test('a child that is killed is started again: the command ends as if nothing had been', async () => {
  using folder = someWork();
  const run = await begin(folder);
  expect(run.merging).not.toBe(run.process.pid);
  process.kill(run.merging, 'SIGKILL');
  const { code, out, err } = await run.ended;
  expect(err).toContain(
    'note: The process of the merge ended (SIGKILL); it was started again, and goes on with what was stored.\n',
  );
  expect(code).toBe(0);
  expect(out).toContain('by gpu on');
  const onGpu = digestOf(folder);
  await folder.run(['run', 'm.merge', '--backend', 'wasm', '--out', 'other']);
  expect((JSON.parse(folder.read('other/mergewright.json')) as MergeReport).weightsDigest).toBe(
    onGpu,
  );
});

test('a command that is killed takes its child along, and the next run goes on', async () => {
  using folder = someWork();
  const run = await begin(folder);
  run.process.kill('SIGKILL');
  await run.ended;
  while ((await lookAtProcess(run.merging)).alive) await wait(10);
  expect(folder.has('out')).toBe(false);
  expect(await folder.run(['run', 'm.merge', '--backend', 'wasm', '--resume'])).toMatchObject({
    code: 0,
  });
});
