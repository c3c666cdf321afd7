/** The expanded plan of a recipe: every tensor that its outputs hold, with what it is computed from. */
import type { Catalogue } from '../../grammar/catalogue.ts';
import type { Checked, Step, TensorValue } from '../../grammar/check/checked.ts';
import { operandsOf, valuesOf } from '../../grammar/check/operands.ts';
import { laterOfStep } from '../../grammar/check/reference.ts';
import { takenBy, termFor } from '../../grammar/check/settle.ts';
import type { TensorHeader } from '../../grammar/places/signature.ts';
import { wordOfDtype } from '../../grammar/check/dtypes.ts';
import { plural } from './values.ts';
import { sourceOf, sourceText, type Written } from './setting-source.ts';
import { termText } from './term-text.ts';

export interface PlanInput extends Written {
  readonly checked: Checked;
  readonly catalogue: Catalogue;
}

/** A text in the recipe's notation: for each step that is written, and each that it reads, one line a tensor. */
export function planText(input: PlanInput, only?: string): string {
  const { checked } = input;
  const errors = checked.diagnostics.filter(({ severity }) => severity === 'error').length;
  if (errors > 0) return `// ${plural(errors, 'error')} in the recipe: there is no plan yet.\n`;
  const wanted = stepsWanted(checked, only);
  if (wanted.length === 0) return '// The recipe has no step yet.\n';
  const steps = withThoseTheyRead(wanted);
  return steps.map((step) => stepText(step, input)).join('\n');
}

function stepsWanted({ steps, outputs }: Checked, only: string | undefined): readonly Step[] {
  if (only !== undefined) return steps.filter(({ name }) => name === only);
  const written = [...new Set(outputs.map(({ step }) => step))];
  return written.length > 0 ? written : steps.slice(-1);
}

/** What a step reads stands before it. */
function withThoseTheyRead(wanted: readonly Step[]): readonly Step[] {
  const found = new Set<Step>();
  const add = (step: Step): void => {
    if (found.has(step)) return;
    for (const read of stepsReadBy(step)) add(read);
    found.add(step);
  };
  for (const step of wanted) add(step);
  return [...found];
}

function stepsReadBy(step: Step): readonly Step[] {
  return sourcesAndSteps(step).flatMap((value) => (value.kind === 'step' ? [value.step] : []));
}

/** Whether the headers of all that it reads are known. */
function isRead(step: Step): boolean {
  return sourcesAndSteps(step).every((value) =>
    value.kind === 'step' ? isRead(value.step) : value.signature !== undefined,
  );
}

type SourceOrStep = TensorValue & { readonly kind: 'source' | 'step' };

function sourcesAndSteps(step: Step): readonly SourceOrStep[] {
  return valuesOf(step).flatMap(within);
}

function within(value: TensorValue): readonly SourceOrStep[] {
  return value.kind === 'source' || value.kind === 'step'
    ? [value]
    : operandsOf(value).flatMap(within);
}

function stepText(step: Step, input: PlanInput): string {
  const { signature } = step.value;
  const folders = input.checked.outputs
    .filter((of) => of.step === step)
    .map(({ folder }) => folder);
  const later = laterOfStep(step);
  if (later !== undefined) {
    return `// ${step.name}: checked, and not computed by this version: ${later}.\n`;
  }
  const to = folders.length === 0 ? '' : `, written to ${folders.join(' and ')}`;
  if (signature === undefined || !isRead(step)) {
    return `// ${step.name}${to}: its tensors are known once the headers of its models are read.\n`;
  }
  const head = `// ${step.name}: ${plural(signature.tensors.length, 'tensor')}${to}`;
  const lines = signature.tensors.map((header) => tensorText(step, header, input));
  return `${[head, ...lines].join('\n')}\n`;
}

function tensorText(step: Step, { name, dtype, shape }: TensorHeader, input: PlanInput): string {
  const options = { tensor: name, steps: 'named', catalogue: input.catalogue } as const;
  const term = termText(termFor(step, name), options);
  const taken = takenBy(step, name);
  const how =
    taken === undefined
      ? ''
      : `  // taken, ${sourceText(sourceOf({ by: 'take', span: taken }, input))}`;
  return `${JSON.stringify(name)} ${wordOfDtype(dtype)} [${shape.join(', ')}] = ${term}${how}`;
}
