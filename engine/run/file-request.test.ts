import { expect, test } from 'vitest';
import { diskFull } from '../faults/disk-full.ts';
import { FaultError, makeFault } from '../faults/fault.ts';
import {
  workAtOnce,
  WorkCancelled,
  workWaiting,
  type FilesAtOnce,
  type Steps,
} from './file-request.ts';
import type { Answer, PieceHash } from './job.ts';

const piece: PieceHash = { piece: 0, hash: Uint8Array.of(1) };
const full = makeFault(diskFull, { message: 'The disk is full.', help: 'Make room.' });

/** Files whose byte at every position is the position. */
const counting: FilesAtOnce = {
  read: (file, into, position) => void into.forEach((_, at) => (into[at] = file + position + at)),
  write: () => [piece],
  checkCancelled: () => undefined,
};

/** Reads two stretches, pauses, and writes what it read. */
function* work(read: Uint8Array = new Uint8Array(4)): Steps<Answer> {
  const [first, second] = [read.subarray(0, 2), read.subarray(2)];
  yield {
    kind: 'read',
    reads: [
      { file: 0, into: first, position: 10 },
      { file: 100, into: second, position: 20 },
    ],
  };
  yield { kind: 'pause' };
  const pieces = yield { kind: 'write', to: { path: 'out', offset: 0 }, at: 0, bytes: read };
  return { kind: 'stored', pieces, slices: 1 };
}

const stored: Answer = { kind: 'stored', pieces: [piece], slices: 1 };

test('work is the same at once and with bytes that are waited for', async () => {
  const [atOnce, waited] = [new Uint8Array(4), new Uint8Array(4)];
  expect(workAtOnce(work(atOnce), counting)).toEqual(stored);
  const slow = {
    async read(file: number, into: Uint8Array, position: number) {
      await Promise.resolve();
      counting.read(file, into, position);
    },
    write: async () => [piece],
  };
  expect(await workWaiting(work(waited), slow)).toEqual(stored);
  expect([...atOnce]).toEqual([10, 11, 120, 121]);
  expect(waited).toEqual(atOnce);
});

test('all reads of a request are asked for before the first has come', async () => {
  const come: (() => void)[] = [];
  const answer = workWaiting(work(), {
    read: () => new Promise((done) => come.push(done)),
    write: () => [piece],
  });
  await Promise.resolve();
  expect(come).toHaveLength(2);
  for (const done of come) done();
  expect(await answer).toEqual(stored);
});

test('a cancel between two passes ends the work before it writes', () => {
  let written = 0;
  const files: FilesAtOnce = {
    ...counting,
    write: () => [{ ...piece, piece: written++ }],
    checkCancelled() {
      throw new WorkCancelled();
    },
  };
  expect(workAtOnce(work(), files)).toEqual({ kind: 'cancelled' });
  expect(written).toBe(0);
});

test('a fault of a file is the answer, and a bug is thrown', async () => {
  const failing = (error: Error): FilesAtOnce => ({
    ...counting,
    write() {
      throw error;
    },
  });
  const fault = { kind: 'fault', fault: full };
  expect(workAtOnce(work(), failing(new FaultError(full)))).toEqual(fault);
  expect(await workWaiting(work(), failing(new FaultError(full)))).toEqual(fault);
  expect(() => workAtOnce(work(), failing(new Error('a bug')))).toThrow('a bug');
  await expect(workWaiting(work(), failing(new Error('a bug')))).rejects.toThrow('a bug');
});
