import { isKernelType, widthOf, type KernelType } from '../../engine/formula/derived.ts';
import type { Program } from '../../engine/program/composer.ts';
import { mapPass, statisticPasses } from '../../engine/program/passes.ts';
import { Scalars, settle } from '../../engine/program/settle.ts';
import { mostHistograms } from '../../engine/program/histograms.ts';
import { kernelsOf, type CpuBackend } from '../../engine/run/kernels.ts';
import { Workbench } from '../../engine/run/workbench.ts';

/** Computes one tensor's program from operands in memory, without a plan and without files. */
export function computeInMemory(
  program: Program,
  options: {
    readonly backend: CpuBackend;
    readonly dtype: KernelType;
    readonly elements: number;
    /** The operand's bytes, by its place in the program. */
    readonly operand: (index: number) => Uint8Array;
  },
): Uint8Array {
  const { backend, dtype, elements } = options;
  const bench = new Workbench(kernelsOf(backend));
  bench.prepare({
    operandWidths: program.operands.map((operand) =>
      widthOf(isKernelType(operand.dtype) ? operand.dtype : 'F32'),
    ),
    elements,
    outputWidth: widthOf(dtype),
    histograms: mostHistograms(statisticPasses(program)),
  });
  program.operands.forEach((_, index) =>
    bench.operand(index, elements).set(options.operand(index)),
  );
  const whole = { first: 0, elements };
  const scalars = new Scalars(program);
  const steps = settle(program, scalars);
  for (let step = steps.next(); !step.done;) {
    const request = step.value;
    step = steps.next(
      request.kind === 'pass'
        ? bench.pass(request.formula, request.uniforms, whole)
        : [
            [
              bench.locate(
                request.formula,
                request.uniforms,
                request.sink,
                whole,
                request.block,
                request.wanted,
              ),
            ],
          ],
    );
  }
  bench.run(mapPass(program, dtype), scalars.uniforms(), whole);
  return bench.output(widthOf(dtype), elements).slice();
}
