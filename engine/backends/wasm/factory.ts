import type { Formula } from '../../formula/node.ts';
import type { Kernel, KernelFactory } from '../kernel.ts';
import { emitModule } from './emit.ts';
import { callLayout } from '../layout.ts';

const pageBytes = 65536;

/** Kernels as WebAssembly SIMD over one memory of its own. */
export function wasmKernels(): KernelFactory {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const kernels = new Map<string, Kernel>();
  return {
    bytes: () => new Uint8Array(memory.buffer),
    reserve(byteLength) {
      const missing = Math.ceil(byteLength / pageBytes) - memory.buffer.byteLength / pageBytes;
      if (missing > 0) memory.grow(missing);
    },
    kernel(formula) {
      const known = kernels.get(formula.key);
      if (known !== undefined) return known;
      const made = instantiate(formula, memory);
      kernels.set(formula.key, made);
      return made;
    },
  };
}

function instantiate(formula: Formula, memory: WebAssembly.Memory): Kernel {
  const module = new WebAssembly.Module(emitModule(formula, { shared: false }));
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  const run = instance.exports.run as (block: number) => void;
  return { formula, layout: callLayout(formula), run };
}
