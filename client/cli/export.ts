/** `export`: a recipe as mergekit's YAML, where mergekit can say it. */
import { resolve } from 'node:path';
import { openRecipe } from '../../engine/recipe/open-recipe.ts';
import { exportYaml } from '../../grammar/mergekit/export.ts';
import { diagnosticJson, printDiagnostic, printFault } from './diagnostics.ts';
import { exitCode, type ExitCode } from './exit.ts';
import { printJson, type Terminal } from './terminal.ts';
import { writeFiles } from './write-files.ts';

export interface ExportFlags {
  readonly json?: boolean;
  readonly output?: string;
  readonly only?: string;
  readonly overwrite?: boolean;
}

export async function exportCommand(
  terminal: Terminal,
  recipe: string,
  flags: ExportFlags,
): Promise<ExitCode> {
  const opened = await openRecipe(recipe);
  if (!opened.ok) {
    printFault(terminal, opened.fault);
    return exitCode.fault;
  }
  const { checked, faults, text } = opened.value;
  // Models that are not on this machine may be on the other: only the recipe's own errors stop an export.
  const absent = new Set<string>([...faults.values()].map(({ code }) => code));
  const errors = checked.diagnostics.filter(
    ({ severity, code }) => severity === 'error' && !absent.has(code),
  );
  const { yaml, findings } =
    errors.length > 0
      ? { findings: errors }
      : exportYaml({ text, checked, ...(flags.only === undefined ? {} : { only: flags.only }) });
  if (flags.json === true) {
    printJson(terminal, {
      file: opened.value.path,
      findings: findings.map((finding) => diagnosticJson(opened.value, finding)),
      ...(yaml === undefined ? {} : { yaml }),
    });
  } else for (const finding of findings) printDiagnostic(terminal, opened.value, finding);
  if (yaml === undefined) return exitCode.fault;
  if (flags.output === undefined) {
    if (flags.json !== true) terminal.out(yaml);
    return exitCode.done;
  }
  return writeFiles(terminal, flags, [{ path: resolve(flags.output), text: yaml }]);
}
