import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { messageLines, writeMessage } from '../../engine/protocol/lines.ts';
import {
  runProtocolVersion,
  type FromRun,
  type MergeJob,
  type RunEnd,
  type RunRecord,
} from '../../engine/protocol/run.ts';

const program = fileURLToPath(new URL('./main.ts', import.meta.url));
const digits = fileURLToPath(new URL('../../examples/digits', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mergewright-process-'));
  await cp(join(digits, 'models'), join(folder, 'models'), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const recipe = `model base = "./models/base"
model low = "./models/low"
merge m = ties(base, [low], density: 30%)
output m to "./out/m"
`;

async function start(change: Partial<MergeJob> = {}) {
  const job: MergeJob = {
    runId: 'one-run',
    recipe: { uri: 'file:///x.merge', path: join(folder, 'x.merge'), textVersion: 7, text: recipe },
    backend: 'wasm',
    memory: 256_000_000,
    threads: 1,
    overwrite: false,
    allowSoftwareGpu: false,
    records: join(folder, 'runs'),
    ...change,
  };
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'ignore', 'inherit'] });
  const ended = once(child, 'exit');
  child.stdin.end(JSON.stringify(job));
  return { child, ended, record: await recordOf(job) };
}

const fileOf = ({ records, runId }: Pick<MergeJob, 'records' | 'runId'>): string =>
  join(records, `${runId}.json`);

async function recordOf(job: MergeJob): Promise<RunRecord> {
  for (;;) {
    if (existsSync(fileOf(job)))
      return JSON.parse(await readFile(fileOf(job), 'utf8')) as RunRecord;
    await new Promise((done) => setTimeout(done, 10));
  }
}

/** Comes with a token and hears all that is said until the door is shut. */
function watch(
  { socket: path, token }: RunRecord,
  answer: (message: FromRun) => object | undefined,
) {
  const heard: FromRun[] = [];
  const socket = connect(path);
  const over = new Promise<readonly FromRun[]>((done) => socket.on('close', () => done(heard)));
  socket.on('error', () => socket.destroy());
  messageLines<FromRun>(socket, (message) => {
    heard.push(message);
    const said = answer(message);
    if (said !== undefined) writeMessage(socket, said);
  });
  writeMessage(socket, { kind: 'hello', version: runProtocolVersion, token });
  return over;
}

/** Says that the ending was seen, whether it was there already or came. */
function seeEnd(message: FromRun): object | undefined {
  return endOf([message]) === undefined ? undefined : { kind: 'seen' };
}

function endOf(heard: readonly FromRun[]): RunEnd | undefined {
  for (const message of heard) {
    if (message.kind === 'end') return message.end;
    if (message.kind === 'snapshot' && message.run.end !== undefined) return message.run.end;
  }
  return undefined;
}

test('a run tells a snapshot, then how it ended; what was seen leaves no record', async () => {
  const { record, ended } = await start();
  const heard = await watch(record, seeEnd);
  expect(heard[0]).toMatchObject({ kind: 'snapshot', number: 1, textVersion: 7 });
  expect(heard.map(({ number }) => number)).toEqual(heard.map((_, index) => index + 1));
  const end = endOf(heard);
  expect(end?.kind).toBe('done');
  expect(await ended).toEqual([0, null]);
  expect(existsSync(join(folder, 'out', 'm', 'mergewright.json'))).toBe(true);
  expect(existsSync(fileOf({ records: join(folder, 'runs'), runId: 'one-run' }))).toBe(false);
});

test('who computes is told before the first figures of progress', async () => {
  const { record } = await start();
  const heard = await watch(record, seeEnd);
  const computing = { backend: 'wasm', threads: 1 };
  const told = heard.findIndex(
    (message) =>
      message.kind === 'started' ||
      (message.kind === 'snapshot' && message.run.computing !== undefined),
  );
  const progress = heard.findIndex(({ kind }) => kind === 'progress');
  expect(heard[told]).toMatchObject(
    heard[told]?.kind === 'started' ? { computing } : { run: { computing } },
  );
  if (progress >= 0) expect(progress).toBeGreaterThan(told);
});

test('only its user can read the record, and the socket goes with the run', async () => {
  const { record, ended } = await start();
  const path = fileOf({ records: join(folder, 'runs'), runId: 'one-run' });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(Buffer.byteLength(record.socket)).toBeLessThanOrEqual(100);
  await ended;
  expect(existsSync(record.socket)).toBe(false);
});

test('an ending that nobody saw waits in the record', async () => {
  const { record, ended } = await start();
  await ended;
  const path = fileOf({ records: join(folder, 'runs'), runId: 'one-run' });
  const left = JSON.parse(await readFile(path, 'utf8')) as RunRecord;
  expect(left.runId).toBe(record.runId);
  expect(left.planHash).toMatch(/^[0-9a-f]{64}$/);
  expect(left.end?.kind).toBe('done');
});

test('who does not show the token hears nothing and cancels nothing', async () => {
  const { record, ended } = await start({ backend: 'oracle' });
  const heard = await watch({ ...record, token: 'f'.repeat(64) }, () => undefined);
  expect(heard).toEqual([]);
  const socket = connect(record.socket);
  socket.on('error', () => undefined);
  writeMessage(socket, { kind: 'cancel' });
  await ended;
  expect(existsSync(join(folder, 'out', 'm', 'mergewright.json'))).toBe(true);
});

test('a cancel leaves no output, no lock and no work folder', async () => {
  const { record, ended } = await start({ backend: 'oracle' });
  const heard = await watch(record, (message) =>
    message.kind === 'snapshot' ? { kind: 'cancel' } : seeEnd(message),
  );
  expect(endOf(heard)).toEqual({ kind: 'cancelled' });
  await ended;
  for (const name of ['m', 'm.part', 'm.lock'])
    expect(existsSync(join(folder, 'out', name))).toBe(false);
});

test('a recipe with errors ends with the first of them', async () => {
  const text = recipe.replace('ties', 'tise');
  const path = join(folder, 'x.merge');
  const { record } = await start({ recipe: { uri: 'file:///x', path, textVersion: 1, text } });
  const heard = await watch(record, seeEnd);
  expect(endOf(heard)).toMatchObject({
    kind: 'fault',
    fault: { message: expect.stringContaining('tise') },
  });
});

test('an expectation that fails is the ending, and nothing is published', async () => {
  const text = `${recipe}expect gap(m, low) < 1%\n`;
  const path = join(folder, 'x.merge');
  const { record } = await start({ recipe: { uri: 'file:///x', path, textVersion: 1, text } });
  const heard = await watch(record, seeEnd);
  expect(endOf(heard)).toMatchObject({
    kind: 'failed-expectations',
    checks: [{ title: 'gap(m, low) < 1%', outcome: 'fails' }],
  });
  expect(existsSync(join(folder, 'out', 'm'))).toBe(false);
});

test('an earlier output is replaced only where the job says so', async () => {
  const other = recipe.replace('30%', '60%');
  const path = join(folder, 'x.merge');
  const job = { recipe: { uri: 'file:///x', path, textVersion: 1, text: other } };
  const report = (): string => readFileSync(join(folder, 'out', 'm', 'mergewright.json'), 'utf8');
  await watch((await start({ runId: 'first' })).record, seeEnd);
  const first = report();
  const refused = await watch((await start({ ...job, runId: 'second' })).record, seeEnd);
  expect(endOf(refused)).toMatchObject({ kind: 'fault', fault: { code: 'MW6103' } });
  expect(report()).toBe(first);
  const replaced = await start({ ...job, runId: 'third', overwrite: true });
  expect(endOf(await watch(replaced.record, seeEnd))?.kind).toBe('done');
  expect(report()).not.toBe(first);
});
