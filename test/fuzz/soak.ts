/**
 * Examines many cases of a fuzzer in a child process. A case that throws, that takes more than five seconds of the processor's
 * time, that waits for something, that kills the child or that makes it large is broken. A case is named by the seed and
 * its number, from which it is made again.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { lookAt } from '../bench/measure-command.ts';

/** What a fuzzer's own module exports under the name `examiner`. */
export interface Examiner {
  /** Makes what the cases stand on: folders, files. */
  readonly prepare?: () => Promise<void> | void;
  /** Makes and examines one case. Gives a word for what came of it; throws where that must never be. */
  readonly examine: (seed: number, number: number) => Promise<string> | string;
  /** Looks, after some cases, whether what must never change has not; throws where it has. */
  readonly inspect?: () => Promise<void> | void;
  readonly tidy?: () => Promise<void> | void;
}

export interface Soak {
  /** The file of the fuzzer, such as `import.meta.filename`. */
  readonly fuzzer: string;
  readonly seed: number;
  /** Cases. */
  readonly count: number;
  /** The first case's number; 0 unless given. */
  readonly first?: number;
  /** No case is begun after so many. */
  readonly seconds?: number;
  /** Resident bytes that the child may reach; above, its cases are broken. */
  readonly mostMemory: number;
  /** Milliseconds of the processor's time, or of waiting, that cases may take; five seconds unless given. */
  readonly patience?: number;
  readonly onProgress?: (done: number) => void;
}

export interface BrokenCase {
  readonly number: number;
  readonly why: string;
}

export interface SoakReport {
  readonly cases: number;
  readonly seconds: number;
  /** How often each word was given. */
  readonly outcomes: ReadonlyMap<string, number>;
  readonly broken: readonly BrokenCase[];
  /** Of the children, in bytes. */
  readonly peakMemory: number;
}

/** To the child: examine these. */
export interface SoakOrder {
  readonly seed: number;
  readonly first: number;
  readonly count: number;
}

/** From the child. */
export interface SoakAnswer {
  readonly outcomes: readonly (readonly [word: string, count: number])[];
  readonly broken: readonly BrokenCase[];
  readonly peakMemory: number;
}

const defaultPatience = 5000;
/** On a loaded machine a process that works may wait for the processor; one that waits for a pipe does nothing at all. */
const loadedPatienceMs = 60_000;
const casesAtOnce = 64;
const mostBroken = 10;
const childPath = fileURLToPath(new URL('./soak-child.ts', import.meta.url));

export async function soak(options: Soak): Promise<SoakReport> {
  const { seed, count, first = 0, seconds = Infinity, mostMemory } = options;
  const { patience = defaultPatience } = options;
  const start = performance.now();
  const elapsed = (): number => (performance.now() - start) / 1000;
  const outcomes = new Map<string, number>();
  const broken: BrokenCase[] = [];
  let peakMemory = 0;
  let cases = 0;
  // What a killed child leaves goes with this folder.
  const temporary = mkdtempSync(join(tmpdir(), 'mergewright-soak-'));
  let child = await startChild(options.fuzzer, temporary);
  const ask = async (order: SoakOrder): Promise<boolean> => {
    const answer = await answerOf(child, order, patience);
    if (answer === undefined) {
      await stopChild(child);
      child = await startChild(options.fuzzer, temporary);
      return false;
    }
    for (const [word, times] of answer.outcomes)
      outcomes.set(word, (outcomes.get(word) ?? 0) + times);
    broken.push(...answer.broken);
    peakMemory = Math.max(peakMemory, answer.peakMemory);
    if (answer.peakMemory > mostMemory) {
      const why = `cases ${order.first} to ${order.first + order.count - 1} took ${answer.peakMemory} bytes`;
      broken.push({ number: order.first, why });
      await stopChild(child);
      child = await startChild(options.fuzzer, temporary);
    }
    return true;
  };
  try {
    while (cases < count && elapsed() < seconds && broken.length < mostBroken) {
      const order = { seed, first: first + cases, count: Math.min(casesAtOnce, count - cases) };
      if (!(await ask(order))) {
        // One of them, or all together: each alone tells.
        for (let number = order.first; number < order.first + order.count; number += 1) {
          if (await ask({ seed, first: number, count: 1 })) continue;
          broken.push({ number, why: `no answer within ${patience} ms, or a crash` });
        }
      }
      cases += order.count;
      options.onProgress?.(cases);
    }
  } finally {
    await stopChild(child);
    rmSync(temporary, { recursive: true, force: true });
  }
  return { cases, seconds: elapsed(), outcomes, broken, peakMemory };
}

async function startChild(fuzzer: string, temporary: string): Promise<ChildProcess> {
  const child = fork(childPath, [fuzzer], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: ['--max-old-space-size=2048'],
    env: { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary },
  });
  const ready = await nextMessage(child, loadedPatienceMs);
  if (ready === undefined) throw new Error(`The examining process of ${fuzzer} does not start.`);
  return child;
}

async function answerOf(
  child: ChildProcess,
  order: SoakOrder,
  patience: number,
): Promise<SoakAnswer | undefined> {
  const pending = { isOver: false };
  const before = lookAt(child.pid)?.cpu;
  child.send(order);
  const answer = nextMessage(child, loadedPatienceMs);
  void answer.then(() => (pending.isOver = true));
  // Idle or tired: either way it has had its time.
  for (let waited = patience; !pending.isOver; waited += patience) {
    await Promise.race([answer, wait(patience, undefined, { ref: false })]);
    if (pending.isOver) break;
    const now = lookAt(child.pid)?.cpu;
    const worked = before === undefined || now === undefined ? Infinity : 1000 * (now - before);
    if (worked >= patience || worked < waited / 100) child.kill('SIGKILL');
  }
  return (await answer) as SoakAnswer | undefined;
}

/** Undefined: nothing came in time, or the child is gone. */
function nextMessage(child: ChildProcess, patience: number): Promise<unknown> {
  return new Promise((resolve) => {
    const end = (message?: unknown): void => {
      clearTimeout(timer);
      child.off('message', end);
      child.off('exit', lose);
      resolve(message);
    };
    const lose = (): void => end();
    const timer = setTimeout(lose, patience);
    child.on('message', end);
    child.on('exit', lose);
  });
}

/** A child that listens tidies and ends when it is let go; one that does not is killed. */
async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), defaultPatience);
  await ended;
  clearTimeout(timer);
}

/** What a fuzzer's file does when it is run: reads `--count`, `--seed`, `--seconds` and `--first`, soaks, and prints. */
export async function soakCommand(options: {
  readonly fuzzer: string;
  readonly count: number;
  readonly mostMemory: number;
}): Promise<void> {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: String(options.count) },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      seconds: { type: 'string' },
      first: { type: 'string', default: '0' },
    },
  });
  const seed = Number(values.seed);
  const isWatched = process.stderr.isTTY;
  const report = await soak({
    ...options,
    seed,
    count: Number(values.count),
    first: Number(values.first),
    ...(values.seconds === undefined ? {} : { seconds: Number(values.seconds) }),
    ...(isWatched ? { onProgress: (done) => process.stderr.write(`\r${done} cases`) } : {}),
  });
  if (isWatched) process.stderr.write('\r');
  console.log(reportText(report, seed));
  process.exitCode = report.broken.length === 0 ? 0 : 1;
}

export function reportText(report: SoakReport, seed: number): string {
  const { cases, seconds, outcomes, broken, peakMemory } = report;
  const counted = [...outcomes].sort(([, a], [, b]) => b - a);
  return [
    `seed ${seed}: ${cases} cases in ${seconds.toFixed(1)} s, at most ${Math.round(peakMemory / 1e6)} MB resident, ${broken.length} broken`,
    ...counted.map(([word, count]) => `  ${String(count).padStart(8)} ${word}`),
    ...broken
      .slice(0, mostBroken)
      .map(({ number, why }) => `--seed ${seed} --first ${number} --count 1\n${why}\n`),
  ].join('\n');
}
