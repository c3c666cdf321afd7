import type { Formula } from '../formula/node.ts';
import type { CallLayout } from './layout.ts';

/**
 * A formula made ready to run on one memory.
 * `run` works on at most one block of elements, described by the call's block at that address; it never waits.
 */
export interface Kernel {
  readonly formula: Formula;
  readonly layout: CallLayout;
  run(block: number): void;
}

/** Makes kernels over its memory, and keeps them by their formula's key. */
export interface KernelFactory {
  /** The bytes may move when the memory grows: ask for them anew after `reserve`. */
  bytes(): Uint8Array;
  reserve(byteLength: number): void;
  kernel(formula: Formula): Kernel;
}
