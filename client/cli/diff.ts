/** `diff`: two checkpoints, or what two runs made, compared tensor by tensor. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { compilePattern } from '../../grammar/places/pattern.ts';
import {
  localSource,
  sourceOfText,
  type CheckpointSource,
} from '../../engine/checkpoints/source.ts';
import { diffCheckpoints, type CheckpointDiff } from '../../engine/diff/diff.ts';
import { RunCancelled } from '../../engine/run/cancelled.ts';
import { printFault } from './diagnostics.ts';
import { diffText } from './diff-text.ts';
import { exitCode, type ExitCode } from './exit.ts';
import type { DiffFlags } from './flags.ts';
import { usageError } from './opened.ts';
import { lineOver, printJson, type Terminal } from './terminal.ts';
import { interrupts } from './interrupts.ts';

/** As `diff` ends: 0 equal, 1 different, and 2 where that could not be found out. */
const ends = { equal: exitCode.done, different: exitCode.fault, trouble: exitCode.usage } as const;

export async function diffCommand(
  terminal: Terminal,
  [a, b]: readonly [a: string, b: string],
  flags: DiffFlags,
): Promise<ExitCode> {
  const pattern = flags.tensors === undefined ? undefined : compilePattern(flags.tensors);
  if (pattern?.ok === false)
    return usageError(terminal, `${flags.tensors} is no pattern of tensor names: ${pattern.fault}`);
  using stop = interrupts();
  const line = lineOver(terminal);
  try {
    const result = await diffCheckpoints({
      a: sourceAt(a),
      b: sourceAt(b),
      ...(pattern === undefined ? {} : { isMeant: pattern.matches }),
      memory: flags.memory,
      threads: flags.threads,
      onProgress: ({ tensorsDone, tensors }) =>
        line.show(`comparing  ${tensorsDone} of ${tensors} tensors`),
      signal: stop.signal,
    });
    line.clear();
    if (!result.ok) {
      printFault(terminal, result.fault);
      return result.fault.exit === 'machine' ? exitCode.machine : ends.trouble;
    }
    print(terminal, result.value, [a, b], flags);
    return result.value.isEqual ? ends.equal : ends.different;
  } catch (error) {
    if (!(error instanceof RunCancelled)) throw error;
    line.clear();
    terminal.err('cancelled\n');
    return exitCode.cancelled;
  }
}

/** What is there under the name, as on every command line; else a Hugging Face id, if it reads like one. */
function sourceAt(text: string): CheckpointSource {
  return existsSync(resolve(text))
    ? localSource(text, process.cwd())
    : sourceOfText(text, process.cwd());
}

function print(
  terminal: Terminal,
  diff: CheckpointDiff,
  names: readonly [a: string, b: string],
  { json, top }: DiffFlags,
): void {
  if (json !== true) return terminal.out(diffText(diff, names, top));
  const tensors = top === undefined ? diff.tensors : diff.tensors.slice(0, top);
  printJson(terminal, { ...diff, tensors });
}
