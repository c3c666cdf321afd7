/** The process that is killed when a case hangs it: it examines the cases it is sent, and says how that went. */
import { peakMemory } from '../../engine/run/peak-memory.ts';
import type { BrokenCase, Examiner, SoakAnswer, SoakOrder } from './soak.ts';

const fuzzer = process.argv[2]!;
const { examiner } = (await import(fuzzer)) as { readonly examiner: Examiner };

async function examineAll({ seed, first, count }: SoakOrder): Promise<SoakAnswer> {
  const outcomes = new Map<string, number>();
  const broken: BrokenCase[] = [];
  for (let number = first; number < first + count; number += 1) {
    try {
      const outcome = examiner.examine(seed, number);
      const word = typeof outcome === 'string' ? outcome : await outcome;
      outcomes.set(word, (outcomes.get(word) ?? 0) + 1);
    } catch (error) {
      broken.push({ number, why: await whyBroken(seed, number, reasonOf(error)) });
    }
  }
  try {
    await examiner.inspect?.();
  } catch (error) {
    broken.push({ number: first, why: `after this and ${count - 1} more: ${reasonOf(error)}` });
  }
  return { outcomes: [...outcomes], broken, peakMemory: peakMemory() };
}

/** Most cases end in an exception inside the parser; to write down the calls of each takes longer than the rest of it. */
Error.stackTraceLimit = 0;

async function whyBroken(seed: number, number: number, at: string): Promise<string> {
  Error.stackTraceLimit = 12;
  try {
    await examiner.examine(seed, number);
    return `${at}, and nothing when it was tried again`;
  } catch (error) {
    return reasonOf(error);
  } finally {
    Error.stackTraceLimit = 0;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

await examiner.prepare?.();
process.on('message', (order: SoakOrder) => {
  void examineAll(order).then((answer) => process.send!(answer));
});
process.on('disconnect', () => void examiner.tidy?.());
process.send!('ready');
