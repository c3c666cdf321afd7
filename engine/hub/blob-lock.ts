/**
 * Keeps two programs from downloading one file at once. Among runs of this program a file with its owner's name does it; the
 * cache's own lock file, which other programs lock by the system's `flock`, is held too where a command of that name is there.
 */
import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FaultError, raise, settle } from '../faults/fault.ts';
import { fetchBusy } from '../faults/fetch-busy.ts';
import { outputBusy } from '../faults/output-busy.ts';
import { shownPlain } from '../faults/shown.ts';
import { writing } from '../faults/system-fault.ts';
import { releaseLock, takeLock } from '../output/lock.ts';

export interface BlobLock {
  release(): Promise<void>;
}

export interface BlobPlace {
  /** The cache's folder. */
  readonly cache: string;
  /** The model's folder in it, by its name. */
  readonly repository: string;
  readonly blob: string;
  /** Whether other programs are kept off too. It takes a process, which a small file is not worth. */
  readonly isLarge: boolean;
}

/** Throws MW6305 where another program holds it, and MW6003 or MW6004. */
export async function lockBlob({ cache, repository, blob, isLarge }: BlobPlace): Promise<BlobLock> {
  const folder = join(cache, '.locks', repository);
  await writing(folder, () => mkdir(folder, { recursive: true }));
  const shared = join(folder, `${blob}.lock`);
  const own = await settle(() => takeLock(`${shared}.owner`));
  if (!own.ok) {
    if (own.fault.code !== outputBusy.code) throw new FaultError(own.fault);
    return busy(shared);
  }
  const held = isLarge ? await holdFlock(shared) : undefined;
  if (held === 'held-by-another') {
    await releaseLock(own.value);
    return busy(shared);
  }
  return {
    async release() {
      await held?.release();
      await releaseLock(own.value);
    },
  };
}

function busy(path: string): never {
  raise(fetchBusy, {
    file: path,
    message: `Another program is downloading the same file (its lock is ${shownPlain(path)}).`,
    help: 'Wait until it has ended, and fetch again.',
  });
}

/** What `flock` ends with where somebody else holds the lock: a figure of ours, to tell it from its own failures. */
const heldStatus = 75;

/** Nothing where the system has no such command, or the disk no such locks. */
async function holdFlock(path: string): Promise<BlobLock | 'held-by-another' | undefined> {
  if (process.platform === 'win32') return undefined;
  // The command holds the lock as long as the child reads from us, so it ends with this process however that ends.
  const script = ['-n', '-E', String(heldStatus), path, '-c', 'echo held; exec cat'];
  const child = spawn('flock', script, { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', (code) => resolve(code));
  });
  child.stdin.on('error', () => undefined);
  const held = new Promise<'held'>((resolve) => child.stdout.once('data', () => resolve('held')));
  const first = await Promise.race([held, ended]);
  if (first === 'held') {
    return {
      async release() {
        child.stdin.end();
        await ended;
      },
    };
  }
  return first === heldStatus ? 'held-by-another' : undefined;
}
