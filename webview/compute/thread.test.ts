import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { FromPage } from '../../engine/protocol/compute.ts';
import { computeThread } from './thread.ts';

/** A worker as a page has one, whose program does nothing by itself. */
class SilentWorker extends EventTarget {
  static made: SilentWorker[] = [];
  readonly heard: unknown[] = [];
  isEnded = false;

  constructor() {
    super();
    SilentWorker.made.push(this);
  }

  postMessage(message: unknown): void {
    this.heard.push(message);
  }

  terminate(): void {
    this.isEnded = true;
  }

  say(message: unknown): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data: message }));
  }
}

beforeEach(() => {
  SilentWorker.made = [];
  vi.stubGlobal('Worker', SilentWorker);
});
afterEach(() => void vi.unstubAllGlobals());

function page() {
  const posted: { readonly message: FromPage; readonly transfer: readonly ArrayBuffer[] }[] = [];
  const pass = computeThread((message, transfer = []) => posted.push({ message, transfer }));
  return { posted, pass };
}

const begin = (run: string) => ({ kind: 'compute-begin', run, program: '' }) as const;
const bytes = () => ({ kind: 'bytes', id: 1, bytes: new ArrayBuffer(8) }) as const;

test('a run has a thread until it ends; what is said of another run changes nothing', () => {
  const { pass } = page();
  pass(begin('b'));
  const [worker] = SilentWorker.made;
  const message = bytes();
  pass({ kind: 'compute', run: 'a', message: bytes() });
  pass({ kind: 'compute-end', run: 'a' });
  pass({ kind: 'compute', run: 'b', message });
  expect(worker!.heard).toEqual([message]);
  expect(worker!.isEnded).toBe(false);
  pass({ kind: 'compute-end', run: 'b' });
  expect(worker!.isEnded).toBe(true);
  pass({ kind: 'compute', run: 'b', message: bytes() });
  expect(worker!.heard).toEqual([message]);
});

test('a newer run ends the thread of an older one', () => {
  const { pass } = page();
  pass(begin('a'));
  pass(begin('b'));
  expect(SilentWorker.made.map(({ isEnded }) => isEnded)).toEqual([true, false]);
});

test('what a thread says goes on with its run, and slices are handed over', () => {
  const { posted, pass } = page();
  pass(begin('a'));
  const slice = new ArrayBuffer(4);
  const write = { kind: 'write', id: 1, path: '/out', offset: 0, at: 0, bytes: slice } as const;
  SilentWorker.made[0]!.say(write);
  expect(posted).toEqual([
    { message: { kind: 'compute', run: 'a', message: write }, transfer: [slice] },
  ]);
  expect(posted[0]!.transfer[0]).toBe(slice);
});

test('a thread that met a bug, or that cannot be started, is told with its reason', () => {
  const { posted, pass } = page();
  pass(begin('a'));
  const bug = Object.assign(new Event('error', { cancelable: true }), { message: 'out of memory' });
  SilentWorker.made[0]!.dispatchEvent(bug);
  vi.stubGlobal(
    'Worker',
    class {
      constructor() {
        throw new Error('this page may not');
      }
    },
  );
  pass(begin('b'));
  expect(posted.map(({ message }) => message)).toEqual([
    { kind: 'compute-failed', run: 'a', reason: 'out of memory' },
    { kind: 'compute-failed', run: 'b', reason: 'Error: this page may not' },
  ]);
});
