/** The records of runs, as the extension finds them again. */
import { mkdir, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { lookAtProcess } from '../../../engine/output/process-start.ts';
import type { MergeJob, RunRecord } from '../../../engine/protocol/run.ts';

/** What a process was started with, kept as long as it may have to be started again. */
export interface KeptJob {
  readonly job: MergeJob;
  /** Processes that died of it. */
  readonly deaths: number;
}

export class RunRecords {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  async prepare(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
  }

  logOf(runId: string): string {
    return join(this.folder, `${runId}.log`);
  }

  async list(): Promise<readonly RunRecord[]> {
    const names = await readdir(this.folder).catch((): string[] => []);
    const ids = names.flatMap((name) => (name.endsWith('.json') ? [name.slice(0, -5)] : []));
    const records = await Promise.all(ids.map((id) => this.read(id)));
    return records.filter((record) => record !== undefined);
  }

  async read(runId: string): Promise<RunRecord | undefined> {
    try {
      const text = await readFile(join(this.folder, `${runId}.json`), 'utf8');
      const record = JSON.parse(text) as RunRecord;
      return record.mark === 'mergewright run' && record.runId === runId ? record : undefined;
    } catch {
      return undefined;
    }
  }

  async keep(kept: KeptJob): Promise<void> {
    await writeFile(this.#jobOf(kept.job.runId), JSON.stringify(kept), { mode: 0o600 });
  }

  async kept(runId: string): Promise<KeptJob | undefined> {
    try {
      return JSON.parse(await readFile(this.#jobOf(runId), 'utf8')) as KeptJob;
    } catch {
      return undefined;
    }
  }

  /** Of all windows that saw a process die, one takes its run over. Whether it is this one. */
  async takeOver(record: RunRecord): Promise<boolean> {
    try {
      await unlink(join(this.folder, `${record.runId}.json`));
    } catch {
      return false;
    }
    await removeSocketFolder(record);
    return true;
  }

  /** Clears what a killed run could not: its record, and the folder of its socket. */
  async clear(record: RunRecord): Promise<void> {
    await this.remove(record.runId);
    await removeSocketFolder(record);
  }

  async remove(runId: string): Promise<void> {
    await rm(join(this.folder, `${runId}.json`), { force: true });
    await rm(this.logOf(runId), { force: true });
    await rm(this.#jobOf(runId), { force: true });
  }

  #jobOf(runId: string): string {
    return join(this.folder, `${runId}.job`);
  }
}

async function removeSocketFolder({ socket }: RunRecord): Promise<void> {
  const folder = dirname(socket);
  if (basename(folder).startsWith('mergewright-'))
    await rm(folder, { recursive: true, force: true });
}

/** Whether the process that wrote the record is still the one of that number. */
export async function isAlive({ pid, start }: RunRecord): Promise<boolean> {
  const state = await lookAtProcess(pid);
  if (!state.alive) return false;
  return start === undefined || state.start === undefined || state.start === start;
}
