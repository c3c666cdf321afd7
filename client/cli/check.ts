import { openRecipe } from '../../engine/recipe/open-recipe.ts';
import { diagnosticJson, printDiagnostic, printFault, shownPath } from './diagnostics.ts';
import { exitCode, type ExitCode } from './exit.ts';
import type { CheckFlags } from './flags.ts';
import { printJson, type Terminal } from './terminal.ts';

/** `check`: every finding but hints, and a last line that counts errors and warnings. */
export async function checkCommand(
  terminal: Terminal,
  recipe: string,
  options: CheckFlags,
): Promise<ExitCode> {
  const { allow = [] } = options;
  const result = await openRecipe(recipe, { allow });
  if (!result.ok) {
    printFault(terminal, result.fault);
    return exitCode.fault;
  }
  const { checked } = result.value;
  const held =
    options.locked === true
      ? await (await import('./locked.ts')).holdToLock(terminal, result.value, options)
      : undefined;
  if (held?.kind === 'fault') {
    printFault(terminal, held.fault);
    return held.fault.exit === 'machine' ? exitCode.machine : exitCode.fault;
  }
  const diagnostics = [
    ...checked.diagnostics,
    ...(held?.kind === 'moved' ? held.findings : []),
  ].sort((a, b) => a.start - b.start);
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  if (options.json === true) {
    printJson(terminal, {
      file: result.value.path,
      reached: checked.reached,
      diagnostics: diagnostics.map((diagnostic) => diagnosticJson(result.value, diagnostic)),
    });
    return errors > 0 ? exitCode.fault : exitCode.done;
  }
  for (const diagnostic of diagnostics) {
    // Hints are for an editor, which shows them without a word.
    if (diagnostic.severity !== 'hint') printDiagnostic(terminal, result.value, diagnostic);
  }
  const warnings = diagnostics.filter(({ severity }) => severity === 'warning').length;
  terminal.out(`${shownPath(result.value.path)}: ${summary(errors, warnings, checked.reached)}\n`);
  return errors > 0 ? exitCode.fault : exitCode.done;
}

function summary(errors: number, warnings: number, reached: 'text' | 'headers'): string {
  const count = (figure: number, word: string): string =>
    `${figure} ${word}${figure === 1 ? '' : 's'}`;
  const found =
    errors + warnings === 0
      ? 'no findings'
      : `${count(errors, 'error')}, ${count(warnings, 'warning')}`;
  return `${found} (checked ${reached === 'headers' ? 'down to the headers' : 'as text'})`;
}
