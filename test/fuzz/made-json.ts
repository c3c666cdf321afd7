/** JSON of a known shape with wild values in it, and wholly wild JSON. */
import { brinks, type Chance } from './mutate.ts';

/** The text of a value that no reader expects. */
export function wildValue(choices: Chance, depth = 0): string {
  const { below, oneIn, pick } = choices;
  if (depth < 4 && oneIn(4)) {
    const items = Array.from({ length: below(5) }, () => wildValue(choices, depth + 1));
    return `[${items.join()}]`;
  }
  if (depth < 4 && oneIn(5)) return wildObject(choices, ['a', '__proto__', 'toString'], depth + 1);
  return pick(scalars)(choices);
}

export function wildObject(choices: Chance, keys: readonly string[], depth = 0): string {
  const members = Array.from(
    { length: choices.below(8) },
    () => `${JSON.stringify(choices.pick(keys))}: ${wildValue(choices, depth)}`,
  );
  return `{${members.join()}}`;
}

const scalars: readonly ((choices: Chance) => string)[] = [
  ({ pick }) => String(pick(brinks)),
  ({ pick }) => `-${pick(brinks)}`,
  ({ below }) => String(below(6)),
  ({ below }) => `${below(6)}.0`,
  () => '1e400',
  () => '1e-400',
  () => 'NaN',
  () => '-Infinity',
  () => 'null',
  () => 'true',
  () => 'false',
  () => '""',
  ({ pick }) =>
    JSON.stringify(pick(['float16', 'bfloat16', 'llama', '../canary', '/etc/passwd', '\u001b[2J'])),
  ({ pick }) => `"${pick(['\\ud800', '\\u0000', '\\u202e', '\\"', '\\\\'])}"`,
  ({ below }) => JSON.stringify('x'.repeat(below(3000))),
  ({ below }) => `${'['.repeat(below(100))}${']'.repeat(below(100))}`,
  ({ below }) => `[${Array(below(2000)).fill('"full_attention"').join()}]`,
];
