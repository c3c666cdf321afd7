import { readFile, writeFile } from 'node:fs/promises';
import { settle } from '../../engine/faults/fault.ts';
import { reading, writing } from '../../engine/faults/system-fault.ts';
import { format } from '../../grammar/format/format.ts';
import { parse } from '../../grammar/syntax/parse.ts';
import { printDiagnostic, printFault, shownPath } from './diagnostics.ts';
import { exitCode, type ExitCode } from './exit.ts';
import { printJson, type Terminal } from './terminal.ts';

/** `fmt`: a recipe with syntax errors is left as it is, and said. */
export async function fmtCommand(
  terminal: Terminal,
  recipes: readonly string[],
  options: { readonly json?: boolean; readonly check?: boolean },
): Promise<ExitCode> {
  const outcomes: {
    file: string;
    outcome: 'unchanged' | 'changed' | 'would-change' | 'unreadable' | 'broken';
  }[] = [];
  for (const recipe of recipes)
    outcomes.push({
      file: recipe,
      outcome: await formatOne(terminal, recipe, options.check === true),
    });
  if (options.json === true) printJson(terminal, outcomes);
  const isBad = outcomes.some(
    ({ outcome }) => outcome === 'unreadable' || outcome === 'broken' || outcome === 'would-change',
  );
  return isBad ? exitCode.fault : exitCode.done;
}

async function formatOne(terminal: Terminal, path: string, isCheck: boolean) {
  const text = await settle(() => reading(path, () => readFile(path, 'utf8')));
  if (!text.ok) {
    printFault(terminal, text.fault);
    return 'unreadable';
  }
  const { diagnostics } = parse(text.value);
  if (diagnostics.length > 0) {
    for (const diagnostic of diagnostics)
      printDiagnostic(terminal, { path, text: text.value }, diagnostic);
    return 'broken';
  }
  const formatted = format(text.value);
  if (formatted === text.value) return 'unchanged';
  if (isCheck) {
    terminal.err(`${shownPath(path)}: not in normal form\n`);
    return 'would-change';
  }
  const written = await settle(() => writing(path, () => writeFile(path, formatted)));
  if (written.ok) return 'changed';
  printFault(terminal, written.fault);
  return 'unreadable';
}
