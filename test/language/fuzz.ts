/**
 * `node test/language/fuzz.ts [seconds] [seed]`: random bytes, shuffled tokens, misspelt recipes and every beginning of every
 * real one are read, checked and formatted in a child process, which is killed where a text takes it more than five seconds.
 * Prints each text that breaks something, and ends with 1 if there was one.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  beginnings,
  drawFrom,
  misspelt,
  randomBytes,
  realRecipes,
  shuffledTokens,
} from './mangled.ts';

const patience = 5000;
const childPath = fileURLToPath(new URL('./fuzz-child.ts', import.meta.url));

type Answer = { readonly ok: true } | { readonly ok: false; readonly fault: string };

export interface FuzzReport {
  readonly texts: number;
  readonly broken: readonly { readonly text: string; readonly fault: string }[];
}

/** Examines texts one by one; stops after ten that break something. */
export async function fuzz(texts: Iterable<string>, until = Infinity): Promise<FuzzReport> {
  let child = start();
  let count = 0;
  const broken: { readonly text: string; readonly fault: string }[] = [];
  try {
    for (const text of texts) {
      if (performance.now() > until || broken.length >= 10) break;
      count += 1;
      const answer = await ask(child, text);
      if (answer?.ok === true) continue;
      broken.push({ text, fault: answer?.fault ?? `no answer within ${patience} ms, or a crash` });
      if (answer !== undefined) continue;
      child.kill('SIGKILL');
      child = start();
    }
  } finally {
    child.kill();
  }
  return { texts: count, broken };
}

function start(): ChildProcess {
  return fork(childPath, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

/** Undefined: no answer in time, or the child is gone. */
function ask(child: ChildProcess, text: string): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const end = (answer: Answer | undefined): void => {
      clearTimeout(timer);
      child.off('message', hear);
      child.off('exit', lose);
      resolve(answer);
    };
    const hear = (answer: Answer): void => end(answer);
    const lose = (): void => end(undefined);
    const timer = setTimeout(lose, patience);
    child.on('message', hear);
    child.on('exit', lose);
    child.send(text);
  });
}

export function* mangledTexts(seed: number): Iterable<string> {
  const draw = drawFrom(seed);
  const texts = [...realRecipes().values()];
  for (;;) {
    yield randomBytes(draw);
    yield shuffledTokens(texts, draw);
    yield misspelt(texts, draw);
  }
}

export function* everyBeginning(every = 1): Iterable<string> {
  for (const text of realRecipes().values()) yield* beginnings(text, every);
}

async function main([seconds = '60', seed = String(Date.now() % 1e6)]: readonly string[]) {
  const until = performance.now() + Number(seconds) * 1000;
  const cut = await fuzz(everyBeginning());
  const mangled = await fuzz(mangledTexts(Number(seed)), until);
  for (const { text, fault } of [...cut.broken, ...mangled.broken]) {
    console.log(`${fault}\n${JSON.stringify(text)}\n`);
  }
  const count = cut.broken.length + mangled.broken.length;
  console.log(
    `seed ${seed}: ${cut.texts} beginnings and ${mangled.texts} mangled texts, ${count} broken`,
  );
  process.exitCode = count === 0 ? 0 : 1;
}

if (import.meta.main) await main(process.argv.slice(2));
