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
    const watch = setInterval(() => (seen = lookAt(child.pid) ?? seen), watchEvery);
    child.on('close', (code) => {
      clearInterval(watch);
      const wall = (performance.now() - start) / 1000;
      if (code === 0) done({ wall, ...seen });
      else fail(new Error(`${command} ${args.join(' ')} ended with ${code}: ${output}`));
    });
  });
}

/** What Linux tells of a living process. */
function lookAt(pid: number | undefined): Omit<Measured, 'wall'> | undefined {
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
