/** A writer of pickles for tests, which shares nothing with the reader: protocol 2 as Python's own pickler words it. */

/** What is written. A value that stands at several places is written once and recalled, as Python does. */
export type Written =
  | null
  | boolean
  /** An integer. */
  | number
  | bigint
  | string
  | { readonly float: number }
  | { readonly tuple: readonly Written[] }
  | { readonly list: readonly Written[] }
  | { readonly dict: readonly (readonly [Written, Written])[] }
  /** `collections.OrderedDict`, with the state that a module's `state_dict` gives it. */
  | { readonly ordered: readonly (readonly [Written, Written])[]; readonly state?: Written }
  /** `[module, name]` */
  | { readonly global: readonly [string, string] }
  | { readonly call: Written; readonly args: readonly Written[] }
  | { readonly outside: Written };

export function dictOf(items: Readonly<Record<string, Written>>): Written {
  return { dict: Object.entries(items) };
}

export function writePickle(value: Written): Buffer {
  const writer = new Writer();
  writer.byte(0x80, 2);
  writer.write(value);
  writer.byte(0x2e);
  return Buffer.concat(writer.parts);
}

const orderedDict: Written = { global: ['collections', 'OrderedDict'] };
const noArguments: Written = { tuple: [] };
/** Python's pickler writes so many items at once. */
const batch = 1000;

class Writer {
  readonly parts: Buffer[] = [];
  /** Places in the memo: by value for texts and names, by identity for the rest. */
  readonly #memo = new Map<unknown, number>();

  byte(...bytes: readonly number[]): void {
    this.parts.push(Buffer.from(bytes));
  }

  write(value: Written): void {
    if (value === null) return this.byte(0x4e);
    if (typeof value === 'boolean') return this.byte(value ? 0x88 : 0x89);
    if (typeof value === 'number' || typeof value === 'bigint') return this.#integer(BigInt(value));
    const key = keyOf(value);
    if (this.#recall(key)) return;
    if (typeof value === 'string') this.#text(value);
    else if ('float' in value) return this.#float(value.float);
    else if ('tuple' in value) return this.#tuple(value.tuple, key);
    else if ('outside' in value) return this.#outside(value.outside);
    else if ('list' in value) return this.#list(value.list, key);
    else if ('dict' in value) return this.#dict(value.dict, key);
    else if ('global' in value) this.parts.push(Buffer.from(`c${value.global.join('\n')}\n`));
    else if ('ordered' in value) return this.#ordered(value, key);
    else {
      this.write(value.call);
      this.write({ tuple: value.args });
      this.byte(0x52);
    }
    this.#remember(key);
  }

  #integer(value: bigint): void {
    if (value >= 0n && value < 0x100n) return this.byte(0x4b, Number(value));
    const bytes = Buffer.alloc(4);
    if (value >= 0n && value < 0x1_0000n) {
      bytes.writeUInt16LE(Number(value));
      return void this.parts.push(Buffer.from([0x4d]), bytes.subarray(0, 2));
    }
    if (value >= -0x8000_0000n && value < 0x8000_0000n) {
      bytes.writeInt32LE(Number(value));
      return void this.parts.push(Buffer.from([0x4a]), bytes);
    }
    const digits: number[] = [];
    for (let rest = value; ; rest >>= 8n) {
      digits.push(Number(rest & 0xffn));
      const isSigned = (digits.at(-1)! & 0x80) !== 0;
      if ((rest >> 8n === 0n && !isSigned) || (rest >> 8n === -1n && isSigned)) break;
    }
    this.byte(0x8a, digits.length, ...digits);
  }

  #float(value: number): void {
    const bytes = Buffer.alloc(9, 0x47);
    bytes.writeDoubleBE(value, 1);
    this.parts.push(bytes);
  }

  #text(value: string): void {
    const bytes = Buffer.from(value, 'utf8');
    const length = Buffer.alloc(5, 0x58);
    length.writeUInt32LE(bytes.length, 1);
    this.parts.push(length, bytes);
  }

  #tuple(items: readonly Written[], key: unknown): void {
    if (items.length === 0) return this.byte(0x29);
    if (items.length > 3) this.byte(0x28);
    for (const item of items) this.write(item);
    this.byte(items.length > 3 ? 0x74 : 0x84 + items.length);
    this.#remember(key);
  }

  /** What is outside has no place in the memo: each use names it anew. */
  #outside(id: Written): void {
    this.write(id);
    this.byte(0x51);
  }

  #list(items: readonly Written[], key: unknown): void {
    this.byte(0x5d);
    this.#remember(key);
    this.#inBatches(items, 0x61, 0x65, (item) => this.write(item));
  }

  #dict(items: readonly (readonly [Written, Written])[], key: unknown): void {
    this.byte(0x7d);
    this.#remember(key);
    this.#pairs(items);
  }

  #ordered(
    {
      ordered,
      state,
    }: { readonly ordered: readonly (readonly [Written, Written])[]; readonly state?: Written },
    key: unknown,
  ): void {
    this.write(orderedDict);
    this.write(noArguments);
    this.byte(0x52);
    this.#remember(key);
    this.#pairs(ordered);
    if (state === undefined) return;
    this.write(state);
    this.byte(0x62);
  }

  #pairs(items: readonly (readonly [Written, Written])[]): void {
    this.#inBatches(items, 0x73, 0x75, ([name, value]) => {
      this.write(name);
      this.write(value);
    });
  }

  #inBatches<Item>(
    items: readonly Item[],
    one: number,
    several: number,
    write: (item: Item) => void,
  ): void {
    for (let first = 0; first < items.length; first += batch) {
      const some = items.slice(first, first + batch);
      if (some.length > 1) this.byte(0x28);
      some.forEach(write);
      this.byte(some.length > 1 ? several : one);
    }
  }

  #recall(key: unknown): boolean {
    const place = this.#memo.get(key);
    if (place === undefined) return false;
    this.#indexed(0x68, 0x6a, place);
    return true;
  }

  #remember(key: unknown): void {
    const place = this.#memo.size;
    this.#memo.set(key, place);
    this.#indexed(0x71, 0x72, place);
  }

  #indexed(short: number, long: number, place: number): void {
    if (place < 256) return this.byte(short, place);
    const bytes = Buffer.alloc(5, long);
    bytes.writeUInt32LE(place, 1);
    this.parts.push(bytes);
  }
}

function keyOf(value: string | object): unknown {
  if (typeof value === 'string') return `text ${value}`;
  return 'global' in value ? `global ${String(value.global)}` : value;
}
