import type { KernelFactory } from '../kernel.ts';
import { callLayout } from '../layout.ts';

/**
 * Kernels that do nothing: a run with them reads, hashes and writes the same bytes.
 * Its time is what arithmetic is held against.
 */
export function noKernels(): KernelFactory {
  let memory = new Uint8Array(65536);
  return {
    bytes: () => memory,
    reserve(byteLength) {
      if (byteLength > memory.length) memory = new Uint8Array(byteLength);
    },
    kernel: (formula) => ({ formula, layout: callLayout(formula), run: () => undefined }),
  };
}
