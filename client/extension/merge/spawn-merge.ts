/** Starts the process of a merge, which from then on is on its own. */
import { spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RunRecord } from '../../../engine/protocol/run.ts';
import type { EngineRuntime } from '../engine/runtime.ts';
import type { KeptJob, RunRecords } from './records.ts';

/** A process that did not write its record in this time will not. */
const patienceMs = 20_000;

export type Spawned = { readonly record: RunRecord } | { readonly failed: string };

export async function spawnMerge(
  kept: KeptJob,
  {
    runtime,
    records,
    program,
  }: {
    readonly runtime: EngineRuntime;
    readonly records: RunRecords;
    /** The built process. */
    readonly program: string;
  },
): Promise<Spawned> {
  const { job } = kept;
  await records.prepare();
  await records.keep(kept);
  // What the processes before it said is kept.
  const log = await open(records.logOf(job.runId), 'a', 0o600);
  try {
    const child = spawn(runtime.program, [program], {
      cwd: dirname(job.recipe.path),
      env: runtime.env,
      // A session of its own: neither a reload nor the end of VS Code reaches it.
      detached: true,
      stdio: ['pipe', log.fd, log.fd],
      windowsHide: true,
    });
    let ended: string | undefined;
    child.on('error', (error) => (ended = error.message));
    child.on('exit', (code, signal) => (ended ??= `it ended with ${signal ?? `code ${code}`}`));
    child.stdin!.on('error', () => undefined);
    child.stdin!.end(JSON.stringify(job));
    child.unref();
    for (const begun = Date.now(); Date.now() - begun < patienceMs;) {
      const record = await records.read(job.runId);
      if (record !== undefined) return { record };
      if (ended !== undefined) break;
      await new Promise((done) => setTimeout(done, 20));
    }
    const said = await readFile(records.logOf(job.runId), 'utf8').catch(() => '');
    return { failed: [ended ?? 'it did not answer', lastLine(said)].filter(Boolean).join(': ') };
  } finally {
    await log.close();
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
