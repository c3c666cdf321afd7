import { spawn, type ChildProcess } from 'node:child_process';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { attemptVariable, type Attempt } from '../../engine/protocol/supervision.ts';
import { needsChild, superviseRun, type SuperviseOptions } from './supervised.ts';
import type { Terminal } from './terminal.ts';

const children: ChildProcess[] = [];
let told = '';
const terminal: Terminal = {
  out: () => undefined,
  err: (text) => void (told += text),
  isInteractive: false,
  columns: 100,
};

beforeEach(() => void (told = ''));
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** What a child does, as JavaScript: it may `say` something, and `n` is its number. */
const prelude = 'const say = (message) => process.send(message); process.channel.unref();';
const ended = (code: number): string => `say({ kind: 'ended', code: ${code} });`;
const tick = "say({ kind: 'tick' });";

/** Supervises children that do these things in turn; how it ended, and what each was told at its start. */
async function supervised(
  programs: readonly string[],
  options: Omit<SuperviseOptions, 'start'> = {},
  meanwhile: (children: readonly ChildProcess[]) => void = () => undefined,
): Promise<{ readonly code: number; readonly attempts: readonly Attempt[] }> {
  const attempts: Attempt[] = [];
  const start = (attempt: Attempt): ChildProcess => {
    const program = programs[attempts.length];
    if (program === undefined) throw new Error('one child too many');
    attempts.push({ ...attempt, notices: [...attempt.notices] });
    const child = spawn(process.execPath, ['-e', prelude + program], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    children.push(child);
    meanwhile(children);
    return child;
  };
  const code = await superviseRun(terminal, { everyMs: 100, ticks: 50, ...options, start });
  return { code, attempts };
}

const crash = "process.kill(process.pid, 'SIGSEGV'); setInterval(() => undefined, 100);";
const hang = `${tick} setInterval(() => undefined, 1000);`;

test.each([0, 2, 130])('a child that ends with %i by itself is the only one', async (code) => {
  const { code: found, attempts } = await supervised([`${ended(code)} process.exitCode = ${code}`]);
  expect(found).toBe(code);
  expect(attempts).toEqual([{ notices: [], withoutGpu: false }]);
  expect(told).toBe('');
});

test('an exception of ours is no crash: it would be met again', async () => {
  expect((await supervised(["throw new Error('a bug')"])).code).toBe(1);
});

test.each([
  ['a signal', crash, 'ended (SIGSEGV)'],
  ['a code that no command has', 'process.exit(134)', 'ended (code 134)'],
  ['a code of ours, without a word', 'process.exit(3)', 'ended (code 3)'],
  ['silence', hang, 'did not answer any more'],
])('%s: it is started again, and told so', async (_, program, how) => {
  const quick = program === hang ? { everyMs: 100, ticks: 20 } : {};
  const { code, attempts } = await supervised([program, ended(0)], quick);
  expect(code).toBe(0);
  const message = `The process of the merge ${how}; it was started again, and goes on with what was stored.`;
  expect(told).toBe(`note: ${message}\n`);
  expect(attempts[1]).toEqual({
    withoutGpu: false,
    notices: [{ kind: 'process-restarted', message }],
  });
});

test('after the second death the GPU is left alone', async () => {
  const { code, attempts } = await supervised([crash, crash, ended(0)]);
  expect(code).toBe(0);
  expect(attempts.map(({ withoutGpu }) => withoutGpu)).toEqual([false, false, true]);
  expect(told).toContain('ended (SIGSEGV) again; WebAssembly does the rest.');
});

test('after the third it is a fault of the machine', async () => {
  const { code } = await supervised([crash, crash, crash]);
  expect(code).toBe(3);
  expect(told).toContain('error MW6201: The process of the merge ended (SIGSEGV), for the third');
});

test('a child that ticks is not silent, however long it works', async () => {
  const busy = `const ticking = setInterval(() => ${tick.replace(';', '')}, 20);
    setTimeout(() => { clearInterval(ticking); ${ended(0)} }, 1500);`;
  const { code, attempts } = await supervised([busy], { everyMs: 100, ticks: 5 });
  expect(code).toBe(0);
  expect(attempts).toHaveLength(1);
});

test('one that said how it ended, and cannot leave, is ended', async () => {
  const stuck = `${ended(0)} setInterval(() => undefined, 1000);`;
  expect((await supervised([stuck], { farewellMs: 50 })).code).toBe(0);
  expect(told).toBe('');
});

/** An interrupt that reaches this process alone. */
const interrupt = (): void => void process.emit('SIGINT', 'SIGINT');

test('an interrupt is passed on in words, once, and the child’s own end counts', async () => {
  const polite = `${hang} process.on('message', ({ kind }) => kind === 'cancel' && (${ended(130).slice(0, -1)}, process.exit(130)));`;
  const { code, attempts } = await supervised([polite], {}, ([child]) =>
    child!.once('message', interrupt),
  );
  expect(code).toBe(130);
  expect(attempts).toHaveLength(1);
  expect(told).toBe('');
});

test.each([
  ['one that does not hear', { farewellMs: 100 }, 1],
  ['a second interrupt', { farewellMs: 60_000 }, 2],
] as const)(
  '%s: it is ended, nothing starts again, and the work is kept',
  async (_, options, times) => {
    const { code, attempts } = await supervised([hang], options, ([child]) =>
      child!.once('message', () => {
        for (let time = 0; time < times; time++) interrupt();
      }),
    );
    expect(code).toBe(130);
    expect(attempts).toHaveLength(1);
    expect(told).toMatch(/^cancelled: nothing was published; what was stored is kept/);
  },
);

test('no listener stays behind', async () => {
  const before = process.listenerCount('SIGINT');
  await supervised([ended(0)]);
  expect(process.listenerCount('SIGINT')).toBe(before);
});

test('a child is started only for a GPU, by a command whose streams it can have', () => {
  const flags = { memory: 1, threads: 1 };
  const own = { ...terminal, isInherited: true };
  expect(needsChild(own, { ...flags, backend: 'gpu' })).toBe(true);
  expect(needsChild(terminal, { ...flags, backend: 'gpu' })).toBe(false);
  for (const backend of ['wasm', 'oracle', 'none'] as const)
    expect(needsChild(own, { ...flags, backend })).toBe(false);
  vi.stubEnv(attemptVariable, '{}');
  expect(needsChild(own, { ...flags, backend: 'gpu' })).toBe(false);
  vi.unstubAllEnvs();
});
