/** Holds the thread that computes for the extension, and passes on what both say. */
import type { FromCompute, FromPage, ToPage } from '../../engine/protocol/compute.ts';

interface Held {
  readonly run: string;
  readonly worker: Worker;
}

/** One run at a time: a newer one ends what is left of the older. */
export function computeThread(
  post: (message: FromPage, transfer?: readonly ArrayBuffer[]) => void,
): (message: ToPage) => void {
  let held: Held | undefined;
  const end = (): void => {
    held?.worker.terminate();
    held = undefined;
  };
  const begin = (run: string, program: string): void => {
    end();
    try {
      held = { run, worker: startedWorker(program) };
    } catch (error) {
      return post({ kind: 'compute-failed', run, reason: String(error) });
    }
    const { worker } = held;
    worker.addEventListener('message', ({ data }: MessageEvent<FromCompute>) =>
      post({ kind: 'compute', run, message: data }, buffersOf(data)),
    );
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      post({ kind: 'compute-failed', run, reason: event.message || 'its thread did not start' });
    });
  };
  return (message) => {
    switch (message.kind) {
      case 'compute-begin':
        return begin(message.run, message.program);
      case 'compute':
        if (held?.run === message.run)
          held.worker.postMessage(message.message, { transfer: [...buffersOf(message.message)] });
        return;
      case 'compute-end':
        if (held?.run === message.run) end();
        return;
    }
  };
}

function startedWorker(program: string): Worker {
  const url = URL.createObjectURL(new Blob([program], { type: 'text/javascript' }));
  try {
    return new Worker(url);
  } finally {
    // The worker has its own hold on the text by now.
    URL.revokeObjectURL(url);
  }
}

type Carried = FromCompute | (ToPage & { kind: 'compute' })['message'];

/** Slices are handed on, not copied. */
function buffersOf(message: Carried): readonly ArrayBuffer[] {
  switch (message.kind) {
    case 'bytes':
    case 'write':
      return [message.bytes];
    case 'answer':
      return message.answer.buffers;
    default:
      return [];
  }
}
