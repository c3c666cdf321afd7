/** Mistakes that end a process with the bindings of WebGPU, and what keeps each from being made. One stands in `device.gpu.test.ts`. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, test, vi } from 'vitest';
import { openGpu } from './dawn.ts';

let loaded = 0;
vi.mock('webgpu', () => {
  loaded++;
  throw Object.assign(new Error("version `GLIBCXX_3.4.32' not found\nand more"), {
    code: 'ERR_DLOPEN_FAILED',
  });
});

afterEach(() => Reflect.deleteProperty(process.versions, 'electron'));

test('in Electron nothing is loaded: it cannot map GPU memory', async () => {
  Object.defineProperty(process.versions, 'electron', { value: '37.0.0', configurable: true });
  expect(await openGpu({ allowSoftware: true })).toEqual({
    refused: 'this process is Electron, which cannot map GPU memory; a plain Node can',
  });
  expect(loaded).toBe(0);
});

test('bindings that the system cannot load are a reason, in one line', async () => {
  const opened = await openGpu({ allowSoftware: true });
  expect(opened).toEqual({ refused: expect.stringContaining('do not load here') });
  expect(opened).toEqual({ refused: expect.not.stringContaining('\n') });
});

test('a thread opens no GPU: ending it with work under way would end the process', async () => {
  const dawn = new URL('./dawn.ts', import.meta.url).href;
  const program = `import(${JSON.stringify(dawn)})
    .then(({ openGpu }) => openGpu({ allowSoftware: true }))
    .then((opened) => require('node:worker_threads').parentPort.postMessage(opened));`;
  const worker = new Worker(program, { eval: true });
  const opened = await new Promise((hear, fail) =>
    worker.once('message', hear).once('error', fail),
  );
  expect(opened).toEqual({ refused: 'a GPU is opened by a process, and by none of its threads' });
  await worker.terminate();
});

test('nothing is written to a device from memory that threads share, as a kernel’s operands may be', () => {
  const rooms = ['../../../engine', '../../../webview/compute'].map((room) =>
    fileURLToPath(new URL(room, import.meta.url)),
  );
  const callers = rooms.flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .filter((name) => readFileSync(`${room}/${name}`, 'utf8').includes('.writeBuffer(')),
  );
  // It fills buffers of its own with words that it makes itself; everything else goes through mapped memory.
  expect(callers.map((name) => name.replaceAll('\\', '/'))).toEqual(['backends/gpu/bandwidth.ts']);
});
