/** The text of a first recipe that merges model folders: a start that its author reads and changes. */
import { basename, relative } from 'node:path';
import { RESERVED_WORDS } from '../../grammar/syntax/tokens.ts';

/** Of absolute paths, written as seen from `folder`. One folder called base is the base; else the first is. */
export function firstRecipe(models: readonly string[], folder: string): string {
  const base = models.find((model) => /base/i.test(basename(model))) ?? models[0]!;
  const ordered = [base, ...models.filter((model) => model !== base)];
  const names = namesOf(ordered);
  const lines = ordered.map(
    (model, index) => `model ${names[index]!} = ${JSON.stringify(pathText(model, folder))}`,
  );
  const [first, ...experts] = names;
  const merge =
    experts.length === 0
      ? `merge merged = ${first}`
      : `merge merged = ties(${first}, [${experts.join(', ')}], density: 50%)`;
  return `${lines.join('\n')}\n\n${merge}\n\noutput merged to "./out/merged"\n`;
}

function pathText(model: string, folder: string): string {
  const short = relative(folder, model).replaceAll('\\', '/');
  return short.startsWith('..') || /^[A-Za-z]:/.test(short) ? model : `./${short}`;
}

/** Names that the language takes, each its own. */
function namesOf(models: readonly string[]): readonly string[] {
  const taken = new Set<string>([...RESERVED_WORDS, 'merged']);
  return models.map((model) => {
    const plain = basename(model).replace(/[^A-Za-z0-9_]+/g, '_');
    const name = /^[A-Za-z_]/.test(plain) ? plain : `m${plain}`;
    let free = name;
    for (let count = 2; taken.has(free); count++) free = `${name}_${count}`;
    taken.add(free);
    return free;
  });
}
