import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dyingWorker, type DyingOrders, type DyingStart } from './test-dying-worker.ts';
import type { Job, WorkerStart } from './job.ts';
import { threadPool } from './thread-pool.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'mergewright-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const start = (): WorkerStart => ({
  backend: 'none',
  files: [],
  sliceElements: 65536,
  control: { flags: new SharedArrayBuffer(4), progress: new SharedArrayBuffer(16) },
});

/** A pool whose threads die as often, after jobs of this kind. */
function dyingPool(size: number, deaths: number, how: Partial<DyingOrders> = {}) {
  const orders: DyingOrders = { deaths, at: 'copy', of: 'exit', marks: folder, ...how };
  const dying: DyingStart = { ...start(), orders };
  return threadPool(size, dying, dyingWorker);
}

const deaths = (): number => readdirSync(folder).filter((name) => name.startsWith('death')).length;

/** A job that copies the file of the number 0, which is named later. */
function copying(name: string): Job {
  writeFileSync(join(folder, name), Buffer.alloc(4));
  return {
    kind: 'copy',
    from: { file: 0, offset: 2, dtype: 'U8' },
    at: 0,
    byteLength: 4,
    to: { path: join(folder, name), offset: 0 },
  };
}

function namingInput(): Job {
  const path = join(folder, 'input');
  writeFileSync(path, 'abcdefgh');
  return { kind: 'files', first: 0, paths: [path] };
}

test.each(['exit', 'throw'] as const)(
  'a thread that dies (%s) does its work again, and knows the files that were named before',
  async (of) => {
    const pool = dyingPool(1, 1, { of });
    expect(await pool.all(namingInput())).toEqual([{ kind: 'ready' }]);
    const answers = await Promise.all(['a', 'b', 'c'].map((name) => pool.one(copying(name))));
    expect(answers.map(({ kind }) => kind)).toEqual(['stored', 'stored', 'stored']);
    for (const name of ['a', 'b', 'c'])
      expect(readFileSync(join(folder, name), 'utf8')).toBe('cdef');
    expect(deaths()).toBe(1);
    await pool.close();
  },
);

test('one that dies while files are named is told them again', async () => {
  const pool = dyingPool(2, 1, { at: 'files' });
  expect(await pool.all(namingInput())).toEqual([{ kind: 'ready' }, { kind: 'ready' }]);
  expect(await pool.one(copying('a'))).toMatchObject({ kind: 'stored' });
  expect(deaths()).toBe(1);
  await pool.close();
});

test('one that dies twice is a fault, and the work of others goes on', async () => {
  const pool = dyingPool(1, 9);
  await pool.all(namingInput());
  for (const name of ['a', 'b']) {
    expect(await pool.one(copying(name))).toMatchObject({
      kind: 'fault',
      fault: {
        code: 'MW6201',
        message: 'A worker of the engine was lost twice: its thread ended.',
      },
    });
  }
  expect(deaths()).toBe(2);
  await pool.close();
});
