import type { SharedControl } from './job.ts';

/** Hands an abort on to whoever shares the control; returns how to stop listening. */
export function cancelOn(
  signal: AbortSignal | undefined,
  control: Pick<SharedControl, 'flags'>,
): () => void {
  const flags = new Int32Array(control.flags);
  const cancel = (): void => void Atomics.store(flags, 0, 1);
  if (signal?.aborted) cancel();
  signal?.addEventListener('abort', cancel);
  return () => signal?.removeEventListener('abort', cancel);
}
