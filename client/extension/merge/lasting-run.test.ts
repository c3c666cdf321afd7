/** Runs whose processes die: real processes, killed; and one that is only played, where all that matters is who starts it again. */
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { MergeJob, RunEnd, RunRecord } from '../../../engine/protocol/run.ts';
import type { HeartbeatOptions } from '../../../engine/protocol/supervision.ts';
import type { EngineRuntime } from '../engine/runtime.ts';
import { lastingRun, type LastingOptions } from './lasting-run.ts';
import { RunRecords, type KeptJob } from './records.ts';
import { spawnMerge, type Spawned } from './spawn-merge.ts';
import type { WatchedRun } from './watch-run.ts';

const digits = fileURLToPath(new URL('../../../examples/digits', import.meta.url));
const real = fileURLToPath(new URL('../../merge-process/main.ts', import.meta.url));
const runtime: EngineRuntime = {
  program: process.execPath,
  env: process.env,
  version: process.versions.node,
  isElectron: false,
};

let folder: string;
let records: RunRecords;
/** A process that merges nothing: the first of a run ticks three times and falls silent, those after it end well. */
let played: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mergewright-lasting-'));
  records = new RunRecords(join(folder, 'runs'));
  played = join(folder, 'played.ts');
  await writeFile(played, playedProgram);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const partOf = (name: string): string =>
  JSON.stringify(new URL(`../../merge-process/${name}.ts`, import.meta.url).href);
const playedProgram = `
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { openDoor } from ${partOf('door')};
import { openRecord } from ${partOf('record')};
import { socketPlace } from ${partOf('socket-place')};
const job = JSON.parse(await text(process.stdin));
const { deaths } = JSON.parse(readFileSync(job.records + '/' + job.runId + '.job', 'utf8'));
const socket = await socketPlace(job.runId);
const record = await openRecord(job, socket.path);
const door = await openDoor(record, { cancel: () => undefined });
await record.announce();
if (deaths === 0) for (let tick = 1; tick < 4; tick++) setTimeout(() => door.tick(), 100 * tick);
else setTimeout(async () => {
  const end = { kind: 'done', outputs: [], notices: [], seconds: 0 };
  await record.end(end);
  await door.end(end, 2000);
  await socket.remove();
  process.exit(0);
}, 300);
`;

function jobOf(change: Partial<MergeJob> = {}): MergeJob {
  const text = [
    'model base = "./models/base"',
    'model low = "./models/low"',
    'merge m = ties(base, [low], density: 30%)',
    'output m to "./out"\n',
  ].join('\n');
  return {
    runId: 'a-run',
    recipe: { uri: 'file:///x.merge', path: join(folder, 'x.merge'), textVersion: 1, text },
    backend: 'auto',
    memory: 256_000_000,
    threads: 1,
    overwrite: false,
    allowSoftwareGpu: false,
    records: records.folder,
    ...change,
  };
}

interface Told {
  readonly notices: readonly string[];
  readonly end: Promise<RunEnd | 'lost'>;
  readonly run: WatchedRun;
}

function follow(record: RunRecord, options: LastingOptions): Told {
  const notices: string[] = [];
  let ended: (end: RunEnd | 'lost') => void;
  const end = new Promise<RunEnd | 'lost'>((resolve) => (ended = resolve));
  const run = lastingRun(record, options, {
    snapshot: () => undefined,
    started: () => undefined,
    progress: () => undefined,
    end: (how) => ended(how),
    lost: () => ended('lost'),
    restarted: ({ message }) => notices.push(message),
  });
  return { notices, end, run };
}

interface Started extends Told {
  readonly started: readonly KeptJob[];
  /** As another window would. */
  followToo(): Told;
}

/** Starts a run and watches it; `onStart` hears of each process. */
async function watch(
  job: MergeJob,
  {
    program = played,
    onStart,
    heartbeat,
  }: {
    readonly program?: string;
    readonly onStart?: (pid: number, deaths: number) => void;
    readonly heartbeat?: HeartbeatOptions;
  },
): Promise<Started> {
  const started: KeptJob[] = [];
  const spawn = async (kept: KeptJob): Promise<Spawned> => {
    started.push(kept);
    const spawned = await spawnMerge(kept, { runtime, records, program });
    if ('record' in spawned) onStart?.(spawned.record.pid, kept.deaths);
    return spawned;
  };
  const spawned = await spawn({ job, deaths: 0 });
  if ('failed' in spawned) throw new Error(spawned.failed);
  const lasting = { records, respawn: spawn, ...(heartbeat === undefined ? {} : { heartbeat }) };
  const followToo = (): Told => follow(spawned.record, lasting);
  return { ...followToo(), started, followToo };
}

const kill = (pid: number): void => void process.kill(pid, 'SIGKILL');

test('a merge whose process is killed is whole in the end', async () => {
  await cp(join(digits, 'models'), join(folder, 'models'), { recursive: true });
  const job = jobOf({ backend: 'wasm' });
  const killFirst = (pid: number, deaths: number): void => {
    if (deaths === 0) kill(pid);
  };
  const { end, run, notices } = await watch(job, { program: real, onStart: killFirst });
  expect(await end).toMatchObject({ kind: 'done' });
  run.seen();
  expect(notices).toEqual([
    'The process of the merge ended without a word; it was started again, and goes on with what was stored.',
  ]);
  expect(existsSync(join(folder, 'out', 'mergewright.json'))).toBe(true);
});

test('after the second death WebAssembly alone is asked for, and the third is told', async () => {
  const { end, notices, started } = await watch(jobOf(), { onStart: kill });
  expect(await end).toBe('lost');
  expect(started.map(({ job, deaths }) => [job.backend, deaths])).toEqual([
    ['auto', 0],
    ['auto', 1],
    ['wasm', 2],
  ]);
  expect(notices).toHaveLength(2);
  expect(notices[1]).toContain('again; WebAssembly does the rest');
});

test('what never had a GPU is started again once', async () => {
  const job = jobOf({ backend: 'wasm' });
  const { end, started } = await watch(job, { onStart: kill });
  expect(await end).toBe('lost');
  expect(started).toHaveLength(2);
});

test('a process that falls silent is killed, and started again', async () => {
  // It ticks three times; the next one of it ends well.
  const heartbeat = { everyMs: 100, ticks: 8 };
  const { end, notices } = await watch(jobOf(), { heartbeat });
  expect(await end).toMatchObject({ kind: 'done' });
  expect(notices).toEqual([expect.stringContaining('did not answer any more')]);
});

test('a run that was to be cancelled is not started again', async () => {
  let pid = 0;
  const { end, run, started } = await watch(jobOf(), { onStart: (id) => (pid = id) });
  run.cancel();
  kill(pid);
  expect(await end).toEqual({ kind: 'cancelled' });
  expect(started).toHaveLength(1);
});

test('of two windows that saw it die, one starts it again, and both see its end', async () => {
  let pid = 0;
  const first = await watch(jobOf(), { onStart: (id) => (pid = id) });
  const second = first.followToo();
  kill(pid);
  expect(await first.end).toMatchObject({ kind: 'done' });
  expect(await second.end).toMatchObject({ kind: 'done' });
  expect(first.started).toHaveLength(2);
});

test('a job that is over leaves nothing of itself', async () => {
  const { run } = await watch(jobOf(), {});
  expect(JSON.parse(readFileSync(join(records.folder, 'a-run.job'), 'utf8'))).toMatchObject({
    deaths: 0,
  });
  await run.clear();
  expect(existsSync(join(records.folder, 'a-run.job'))).toBe(false);
});
