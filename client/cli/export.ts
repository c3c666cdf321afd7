/** `export`: a recipe as mergekit's YAML, where mergekit can say it. */
import { resolve } from 'node:path';
import { headerAnswer } from '../../engine/checkpoints/header-answer.ts';
import { catalogue } from '../../engine/methods/catalogue.ts';
import { type OpenedRecipe, openRecipe } from '../../engine/recipe/open-recipe.ts';
import { check } from '../../grammar/check/check.ts';
import type { Checked } from '../../grammar/check/checked.ts';
import { locate } from '../../grammar/check/imports.ts';
import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.ts';
import { exportYaml } from '../../grammar/mergekit/export.ts';
import { parse } from '../../grammar/syntax/parse.ts';
import { diagnosticJson, printDiagnostic, printFault, type Source } from './diagnostics.ts';
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
  const { imports, path, text } = opened.value;
  const checked = checkedHere(opened.value);
  const errors = checked.diagnostics.filter(({ severity }) => severity === 'error');
  const { only } = flags;
  const { yaml, findings } =
    errors.length > 0
      ? { findings: errors }
      : exportYaml({ text, checked, imports, ...(only === undefined ? {} : { only }) });
  const told = findings.map((finding) => placed(opened.value, finding));
  if (flags.json === true) {
    printJson(terminal, {
      file: path,
      findings: told.map(({ source, finding }) => ({
        ...(source.path === path ? {} : { file: source.path }),
        ...(diagnosticJson(source, finding) as object),
      })),
      ...(yaml === undefined ? {} : { yaml }),
    });
  } else for (const { source, finding } of told) printDiagnostic(terminal, source, finding);
  if (yaml === undefined) return exitCode.fault;
  if (flags.output === undefined) {
    if (flags.json !== true) terminal.out(yaml);
    return exitCode.done;
  }
  return writeFiles(terminal, flags, [{ path: resolve(flags.output), text: yaml }]);
}

/** Models that are not on this machine may be on the other: the check knows nothing of them, and only the recipe's own errors stop an export. */
function checkedHere({ checked, checkpoints, faults, imports, text }: OpenedRecipe): Checked {
  if (faults.size === 0) return checked;
  const headers = new Map([...checkpoints].map(([name, of]) => [name, headerAnswer(of)] as const));
  return check({ text, ...parse(text), catalogue, headers, imports });
}

/** A finding in the file it lies in: the recipe, or one that it uses. */
function placed(
  opened: OpenedRecipe,
  finding: Diagnostic,
): { readonly source: Source; readonly finding: Diagnostic } {
  const { file, start, end } = locate(opened.imports, finding);
  const used = file === undefined ? undefined : opened.imports.files.get(file);
  if (file === undefined || used === undefined) return { source: opened, finding };
  return { source: { path: file, text: used.text }, finding: { ...finding, start, end } };
}
