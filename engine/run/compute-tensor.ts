import { type ComputedType, widthOf } from '../formula/derived.ts';
import type { Program } from '../program/composer.ts';
import { mapPass, statisticPasses } from '../program/passes.ts';
import { Scalars, settle, type GroupFigures, type PassResult } from '../program/settle.ts';
import type { Stretch, Workbench } from './workbench.ts';
import { isComputed } from '../formula/derived.ts';

/** The widths of a program's operands, in their order. */
export function operandWidths(program: Program): readonly (16 | 32)[] {
  return program.operands.map(({ dtype }) => {
    if (!isComputed(dtype)) throw new Error(`${dtype} is not computed with`);
    return widthOf(dtype);
  });
}

/** Histograms that are open at one time. */
export function histogramCount(program: Program): number {
  return statisticPasses(program).reduce(
    (most, { formula }) =>
      Math.max(most, formula.sinks.filter((sink) => sink.kind === 'hist').length),
    0,
  );
}

/** Finds every statistic of a tensor whose operands lie whole on the bench. */
export function settleResident(
  bench: Workbench,
  program: Program,
  elements: number,
  groups?: GroupFigures,
): Scalars {
  const whole: Stretch = { first: 0, elements };
  const scalars = new Scalars(program, groups);
  const steps = settle(program, scalars);
  let step = steps.next();
  while (!step.done) {
    const request = step.value;
    const result: PassResult =
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
          ];
    step = steps.next(result);
  }
  return scalars;
}

/** The words of a stretch that lies on the bench, and whether one of them is no finite number. */
export function mapStretch(
  bench: Workbench,
  program: Program,
  scalars: Scalars,
  stretch: Stretch,
  dtype: ComputedType,
): { readonly bytes: Uint8Array; readonly nonFinite: boolean } {
  const { nonFinite } = bench.run(mapPass(program, dtype), scalars.uniforms(), stretch);
  return { bytes: bench.output(widthOf(dtype), stretch.elements), nonFinite };
}
