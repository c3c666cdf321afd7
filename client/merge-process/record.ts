import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lookAtProcess } from '../../engine/output/process-start.ts';
import {
  runProtocolVersion,
  type MergeJob,
  type RunEnd,
  type RunRecord,
} from '../../engine/protocol/run.ts';

/** A run's record on the disk, kept by its own process. */
export interface KeptRecord {
  readonly record: RunRecord;
  /** Writes it for the first time: from now on the run can be found. */
  announce(): Promise<void>;
  plan(planHash: string): Promise<void>;
  end(end: RunEnd): Promise<void>;
  /** Its ending was seen. */
  remove(): Promise<void>;
}

export async function openRecord(job: MergeJob, socket: string): Promise<KeptRecord> {
  const { uri, path, textVersion, text } = job.recipe;
  const self = await lookAtProcess(process.pid);
  const file = join(job.records, `${job.runId}.json`);
  let record: RunRecord = {
    mark: 'mergewright run',
    version: runProtocolVersion,
    runId: job.runId,
    pid: process.pid,
    ...(self.alive && self.start !== undefined ? { start: self.start } : {}),
    socket,
    token: randomBytes(32).toString('hex'),
    recipe: { uri, path, textVersion, textHash: createHash('sha256').update(text).digest('hex') },
    startedAt: new Date().toISOString(),
  };
  let isRemoved = false;
  const write = async (next: RunRecord): Promise<void> => {
    record = next;
    if (!isRemoved) await replaceFile(file, JSON.stringify(next));
  };
  await mkdir(job.records, { recursive: true, mode: 0o700 });
  return {
    get record() {
      return record;
    },
    announce: () => write(record),
    plan: (planHash) => write({ ...record, planHash }),
    end: (end) => write({ ...record, end }),
    async remove() {
      isRemoved = true;
      await rm(file, { force: true });
    },
  };
}

/** Readers see the old text or the new one, whole, and only this user may read it. */
async function replaceFile(path: string, text: string): Promise<void> {
  const aside = `${path}.new`;
  const handle = await open(aside, 'w', 0o600);
  try {
    await handle.writeFile(text);
  } finally {
    await handle.close();
  }
  await rename(aside, path);
}
