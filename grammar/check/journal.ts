/**
 * An account of what the check of one statement reads from the names and findings before it, and what it adds to them.
 * As long as all that it read is the same, what it added can be added again without checking it.
 */

/** A collection that tells what is read and written. */
interface Watched {
  /** What it holds at a key, told to nobody. */
  peek(key: unknown): unknown;
  put(key: unknown, value: unknown): void;
}

interface Noted {
  readonly of: Watched;
  readonly key: unknown;
  readonly value: unknown;
}

export interface Account {
  readonly reads: readonly Noted[];
  readonly writes: readonly Noted[];
  /** Whether it looked at a collection as a whole, so that any change may concern it. */
  readonly isWhole: boolean;
}

export class Journal {
  private reads: Noted[] = [];
  private writes: Noted[] = [];
  private own = new Map<Watched, Set<unknown>>();
  private isWhole = false;

  begin(): void {
    this.reads = [];
    this.writes = [];
    this.own = new Map();
    this.isWhole = false;
  }

  /** What is read and written from here on is nobody's. */
  end(): Account {
    const { reads, writes, isWhole } = this;
    this.begin();
    return { reads, writes, isWhole };
  }

  read(of: Watched, key: unknown, value: unknown): void {
    // What it wrote itself it will find again.
    if (this.own.get(of)?.has(key) !== true) this.reads.push({ of, key, value });
  }

  wrote(of: Watched, key: unknown, value: unknown): void {
    const keys = this.own.get(of) ?? new Set();
    this.own.set(of, keys.add(key));
    this.writes.push({ of, key, value });
  }

  readAll(): void {
    this.isWhole = true;
  }
}

export function stillHolds({ reads, isWhole }: Account): boolean {
  return !isWhole && reads.every(({ of, key, value }) => of.peek(key) === value);
}

export function addAgain({ writes }: Account): void {
  for (const { of, key, value } of writes) of.put(key, value);
}

export class WatchedMap<Key, Value> extends Map<Key, Value> implements Watched {
  private readonly journal: Journal;

  constructor(journal: Journal) {
    super();
    this.journal = journal;
  }

  override get(key: Key): Value | undefined {
    const value = super.get(key);
    this.journal.read(this, key, value);
    return value;
  }

  override has(key: Key): boolean {
    return this.get(key) !== undefined;
  }

  override set(key: Key, value: Value): this {
    super.set(key, value);
    this.journal.wrote(this, key, value);
    return this;
  }

  peek(key: Key): Value | undefined {
    return super.get(key);
  }

  put(key: Key, value: Value): void {
    super.set(key, value);
  }

  /** In place of all that it holds, and told to nobody. */
  fill(entries: Iterable<readonly [Key, Value]>): void {
    this.clear();
    for (const [key, value] of entries) super.set(key, value);
  }

  override keys(): MapIterator<Key> {
    this.journal.readAll();
    return super.keys();
  }

  override values(): MapIterator<Value> {
    this.journal.readAll();
    return super.values();
  }

  override entries(): MapIterator<[Key, Value]> {
    this.journal.readAll();
    return super.entries();
  }

  override [Symbol.iterator](): MapIterator<[Key, Value]> {
    return this.entries();
  }

  override forEach(...args: Parameters<Map<Key, Value>['forEach']>): void {
    this.journal.readAll();
    super.forEach(...args);
  }

  override get size(): number {
    this.journal.readAll();
    return super.size;
  }
}

export class WatchedSet<Value> extends Set<Value> implements Watched {
  private readonly journal: Journal;

  constructor(journal: Journal) {
    super();
    this.journal = journal;
  }

  override has(value: Value): boolean {
    const isHeld = super.has(value);
    this.journal.read(this, value, isHeld);
    return isHeld;
  }

  override add(value: Value): this {
    super.add(value);
    this.journal.wrote(this, value, true);
    return this;
  }

  peek(value: Value): boolean {
    return super.has(value);
  }

  put(value: Value): void {
    super.add(value);
  }

  override [Symbol.iterator](): SetIterator<Value> {
    this.journal.readAll();
    return super[Symbol.iterator]();
  }

  override get size(): number {
    this.journal.readAll();
    return super.size;
  }
}
