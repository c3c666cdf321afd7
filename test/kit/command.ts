/** The built command line, as a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);

export const command = {
  entry: fileURLToPath(new URL('client/bin/mergewright.mjs', root)),
  built: fileURLToPath(new URL('dist/mergewright.mjs', root)),
} as const;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface Started {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
}

export interface Surroundings {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Starts it, with its output piped. */
export function start(args: readonly string[], { cwd, env }: Surroundings): Started {
  const child = spawn(process.execPath, [command.entry, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const parts: Record<'out' | 'err', Buffer[]> = { out: [], err: [] };
  child.stdout.on('data', (part: Buffer) => parts.out.push(part));
  child.stderr.on('data', (part: Buffer) => parts.err.push(part));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const text = (of: readonly Buffer[]): string => Buffer.concat(of).toString('utf8');
      resolve({ code, signal, out: text(parts.out), err: text(parts.err) });
    });
  });
  return { process: child, ended };
}

export function mergewright(args: readonly string[], surroundings: Surroundings): Promise<Ended> {
  return start(args, surroundings).ended;
}

/** Waits for something that a process does, or for its end. */
export async function until(condition: () => boolean, { process: child }: Started): Promise<void> {
  while (!condition() && child.exitCode === null && child.signalCode === null) await wait(1);
}
