import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { settle } from '../../engine/faults/fault.ts';
import { writing } from '../../engine/faults/system-fault.ts';
import { printFault, shownPath } from './diagnostics.ts';
import { exitCode, type ExitCode } from './exit.ts';
import type { Terminal } from './terminal.ts';

/** Writes files that are not there yet, or that may be replaced: where one may not, none is written. */
export async function writeFiles(
  terminal: Terminal,
  { overwrite, json }: { readonly overwrite?: boolean; readonly json?: boolean },
  files: readonly { readonly path: string; readonly text: string }[],
): Promise<ExitCode> {
  const there = files.find(({ path }) => existsSync(path));
  if (there !== undefined && overwrite !== true) {
    terminal.err(`error: ${shownPath(there.path)} is there already; --overwrite replaces it\n`);
    return exitCode.fault;
  }
  for (const { path, text } of files) {
    const written = await settle(() => writing(path, () => writeFile(path, text)));
    if (!written.ok) {
      printFault(terminal, written.fault);
      return exitCode.machine;
    }
    if (json !== true) terminal.err(`wrote ${shownPath(path)}\n`);
  }
  return exitCode.done;
}
