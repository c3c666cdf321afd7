/** `import`: mergekit's YAML as a recipe, and what mergekit would have ignored or done otherwise. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { settle } from '../../engine/faults/fault.ts';
import { reading } from '../../engine/faults/system-fault.ts';
import { importYaml } from '../../grammar/mergekit/import.ts';
import { fileSurroundings } from '../../server/yaml/file-surroundings.ts';
import { diagnosticJson, printDiagnostic, printFault } from './diagnostics.ts';
import { exitCode, type ExitCode } from './exit.ts';
import { printJson, type Terminal } from './terminal.ts';
import { writeFiles } from './write-files.ts';

export interface ImportFlags {
  readonly json?: boolean;
  readonly output?: string;
  readonly overwrite?: boolean;
}

export async function importCommand(
  terminal: Terminal,
  file: string,
  flags: ImportFlags,
): Promise<ExitCode> {
  const path = resolve(file);
  const read = await settle(() => reading(path, () => readFile(path, 'utf8')));
  if (!read.ok) {
    printFault(terminal, read.fault);
    return exitCode.fault;
  }
  const text = read.value;
  const recipePath = flags.output === undefined ? undefined : resolve(flags.output);
  const title = basename(path).replace(/\.ya?ml$/i, '');
  const surroundings = await fileSurroundings({
    text,
    file: path,
    ...(recipePath === undefined ? {} : { recipe: recipePath }),
  });
  const { recipe, findings } = importYaml({ text, title, surroundings });
  const source = { path, text };
  if (flags.json === true) {
    printJson(terminal, {
      file: path,
      findings: findings.map((finding) => diagnosticJson(source, finding)),
      ...(recipe === undefined ? {} : { recipe: recipe.text, files: recipe.files }),
    });
  } else for (const finding of findings) printDiagnostic(terminal, source, finding);
  if (recipe === undefined) return exitCode.fault;
  if (recipePath === undefined) {
    if (flags.json !== true) terminal.out(recipe.text);
    for (const { name } of recipe.files) {
      terminal.err(`note: the recipe reads ./${name}; with -o it is written beside it\n`);
    }
    return exitCode.done;
  }
  return writeFiles(terminal, flags, [
    { path: recipePath, text: recipe.text },
    ...recipe.files.map(({ name, text: content }) => ({
      path: join(dirname(recipePath), name),
      text: content,
    })),
  ]);
}
