/** `lock`: writes which very files a recipe's models are, or verifies all of them. */
import { rename, rm, writeFile } from 'node:fs/promises';
import { settle, success, type Fault, type Result } from '../../engine/faults/fault.ts';
import { noLockfile } from '../../engine/faults/no-lockfile.ts';
import { writing } from '../../engine/faults/system-fault.ts';
import {
  lockfilePath,
  printLockfile,
  readLockfile,
  type Lockfile,
} from '../../engine/lockfile/lockfile.ts';
import { makeLock } from '../../engine/lockfile/make-lock.ts';
import { verifyLock } from '../../engine/lockfile/verify-lock.ts';
import type { OpenedRecipe } from '../../engine/recipe/open-recipe.ts';
import { engineVersion } from '../../engine/version.ts';
import { diagnosticJson, printDiagnostic, printFault, shownPath } from './diagnostics.ts';
import { exitCode, type ExitCode } from './exit.ts';
import { bytesText } from './figures.ts';
import { openSound } from './opened.ts';
import { hashingLine } from './progress.ts';
import { printJson, type Terminal } from './terminal.ts';
import { interrupts } from './interrupts.ts';

export interface LockFlags {
  readonly json?: boolean;
  /** Read every file again and compare, instead of writing. */
  readonly check?: boolean;
  readonly threads: number;
}

export async function lockCommand(
  terminal: Terminal,
  recipe: string,
  flags: LockFlags,
): Promise<ExitCode> {
  const { json = false } = flags;
  const sound = await openSound(terminal, recipe, { json });
  if ('end' in sound) return sound.end;
  using stop = interrupts();
  const work = flags.check === true ? check : write;
  return await work(terminal, sound.opened, flags, stop.signal);
}

async function write(
  terminal: Terminal,
  opened: OpenedRecipe,
  { json, threads }: LockFlags,
  signal: AbortSignal,
): Promise<ExitCode> {
  const path = lockfilePath(opened.path);
  const before = await lockBefore(opened);
  if (!before.ok) return endWithFault(terminal, before.fault);
  const line = hashingLine(terminal);
  const made = await makeLock(opened, {
    engineVersion,
    threads,
    signal,
    onProgress: line.show,
    ...(before.value === undefined ? {} : { before: before.value }),
  });
  line.clear();
  if (!made.ok) return endWithFault(terminal, made.fault);
  if (made.value === undefined) return cancelled(terminal);
  const { lock, bytesRead } = made.value;
  const text = printLockfile(lock);
  const isSame = before.value !== undefined && printLockfile(before.value) === text;
  if (!isSame) {
    const written = await replaceFile(path, text);
    if (!written.ok) return endWithFault(terminal, written.fault);
  }
  if (json === true)
    printJson(terminal, { file: path, changed: !isSame, bytesRead, ...countsOf(lock) });
  else
    terminal.out(
      isSame
        ? `${shownPath(path)} is up to date\n`
        : `${shownPath(path)}: ${countsText(lock)}, ${bytesText(bytesRead)} read\n`,
    );
  return exitCode.done;
}

/** What is no lock of ours is not replaced. */
async function lockBefore({ path }: OpenedRecipe): Promise<Result<Lockfile | undefined>> {
  const before = await readLockfile(path);
  return !before.ok && before.fault.code === noLockfile.code ? success(undefined) : before;
}

/** Readers see the old lock or the new one, whole. */
function replaceFile(path: string, text: string): Promise<Result<void>> {
  const aside = `${path}.${process.pid}.new`;
  return settle(() =>
    writing(path, async () => {
      try {
        await writeFile(aside, text, { flag: 'wx' });
        await rename(aside, path);
      } finally {
        await rm(aside, { force: true });
      }
    }),
  );
}

async function check(
  terminal: Terminal,
  opened: OpenedRecipe,
  { json, threads }: LockFlags,
  signal: AbortSignal,
): Promise<ExitCode> {
  const lock = await readLockfile(opened.path);
  if (!lock.ok) return endWithFault(terminal, lock.fault);
  const line = hashingLine(terminal);
  const verified = await verifyLock(opened, lock.value, {
    read: 'all',
    threads,
    signal,
    onProgress: line.show,
  });
  line.clear();
  if (!verified.ok) return endWithFault(terminal, verified.fault);
  if (verified.value === undefined) return cancelled(terminal);
  const { findings, bytesRead } = verified.value;
  const file = lockfilePath(opened.path);
  if (json === true) {
    const diagnostics = findings.map((finding) => diagnosticJson(opened, finding));
    printJson(terminal, { file, bytesRead, ...countsOf(lock.value), diagnostics });
  } else if (findings.length === 0)
    terminal.out(
      `${shownPath(file)}: ${countsText(lock.value)}, as locked (${bytesText(bytesRead)} read)\n`,
    );
  if (json !== true) for (const finding of findings) printDiagnostic(terminal, opened, finding);
  return findings.length === 0 ? exitCode.done : exitCode.fault;
}

function countsOf({ sources }: Lockfile): { readonly sources: number; readonly files: number } {
  return {
    sources: sources.length,
    files: sources.reduce((sum, { files }) => sum + files.length, 0),
  };
}

function countsText(lock: Lockfile): string {
  const { sources, files } = countsOf(lock);
  return `${sources} source${sources === 1 ? '' : 's'}, ${files} file${files === 1 ? '' : 's'}`;
}

function cancelled(terminal: Terminal): ExitCode {
  terminal.err('cancelled: nothing was written\n');
  return exitCode.cancelled;
}

function endWithFault(terminal: Terminal, fault: Fault): ExitCode {
  printFault(terminal, fault);
  return fault.exit === 'machine' ? exitCode.machine : exitCode.fault;
}
