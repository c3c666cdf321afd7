import type { ComputedType } from '../formula/derived.ts';
import { isComputed, widthOf } from '../formula/derived.ts';
import { oracleKernels } from '../backends/oracle/factory.ts';
import { wasmKernels } from '../backends/wasm/factory.ts';
import type { Program } from '../program/composer.ts';
import { histogramCount, mapStretch, operandWidths, settleResident } from './compute-tensor.ts';
import { Workbench } from './workbench.ts';

export type CpuBackend = 'wasm' | 'oracle';

export function kernelsOf(backend: CpuBackend) {
  return backend === 'wasm' ? wasmKernels() : oracleKernels();
}

/** Computes one tensor from operands in memory: what previews of small tensors and tests use. */
export function computeInMemory(
  program: Program,
  options: {
    readonly backend: CpuBackend;
    readonly dtype: ComputedType;
    readonly elements: number;
    /** The operand's bytes, by its place in the program. */
    readonly operand: (index: number) => Uint8Array;
  },
): Uint8Array {
  if (!isComputed(options.dtype)) throw new Error(`${String(options.dtype)} is not computed with`);
  const bench = new Workbench(kernelsOf(options.backend));
  bench.prepare({
    operandWidths: operandWidths(program),
    elements: options.elements,
    outputWidth: widthOf(options.dtype),
    histograms: histogramCount(program),
  });
  program.operands.forEach((_, index) =>
    bench.operand(index, options.elements).set(options.operand(index)),
  );
  const scalars = settleResident(bench, program, options.elements);
  const whole = { first: 0, elements: options.elements };
  return mapStretch(bench, program, scalars, whole, options.dtype).bytes.slice();
}
