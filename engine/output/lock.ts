import { randomUUID } from 'node:crypto';
import { link, lstat, open, readdir, rename, unlink, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isJsonObject, parseJson, readBoundedText } from '../checkpoints/read-json.ts';
import { raise, settle } from '../faults/fault.ts';
import { outputBusy } from '../faults/output-busy.ts';
import { shown, shownPlain } from '../faults/shown.ts';
import { systemCode, writing } from '../faults/system-fault.ts';
import type { Notice } from './notice.ts';
import { lookAtProcess } from './process-start.ts';

/** Who writes an output. */
export interface LockRecord {
  readonly mark: 'mergewright lock';
  readonly pid: number;
  /** What tells this process from a later one of the same number; absent where the system does not say. */
  readonly start?: string;
  readonly host: string;
  readonly runId: string;
  /** When the lock was taken, as ISO 8601. */
  readonly since: string;
}

export interface Lock {
  readonly path: string;
  readonly runId: string;
  /** That a dead run's lock was taken over, where it was. */
  readonly notices: readonly Notice[];
}

/** A lock of no length is one whose owner was killed before it could write, once it is older than this. */
const emptyLockAgeMs = 5000;

/** More rounds than runs could ever meet at one output, and as long as an empty lock is believed. */
const mostRounds = 20;
const emptyWaitMs = 300;

/**
 * Takes the lock of an output: a file made exclusively, with its owner's name in it. A living owner is the fault MW6101;
 * a dead one's lock is taken over. Throws faults.
 */
export async function takeLock(path: string, runId: string = randomUUID()): Promise<Lock> {
  const notices: Notice[] = [];
  for (let round = 0; round < mostRounds; round += 1) {
    if (await createLock(path, runId)) {
      await clearAsides(path);
      return { path, runId, notices };
    }
    const found = await readLock(path);
    switch (found.state) {
      case 'gone':
        break;
      case 'empty':
        await wait(emptyWaitMs);
        break;
      case 'dead':
        if (await removeDeadLock(path, found.text)) notices.push(takenOver(path, found.record));
        break;
      case 'live':
        raise(outputBusy, busy(path, found));
        break;
      default:
        found satisfies never;
    }
  }
  raise(outputBusy, {
    file: path,
    message: `The lock ${shownPlain(path)} is being taken and given back by other runs.`,
    help: 'Wait until the other runs have ended.',
  });
}

/** Gives a lock back. One that is no longer ours is left alone. */
export async function releaseLock({ path, runId }: Lock): Promise<void> {
  await writing(path, async () => {
    try {
      const text = await readBoundedText(path, 10_000);
      if (typeof text === 'string' && readRecord(text)?.runId === runId) await unlink(path);
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error;
    }
  });
}

async function createLock(path: string, runId: string): Promise<boolean> {
  const self = await lookAtProcess(process.pid);
  const record: LockRecord = {
    mark: 'mergewright lock',
    pid: process.pid,
    ...(self.alive && self.start !== undefined ? { start: self.start } : {}),
    host: hostname(),
    runId,
    since: new Date().toISOString(),
  };
  const text = `${JSON.stringify(record)}\n`;
  return writing(path, async () => {
    // It gets its name with all that is in it: a run that is killed here leaves no lock without an owner.
    const aside = `${path}.${randomUUID()}`;
    await writeNew(aside, text);
    try {
      await link(aside, path);
      return true;
    } catch (error) {
      if (systemCode(error) === 'EEXIST') return false;
      // A file system without links.
      return await writeNew(path, text);
    } finally {
      await unlink(aside).catch(ignoreMissing);
    }
  });
}

/** Gives whether there was no such file; nothing is left of one that cannot be written. */
async function writeNew(path: string, text: string): Promise<boolean> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'wx', 0o644);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
  try {
    await handle.writeFile(text);
  } catch (error) {
    await unlink(path);
    throw error;
  } finally {
    await handle.close();
  }
  return true;
}

type FoundLock =
  | { readonly state: 'gone' }
  | { readonly state: 'empty' }
  | { readonly state: 'dead'; readonly text: string; readonly record?: LockRecord }
  | { readonly state: 'live'; readonly record?: LockRecord };

async function readLock(path: string): Promise<FoundLock> {
  return writing(path, async (): Promise<FoundLock> => {
    let status;
    try {
      status = await lstat(path);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return { state: 'gone' };
      throw error;
    }
    if (!status.isFile()) return { state: 'live' };
    const text = await settle(() => readBoundedText(path, 10_000).catch(ignoreMissing));
    if (!text.ok) return { state: 'live' };
    if (text.value === undefined) return { state: 'gone' };
    if (typeof text.value !== 'string') return { state: 'live' };
    if (text.value === '') {
      const old = Date.now() - status.mtimeMs > emptyLockAgeMs;
      return old ? { state: 'dead', text: '' } : { state: 'empty' };
    }
    const record = readRecord(text.value);
    if (record === undefined) return { state: 'live' };
    return (await ownerLives(record))
      ? { state: 'live', record }
      : { state: 'dead', text: text.value, record };
  });
}

function ignoreMissing(error: unknown): undefined {
  if (systemCode(error) !== 'ENOENT') throw error;
  return undefined;
}

/** Of another machine's process nothing can be known: it counts as living. */
async function ownerLives({ pid, start, host }: LockRecord): Promise<boolean> {
  if (host !== hostname()) return true;
  const state = await lookAtProcess(pid);
  if (!state.alive) return false;
  return start === undefined || state.start === undefined || start === state.start;
}

/**
 * Moves a dead lock aside before it is deleted, so that of two runs that find it only one succeeds. If what was moved turns
 * out to be another run's new lock, it is put back.
 */
async function removeDeadLock(path: string, text: string): Promise<boolean> {
  const aside = `${path}.${randomUUID()}`;
  return writing(path, async () => {
    try {
      await rename(path, aside);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return false;
      throw error;
    }
    const moved = await readBoundedText(aside, 10_000).catch(ignoreMissing);
    const isOurs = moved === undefined || moved === text;
    if (!isOurs) await link(aside, path);
    await unlink(aside).catch(ignoreMissing);
    return isOurs;
  });
}

/** Dead locks that a run had moved aside when it was killed itself. */
async function clearAsides(path: string): Promise<void> {
  const folder = dirname(path);
  const start = `${basename(path)}.`;
  await writing(folder, async () => {
    for (const name of await readdir(folder)) {
      if (!name.startsWith(start) || !isUuid.test(name.slice(start.length))) continue;
      const aside = join(folder, name);
      if ((await readLock(aside)).state === 'dead') await unlink(aside).catch(ignoreMissing);
    }
  });
}

const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function readRecord(text: string): LockRecord | undefined {
  const parsed = parseJson(text, { deepest: 3 });
  if (!parsed.ok || !isJsonObject(parsed.json)) return undefined;
  const { mark, pid, start, host, runId, since } = parsed.json;
  if (mark !== 'mergewright lock' || typeof pid !== 'number' || !Number.isSafeInteger(pid))
    return undefined;
  if (pid <= 0 || typeof host !== 'string' || typeof runId !== 'string') return undefined;
  if (typeof since !== 'string' || (start !== undefined && typeof start !== 'string'))
    return undefined;
  return { mark, pid, ...(start === undefined ? {} : { start }), host, runId, since };
}

function takenOver(path: string, record: LockRecord | undefined): Notice {
  const who =
    record === undefined
      ? 'A run'
      : `Process ${record.pid} (since ${shownPlain(record.since, 40)})`;
  return {
    kind: 'lock-taken-over',
    message: `${who} ended without giving back ${shownPlain(path)}; its lock was taken over.`,
  };
}

function busy(
  path: string,
  { record }: { readonly record?: LockRecord },
): { file: string; message: string; help: string } {
  const output = shownPlain(path.replace(/\.lock$/, ''));
  if (record === undefined) {
    return {
      file: path,
      message: `${shownPlain(path)} stands where the lock of the output goes, and cannot be read as one.`,
      help: 'If no run is at work there, delete it and try again.',
    };
  }
  const self = record.host === hostname();
  const where = self ? '' : ` on ${shown(record.host, 60)}`;
  return {
    file: path,
    message: `Another run (process ${record.pid}${where}, since ${shownPlain(record.since, 40)}) is writing ${output}.`,
    help: self
      ? 'Wait until it has ended or cancel it, or give another folder with --out.'
      : `Wait until it has ended; if that machine no longer runs it, delete ${shownPlain(path)}.`,
  };
}
