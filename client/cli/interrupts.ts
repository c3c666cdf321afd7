export interface Interrupts extends Disposable {
  readonly signal: AbortSignal;
  /** As an interrupt does. */
  cancel(): void;
}

/** A signal that an interrupt of this process aborts, until it is disposed of; then interrupts do what they did before. */
export function interrupts(): Interrupts {
  const stop = new AbortController();
  const cancel = (): void => stop.abort();
  process.once('SIGINT', cancel);
  process.once('SIGTERM', cancel);
  return {
    signal: stop.signal,
    cancel,
    [Symbol.dispose]() {
      process.removeListener('SIGINT', cancel);
      process.removeListener('SIGTERM', cancel);
    },
  };
}
