import type { Step } from '../../grammar/check/checked.ts';
import { laterOfStep } from '../../grammar/check/reference.ts';
import { takenBy, termFor, traceOf } from '../../grammar/check/settle.ts';
import type { SourceTensor } from '../../engine/plan/donor.ts';
import type { OpenedRecipe } from '../../engine/recipe/open-recipe.ts';
import {
  sourceOf,
  sourceText,
  type TracedSetting,
  tracedSettings,
} from '../../server/describe/setting-source.ts';
import { termText } from '../../server/describe/term-text.ts';
import { shownPath } from './diagnostics.ts';
import { chooseOutputs, chooseStep, isMisuse, openSound, usageError } from './opened.ts';
import { exitCode, type ExitCode } from './exit.ts';
import type { ExplainFlags } from './flags.ts';
import { planFor } from './plan.ts';
import { printJson, type Terminal } from './terminal.ts';

/** `explain`: which line sets each value of a tensor, and what is computed from what. */
export async function explainCommand(
  terminal: Terminal,
  recipe: string,
  flags: ExplainFlags,
): Promise<ExitCode> {
  const sound = await openSound(terminal, recipe, flags);
  if ('end' in sound) return sound.end;
  const { checked } = sound.opened;
  const step = chooseStep(checked, flags.step);
  if (typeof step === 'string') return usageError(terminal, step);
  const header = step.value.signature?.tensors.find(({ name }) => name === flags.tensor);
  if (header === undefined)
    return usageError(terminal, `${step.name} has no tensor ${flags.tensor}`);
  const later = laterOfStep(step);
  if (later !== undefined) {
    return usageError(terminal, `${step.name} is not computed by this version: ${later}`);
  }
  const term = termFor(step, flags.tensor);
  if (flags.json === true) {
    const settings = traceOf(step, flags.tensor);
    const copied = copiesOf(sound.opened, step, flags.tensor);
    printJson(terminal, { step: step.name, tensor: header, term, settings, copied });
    return exitCode.done;
  }
  const { text, imports } = sound.opened;
  const written = { text, recipe: checked.recipe, imports };
  const settings = tracedSettings(step, flags.tensor, written);
  terminal.out(`${flags.tensor} of ${step.name}: ${header.dtype} [${header.shape.join(', ')}]\n`);
  terminal.out(`= ${termText(term, { steps: 'opened' })}\n`);
  for (const { from, to } of copiesOf(sound.opened, step, flags.tensor))
    terminal.out(`  copied byte for byte from ${from.source} to ${shownPath(to)}\n`);
  const taken = takenBy(step, flags.tensor);
  if (taken !== undefined) {
    const setBy = sourceText(sourceOf({ by: 'take', span: taken }, written));
    terminal.out(`  taken (${setBy}); without that:\n`);
  }
  for (const setting of settings) terminal.out(traceText(setting));
  return exitCode.done;
}

interface Copy {
  readonly from: SourceTensor;
  /** The output's folder. */
  readonly to: string;
}

/** Where nothing is computed of the tensor: the step's outputs that a run copies it to. */
function copiesOf(opened: OpenedRecipe, step: Step, tensor: string): readonly Copy[] {
  const outputs = chooseOutputs(opened, {});
  const own = isMisuse(outputs) ? [] : outputs.filter(({ output }) => output.step === step);
  // What keeps a run from its outputs is for `check` and `plan` to tell.
  const plan = own.length === 0 ? undefined : planFor(opened, own, {});
  if (plan?.ok !== true) return [];
  return plan.value.outputs.flatMap(({ folder, tensors }) => {
    const work = tensors.find(({ name }) => name === tensor)?.work;
    return work?.kind === 'copy' ? [{ from: work.of, to: folder }] : [];
  });
}

/** The winner first: `density = 60% (line 5) · 20% (default, overridden)`. */
function traceText({ name, values }: TracedSetting): string {
  const written = values.map(
    ({ value, setBy }, index) =>
      `${value} (${sourceText(setBy)}${index > 0 ? ', overridden' : ''})`,
  );
  return `  ${name} = ${written.join(' · ')}\n`;
}
