/** Which output of a recipe is exported. */
import type { Checked, Output, Step, TensorValue } from '../../check/checked.ts';
import { operandsOf, valuesOf } from '../../check/operands.ts';
import { oneOutput } from '../../diagnostics/mw7204-one-output.ts';
import type { Span } from '../../syntax/span.ts';
import { type Exporting, say } from './exporting.ts';

/** The output that is asked for, or the one that no other is made from. */
export function chosenOutput(
  exporting: Exporting,
  { outputs, recipe }: Checked,
  only: string | undefined,
): Output | undefined {
  const wanted =
    only === undefined
      ? outputs.filter(
          ({ step }) => !outputs.some((other) => other.step !== step && uses(other.step, step)),
        )
      : outputs.filter(
          ({ step, folder }) => step.name === only || folder.split(/[/\\]/).at(-1) === only,
        );
  const [first, second] = wanted;
  const at = (span: Span): Span => ({ start: span.start, end: Math.min(span.end, span.start + 6) });
  if (first === undefined) {
    const last = recipe.statements.at(-1)?.word ?? { start: 0, end: 0 };
    const message =
      only === undefined ? 'There is no output to export.' : `No output is called ${only}.`;
    return say(exporting, oneOutput, last, message);
  }
  if (second !== undefined) {
    const message = `mergekit makes one model: say which of ${wanted.map(({ step }) => step.name).join(', ')} to export.`;
    return say(exporting, oneOutput, at(second), message);
  }
  return first;
}

/** Whether a step is made from another, by whatever way. */
function uses(step: Step, other: Step): boolean {
  return valuesOf(step).some((value) => holds(value, other));
}

function holds(value: TensorValue, other: Step): boolean {
  if (value.kind === 'step') return value.step === other || uses(value.step, other);
  return operandsOf(value).some((operand) => holds(operand, other));
}
