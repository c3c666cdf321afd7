import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import type * as FilePromises from 'node:fs/promises';
import { link } from 'node:fs/promises';
import { afterAll, expect, test, vi } from 'vitest';
import { settle } from '../faults/fault.ts';
import { sampleFolder } from '../safetensors/sample-files.ts';
import { releaseLock, takeLock } from './lock.ts';
import type { Lock } from './lock.ts';
import { lookAtProcess } from './process-start.ts';

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof FilePromises>();
  return { ...real, link: vi.fn(real.link) };
});

const folder = sampleFolder();
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'out.lock');

async function checkBusy(says: RegExp): Promise<void> {
  const taken = await settle(() => takeLock(path));
  expect(taken).toMatchObject({ ok: false, fault: { code: 'MW6101', exit: 'input', file: path } });
  if (!taken.ok) expect(`${taken.fault.message} ${taken.fault.help}`).toMatch(says);
}

/** The number of a process that has ended, and what told it from others while it lived. */
async function deadProcess(): Promise<{ pid: number; start?: string }> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const ended = once(child, 'exit');
  const state = await lookAtProcess(child.pid!);
  expect(state.alive).toBe(true);
  child.kill('SIGKILL');
  await ended;
  return {
    pid: child.pid!,
    ...(state.alive && state.start !== undefined ? { start: state.start } : {}),
  };
}

function writeLock(record: object): void {
  const whole = {
    mark: 'mergewright lock',
    host: hostname(),
    runId: 'r',
    since: '2026-01-01T00:00:00.000Z',
    ...record,
  };
  writeFileSync(path, JSON.stringify(whole));
}

test('a lock names its process and is given back once', async () => {
  const lock = await takeLock(path, 'run-1');
  const record = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  expect(record).toMatchObject({ pid: process.pid, host: hostname(), runId: 'run-1' });
  await checkBusy(/Another run \(process \d+, since .*\) is writing .*out\. Wait/);
  await releaseLock({ ...lock, runId: 'another' });
  expect(existsSync(path)).toBe(true);
  await releaseLock(lock);
  await releaseLock(lock);
  expect(readdirSync(folder)).toEqual([]);
});

test('a lock gets its name with its owner in it: who is killed before leaves none', async () => {
  const seen: { readonly isThere: boolean; readonly text: string }[] = [];
  vi.mocked(link).mockImplementationOnce((from) => {
    seen.push({ isThere: existsSync(path), text: readFileSync(from, 'utf8') });
    throw Object.assign(new Error('no links'), { code: 'EPERM' });
  });
  // Where there are no links it is made in its place.
  const lock = await takeLock(path, 'run-1');
  expect(seen).toEqual([{ isThere: false, text: readFileSync(path, 'utf8') }]);
  expect(seen[0]!.text).toContain('run-1');
  await releaseLock(lock);
  expect(readdirSync(folder)).toEqual([]);
});

test('a dead process’s lock is taken over, and it is said', async () => {
  const dead = await deadProcess();
  writeLock(dead);
  const lock = await takeLock(path);
  expect(lock.notices).toMatchObject([
    { kind: 'lock-taken-over', message: expect.stringContaining(String(dead.pid)) },
  ]);
  await releaseLock(lock);
  expect(readdirSync(folder)).toEqual([]);
});

test('a dead lock that was moved aside by a run that died then is cleared, and nothing else', async () => {
  writeLock(await deadProcess());
  const aside = `${path}.00000000-0000-4000-8000-000000000000`;
  renameSync(path, aside);
  writeLock({ pid: process.pid });
  const living = `${path}.11111111-1111-4111-8111-111111111111`;
  renameSync(path, living);
  writeFileSync(`${path}.mine`, 'kept');
  await releaseLock(await takeLock(path));
  expect(readdirSync(folder).sort()).toEqual(
    [`${path}.mine`, living].map((one) => basename(one)).sort(),
  );
  rmSync(living);
  rmSync(`${path}.mine`);
});

test('a number that another process has by now does not count', async () => {
  const self = await lookAtProcess(process.pid);
  if (!self.alive || self.start === undefined) return;
  writeLock({ pid: process.pid, start: `${self.start}0` });
  const lock = await takeLock(path);
  expect(lock.notices).toHaveLength(1);
  await releaseLock(lock);
});

test('another machine’s lock, and what is no lock, are left alone', async () => {
  writeLock({ pid: 1, host: 'elsewhere' });
  await checkBusy(/on "elsewhere".*delete/);
  for (const text of ['{}', 'notes', '{"mark":"mergewright lock","pid":-1}', '['.repeat(1000)]) {
    writeFileSync(path, text);
    await checkBusy(/cannot be read as one/);
    expect(readFileSync(path, 'utf8')).toBe(text);
  }
});

test('an empty lock is waited for until it is old, and then taken over', async () => {
  writeFileSync(path, '');
  const almostOld = new Date(Date.now() - 4500);
  utimesSync(path, almostOld, almostOld);
  const began = performance.now();
  const lock = await takeLock(path);
  expect(performance.now() - began).toBeGreaterThan(250);
  expect(lock.notices).toMatchObject([{ kind: 'lock-taken-over' }]);
  await releaseLock(lock);
  expect(readdirSync(folder)).toEqual([]);
});

test('of many that find a dead lock, one gets it', async () => {
  writeLock(await deadProcess());
  const results = await Promise.all(
    Array.from({ length: 12 }, (_, i) => settle(() => takeLock(path, `run-${i}`))),
  );
  const taken = results.flatMap((result): Lock[] => (result.ok ? [result.value] : []));
  expect(taken).toHaveLength(1);
  await releaseLock(taken[0]!);
  expect(readdirSync(folder)).toEqual([]);
});
