import { basename, resolve, join } from 'node:path';
import type { Checked, Output, Step } from '../../grammar/check/checked.ts';
import { openRecipe, type OpenedRecipe } from '../../engine/recipe/open-recipe.ts';
import { diagnosticJson, printDiagnostic, printFault } from './diagnostics.ts';
import { exitCode, type ExitCode } from './exit.ts';
import type { LockedFlags } from './locked.ts';
import { printJson, type Terminal } from './terminal.ts';

/** A recipe that may run, or how the command ends. */
export type Opened = { readonly opened: OpenedRecipe } | { readonly end: ExitCode };

/** Opens a recipe for a command that needs it sound: findings are printed, and an error ends the command. */
export async function openSound(
  terminal: Terminal,
  recipe: string,
  options: { readonly json?: boolean } & Partial<LockedFlags>,
): Promise<Opened> {
  const result = await openRecipe(recipe);
  if (!result.ok) {
    printFault(terminal, result.fault);
    return { end: exitCode.fault };
  }
  const opened = result.value;
  const errors = opened.checked.diagnostics.filter(({ severity }) => severity === 'error');
  const shown =
    errors.length > 0
      ? errors
      : opened.checked.diagnostics.filter(({ severity }) => severity === 'warning');
  for (const diagnostic of shown) printDiagnostic(terminal, opened, diagnostic);
  if (errors.length === 0) {
    const { locked, threads = 1 } = options;
    return locked === true ? holdOrEnd(terminal, opened, { ...options, threads }) : { opened };
  }
  if (options.json === true)
    printJson(terminal, { diagnostics: errors.map((one) => diagnosticJson(opened, one)) });
  return {
    end: [...opened.faults.values()].some(({ exit }) => exit === 'machine')
      ? exitCode.machine
      : exitCode.fault,
  };
}

async function holdOrEnd(
  terminal: Terminal,
  opened: OpenedRecipe,
  options: { readonly json?: boolean } & LockedFlags,
): Promise<Opened> {
  const { holdToLock } = await import('./locked.ts');
  const held = await holdToLock(terminal, opened, options);
  switch (held.kind) {
    case 'held':
      return held;
    case 'fault':
      printFault(terminal, held.fault);
      return { end: held.fault.exit === 'machine' ? exitCode.machine : exitCode.fault };
    case 'moved':
      for (const finding of held.findings) printDiagnostic(terminal, opened, finding);
      if (options.json === true)
        printJson(terminal, {
          diagnostics: held.findings.map((finding) => diagnosticJson(opened, finding)),
        });
      return { end: exitCode.fault };
  }
}

export interface ChosenOutput {
  readonly output: Output;
  /** Absolute. */
  readonly folder: string;
}

/** Why a command cannot go on: its own words are off, or the recipe has nothing for it. */
export interface Misuse {
  readonly message: string;
  readonly end: ExitCode;
}

/** The outputs to make, and where each goes. */
export function chooseOutputs(
  { path, checked }: OpenedRecipe,
  { only, out }: { readonly only?: string; readonly out?: string },
): readonly ChosenOutput[] | Misuse {
  const misuse = (message: string): Misuse => ({ message, end: exitCode.usage });
  const { outputs } = checked;
  if (outputs.length === 0) {
    return {
      message: 'the recipe has no output: add `output NAME to "./out"`',
      end: exitCode.fault,
    };
  }
  const chosen =
    only === undefined
      ? outputs
      : outputs.filter(({ step, folder }) => step.name === only || basename(folder) === only);
  if (chosen.length === 0)
    return misuse(
      `no output is called ${only}; there are ${outputs.map(({ step }) => step.name).join(', ')}`,
    );
  if (only !== undefined && chosen.length > 1)
    return misuse(`${only} could be ${chosen.length} outputs; name the last part of one's folder`);
  const placed = chosen.map((output) => ({
    output,
    folder: folderOf(output, path, chosen.length, out),
  }));
  const twice = placed.find(
    ({ folder }, index) => placed.findIndex((other) => other.folder === folder) !== index,
  );
  return twice === undefined ? placed : misuse(`two outputs would go to ${twice.folder}`);
}

function folderOf(
  { folder }: Output,
  recipe: string,
  count: number,
  out: string | undefined,
): string {
  if (out === undefined) return resolve(recipe, '..', folder);
  return count === 1 ? resolve(out) : join(resolve(out), basename(folder));
}

/** The step a command looks at: as named, else the first output's, else the last. */
export function chooseStep(
  { steps: own, importedSteps, outputs }: Checked,
  name: string | undefined,
): Step | string {
  if (name === undefined) return outputs[0]?.step ?? own.at(-1) ?? 'the recipe has no step';
  const steps = [...own, ...importedSteps];
  return (
    steps.find((step) => step.name === name) ??
    `no step is called ${name}; there are ${steps.map((step) => step.name).join(', ')}`
  );
}

export function isMisuse(chosen: readonly ChosenOutput[] | Misuse): chosen is Misuse {
  return 'end' in chosen;
}

/** Says why a command cannot go on. */
export function endMisused(terminal: Terminal, { message, end }: Misuse): ExitCode {
  terminal.err(`error: ${message}\n`);
  return end;
}

export function usageError(terminal: Terminal, message: string): ExitCode {
  return endMisused(terminal, { message, end: exitCode.usage });
}
