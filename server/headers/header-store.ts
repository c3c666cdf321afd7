/** The headers of every model that an open recipe refers to: read once, shared by all recipes, and watched. */
import type { Environment } from '../../engine/hub/environment.ts';
import { openCheckpoint } from '../../engine/checkpoints/open-checkpoint.ts';
import type { Checkpoint } from '../../engine/checkpoints/checkpoint.ts';
import type { CheckpointSource } from '../../engine/checkpoints/source.ts';
import type { ModelAnswer } from '../analysis/analysis.ts';
import { filesStamp, filesStampWhenRead, placesStamp } from './stamp.ts';
import { mayRead, type Trust } from './trust.ts';

interface Entry {
  readonly source: CheckpointSource;
  answer: ModelAnswer | undefined;
  stamp: string;
  /** Whether the answer is taken as it is until its files change. A fault is looked at once more: a file may be half written. */
  isSettled: boolean;
  opening: Promise<void> | undefined;
}

export interface HeaderStoreOptions {
  readonly trust: Trust;
  readonly env?: Environment;
}

export class HeaderStore {
  private readonly entries = new Map<string, Entry>();
  /** What each open recipe refers to. */
  private readonly wanted = new Map<string, ReadonlySet<string>>();
  private readonly env: Environment;
  private trust: Trust;
  private looking: Promise<boolean> | undefined;
  /** Counts changes of answers, so that what was made from them can tell whether it still holds. */
  generation = 0;

  constructor({ trust, env = process.env }: HeaderStoreOptions) {
    this.trust = trust;
    this.env = env;
  }

  /** Undefined where the source has not been looked at. */
  answerTo(source: CheckpointSource): ModelAnswer | undefined {
    return this.entries.get(keyOf(source))?.answer;
  }

  /** Says what a recipe refers to now, and reads what is new in it. True if an answer came. */
  async want(recipe: string, sources: Iterable<CheckpointSource>): Promise<boolean> {
    const keys = new Set<string>();
    const opening: Promise<void>[] = [];
    const before = this.generation;
    for (const source of sources) {
      const key = keyOf(source);
      keys.add(key);
      let entry = this.entries.get(key);
      if (entry === undefined) {
        entry = { source, answer: undefined, stamp: '', isSettled: false, opening: undefined };
        this.entries.set(key, entry);
      }
      if (entry.answer === undefined) opening.push(this.open(entry));
    }
    this.wanted.set(recipe, keys);
    this.forgetUnwanted();
    await Promise.all(opening);
    return this.generation !== before;
  }

  /** The recipe is closed. */
  drop(recipe: string): void {
    this.wanted.delete(recipe);
    this.forgetUnwanted();
  }

  async setTrust(trust: Trust): Promise<boolean> {
    this.trust = trust;
    const before = this.generation;
    await Promise.all(
      [...this.entries.values()].map(async (entry) => {
        // What is being read was allowed under the trust there was.
        await entry.opening;
        await this.open(entry);
      }),
    );
    return this.generation !== before;
  }

  /** Looks at every file once and reads again what has changed. True if an answer came out differently. */
  look(): Promise<boolean> {
    this.looking ??= this.lookOnce().finally(() => (this.looking = undefined));
    return this.looking;
  }

  private async lookOnce(): Promise<boolean> {
    const before = this.generation;
    await Promise.all(
      [...this.entries.values()].map(async (entry) => {
        const { answer } = entry;
        if (answer === undefined || answer.kind === 'withheld') return;
        const stamp = await this.stampNow(entry.source, answer);
        if (stamp !== entry.stamp || !entry.isSettled) await this.open(entry, { again: true });
      }),
    );
    return this.generation !== before;
  }

  private async stampNow(source: CheckpointSource, answer: ModelAnswer): Promise<string> {
    if (!(await mayRead(source, this.trust))) return '';
    return `${await placesStamp(source, this.env)}\n${await filesStamp(answer)}`;
  }

  private open(entry: Entry, { again = false }: { readonly again?: boolean } = {}): Promise<void> {
    entry.opening ??= this.read(entry, again).finally(() => (entry.opening = undefined));
    return entry.opening;
  }

  private async read(entry: Entry, again: boolean): Promise<void> {
    const { source, answer: before } = entry;
    if (!(await mayRead(source, this.trust))) return this.answer(entry, { kind: 'withheld' }, '');
    const places = await placesStamp(source, this.env);
    const result = await openCheckpoint(source, { env: this.env });
    const answer: ModelAnswer = result.ok
      ? { kind: 'read', checkpoint: result.value }
      : { kind: 'fault', fault: result.fault };
    const stamp = `${places}\n${await filesStampWhenRead(answer)}`;
    entry.isSettled = answer.kind === 'read' || again;
    if (before !== undefined && isSame(before, answer)) {
      // Kept as the same object, so that nothing that was made from it is made anew.
      entry.stamp = stamp;
      return;
    }
    this.answer(entry, answer, stamp);
  }

  private answer(entry: Entry, answer: ModelAnswer, stamp: string): void {
    entry.stamp = stamp;
    if (answer.kind === 'withheld' && entry.answer?.kind === 'withheld') return;
    entry.answer = answer;
    this.generation += 1;
  }

  private forgetUnwanted(): void {
    const all = new Set([...this.wanted.values()].flatMap((keys) => [...keys]));
    for (const key of this.entries.keys()) if (!all.has(key)) this.entries.delete(key);
  }
}

function keyOf(source: CheckpointSource): string {
  return JSON.stringify(source);
}

function termsOf({ licence }: Checkpoint): string | undefined {
  return licence === undefined ? undefined : `${licence.id} ${licence.name ?? ''}`;
}

/** Whether two answers tell a recipe the same. */
function isSame(one: ModelAnswer, other: ModelAnswer): boolean {
  if (one.kind === 'fault' && other.kind === 'fault') {
    return one.fault.code === other.fault.code && one.fault.message === other.fault.message;
  }
  if (one.kind !== 'read' || other.kind !== 'read') return false;
  const [a, b] = [one.checkpoint, other.checkpoint];
  return (
    a.configText === b.configText &&
    JSON.stringify(a.adapter) === JSON.stringify(b.adapter) &&
    termsOf(a) === termsOf(b) &&
    a.folder === b.folder &&
    a.files.length === b.files.length &&
    a.files.every(({ headerHash, size }, at) => {
      const file = b.files[at];
      return file?.headerHash === headerHash && file.size === size;
    })
  );
}
