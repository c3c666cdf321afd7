import { openRecipe } from '../../engine/recipe/open-recipe.ts';
import { diagnosticJson, printDiagnostic, printFault, shownPath } from './diagnostics.ts';
import { exitCode, type ExitCode } from './exit.ts';
import { printJson, type Terminal } from './terminal.ts';

/** `check`: every finding, and a last line that counts them. */
export async function checkCommand(
  terminal: Terminal,
  recipe: string,
  options: { readonly json?: boolean },
): Promise<ExitCode> {
  const result = await openRecipe(recipe);
  if (!result.ok) {
    printFault(terminal, result.fault);
    return exitCode.fault;
  }
  const { checked } = result.value;
  const errors = checked.diagnostics.filter(({ severity }) => severity === 'error').length;
  if (options.json === true) {
    printJson(terminal, {
      file: result.value.path,
      reached: checked.reached,
      diagnostics: checked.diagnostics.map((diagnostic) =>
        diagnosticJson(result.value, diagnostic),
      ),
    });
    return errors > 0 ? exitCode.fault : exitCode.done;
  }
  for (const diagnostic of checked.diagnostics) printDiagnostic(terminal, result.value, diagnostic);
  const warnings = checked.diagnostics.filter(({ severity }) => severity === 'warning').length;
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
