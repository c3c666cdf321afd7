/** The thread that computes in the panel: messages of the extension come in, and its own go out. */
import type { ToCompute } from '../../engine/protocol/compute.ts';
import { computeProgram } from './program.ts';

const hear = computeProgram({
  gpu: navigator.gpu,
  post: (message, transfer = []) => self.postMessage(message, { transfer: [...transfer] }),
  // Whoever holds the thread hears of it.
  fail: (error) => reportError(error),
});
self.addEventListener('message', ({ data }: MessageEvent<ToCompute>) => hear(data));
