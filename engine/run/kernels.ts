import type { KernelFactory } from '../backends/kernel.ts';
import { noKernels } from '../backends/none/factory.ts';
import { oracleKernels } from '../backends/oracle/factory.ts';
import { wasmKernels } from '../backends/wasm/factory.ts';

export type CpuBackend = 'wasm' | 'oracle' | 'none';

export function kernelsOf(backend: CpuBackend): KernelFactory {
  switch (backend) {
    case 'wasm':
      return wasmKernels();
    case 'oracle':
      return oracleKernels();
    case 'none':
      return noKernels();
  }
}
