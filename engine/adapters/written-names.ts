/** What the modules of an adapter that is written are called: as in the adapters it is made of, or as the model's tensors are. */
import { byteOrder } from '../safetensors/byte-order.ts';

const suffix = '.weight';

/** The module that a tensor is the weight of; undefined for other tensors. */
export function moduleOfTensor(tensor: string): string | undefined {
  return tensor.endsWith(suffix) ? tensor.slice(0, -suffix.length) : undefined;
}

export interface NamedModule {
  /** The tensor's name without its last word. */
  readonly path: string;
  /** What adapters that change it call it, as far as their names have dots. */
  readonly told: readonly string[];
}

/**
 * A name for each path. Checkpoints leave words out that loaded models have before all names (`transformer.h.0` is stored as `h.0`),
 * and adapters tell them. Where all adapters tell the same words, all names have them; else they are the checkpoint's.
 */
export function writtenNames(modules: readonly NamedModule[]): (path: string) => string {
  const plain = (path: string): string => path;
  const fronts = modules.flatMap(({ path, told }) => told.map((name) => frontsOf(name, path)));
  const [first] = fronts;
  if (first === undefined) return plain;
  const [written, stored] = first;
  const isOne = fronts.every(([of, other]) => of === written && other === stored);
  if (!isOne || !modules.every(({ path }) => path.startsWith(stored))) return plain;
  return (path) => written + path.slice(stored.length);
}

/** What stands before the words that two dotted names end in alike. */
function frontsOf(one: string, other: string): readonly [string, string] {
  const [words, others] = [one.split('.'), other.split('.')];
  let alike = 0;
  while (
    alike < Math.min(words.length, others.length) &&
    words.at(-1 - alike) === others.at(-1 - alike)
  )
    alike++;
  return [frontOf(words, alike), frontOf(others, alike)];
}

function frontOf(words: readonly string[], alike: number): string {
  const front = words.slice(0, words.length - alike);
  return front.length === 0 ? '' : `${front.join('.')}.`;
}

/**
 * What a configuration calls modules that go together: by their last word where that means all modules of that word and nothing
 * else, each by its name otherwise. In byte order.
 */
export function targetNames(
  targets: ReadonlySet<string>,
  modules: readonly string[],
): readonly string[] {
  const holders = new Set(modules.flatMap((name) => name.split('.').slice(0, -1)));
  const others = new Set(
    modules.filter((name) => !targets.has(name)).map((name) => lastWord(name)),
  );
  const names = [...targets].map((name) => {
    const word = lastWord(name);
    return holders.has(word) || others.has(word) || /^\d+$/.test(word) ? name : word;
  });
  return [...new Set(names)].sort(byteOrder);
}

export function lastWord(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
