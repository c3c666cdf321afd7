/** Names that the language takes, from the names of models and documents. */
import { placeWords } from '../../places/place.ts';
import { RESERVED_WORDS } from '../../syntax/tokens.ts';

export class NameBook {
  /** Words that a name must not be: some are reserved, others would hide a part of the network. */
  private readonly taken = new Set<string>([...RESERVED_WORDS, ...placeWords]);
  private readonly names = new Map<string, string>();

  /** The name of a thing, made when first asked for. */
  nameFor(key: string, wishes: readonly string[]): string {
    const known = this.names.get(key);
    if (known !== undefined) return known;
    const name = this.fresh(wishes);
    this.names.set(key, name);
    return name;
  }

  /** The first wish that is free, else the first with a number. */
  fresh(wishes: readonly string[]): string {
    const legal = wishes.map(legalName);
    const free = legal.find((name) => !this.taken.has(name));
    let name = free ?? legal[0]!;
    for (let count = 2; this.taken.has(name); count++) name = `${legal[0]!}_${count}`;
    this.taken.add(name);
    return name;
  }
}

/** `4kmerge-v2` becomes `m4kmerge_v2`. */
export function legalName(text: string): string {
  const plain = text
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .toLowerCase();
  return /^[a-z]/.test(plain) ? plain : `m${plain}`;
}

/** What a path or an id may be called: its last part, with the one before it where that says too little. */
export function wishesFor(path: string): readonly string[] {
  const parts = path.split(/[/\\]+/).filter((part) => part !== '' && part !== '.' && part !== '..');
  const cached = /models--(.+?)--([^/\\]+)[/\\]+snapshots/.exec(path);
  if (cached !== null) return [cached[2]!, `${cached[1]!}_${cached[2]!}`];
  const last = parts.at(-1) ?? 'model';
  const owner = parts.at(-2);
  const saysLittle = /^(checkpoint-\d+|final|model|output|merged|\d+)$/i.test(last);
  const both = owner === undefined ? last : `${owner}_${last}`;
  return saysLittle ? [both] : [last, both];
}
