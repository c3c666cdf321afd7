import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** One run of a command, as a whole process. */
export interface Measured {
  readonly wall: number;
  /** User and system seconds of the process, as last seen before it ended; absent where the system does not tell. */
  readonly cpu?: number;
  /** Peak resident bytes, likewise. */
  readonly peak?: number;
}

const watchEvery = 20;
const ticksPerSecond = 100;

/** Runs a command to its end; throws with its output where it fails. */
export function measureCommand(command: string, args: readonly string[]): Promise<Measured> {
  return new Promise((done, fail) => {
    const start = performance.now();
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let seen: Omit<Measured, 'wall'> = {};
    child.stdout.on('data', (text: Buffer) => (output += text.toString()));
    child.stderr.on('data', (text: Buffer) => (output += text.toString()));
    // A child that has ended before its parent is in the sample before.
    const watch = setInterval(() => {
      const now = lookAt(child.pid);
      if (now !== undefined)
        seen = {
          peak: Math.max(now.peak ?? 0, seen.peak ?? 0),
          cpu: Math.max(now.cpu ?? 0, seen.cpu ?? 0),
        };
    }, watchEvery);
    child.on('close', (code) => {
      clearInterval(watch);
      const wall = (performance.now() - start) / 1000;
      if (code === 0) done({ wall, ...seen });
      else fail(new Error(`${command} ${args.join(' ')} ended with ${code}: ${output}`));
    });
  });
}

/** What Linux tells of a living process and of its children: a merge on a GPU runs in one. */
export function lookAt(pid: number | undefined): Omit<Measured, 'wall'> | undefined {
  const own = lookAtOne(pid);
  if (own === undefined) return undefined;
  return childrenOf(pid)
    .map(lookAt)
    .reduce<Omit<Measured, 'wall'>>(
      (sum, child) => ({
        peak: (sum.peak ?? 0) + (child?.peak ?? 0),
        cpu: (sum.cpu ?? 0) + (child?.cpu ?? 0),
      }),
      own,
    );
}

function childrenOf(pid: number | undefined): readonly number[] {
  try {
    const words = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return words === '' ? [] : words.split(' ').map(Number);
  } catch {
    return [];
  }
}

function lookAtOne(pid: number | undefined): Omit<Measured, 'wall'> | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    const peak = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
    // A process that has ended but is not yet reaped tells no memory.
    if (Number.isNaN(peak)) return undefined;
    return { peak, cpu: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond };
  } catch {
    return undefined;
  }
}
