import type { PickleCursor } from './cursor.ts';
import { isKind } from './kinds.ts';
import type {
  PickleDict,
  PickleList,
  PicklePersistent,
  PickleValue,
  PickleVocabulary,
} from './value.ts';

/**
 * Bounds on what a pickle may make. With them, memory is at most some 200 bytes for each value and some for each byte read;
 * a state dict takes about 17 values for a tensor.
 */
export const mostValues = 1_000_000;
export const deepestStack = 100_000;

interface OpenList extends PickleList {
  readonly items: PickleValue[];
}

interface OpenDict extends PickleDict {
  readonly keys: PickleValue[];
  readonly values: PickleValue[];
}

/** The stack, the marks in it and the memo that a pickle's instructions work on. */
export class PickleMachine {
  readonly cursor: PickleCursor;
  readonly #vocabulary: PickleVocabulary;
  #stack: PickleValue[] = [];
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, PickleValue>();
  #made = 0;
  readonly #outside: PicklePersistent[] = [];

  constructor(cursor: PickleCursor, vocabulary: PickleVocabulary) {
    this.cursor = cursor;
    this.#vocabulary = vocabulary;
  }

  /** Pushes a value that was not there before. */
  make(value: PickleValue): void {
    this.#charge(1);
    this.#push(value);
  }

  makeList(): void {
    this.make({ kind: 'list', items: [] } satisfies OpenList);
  }

  makeDict(): void {
    this.make({ kind: 'dict', keys: [], values: [] } satisfies OpenDict);
  }

  /** What is outside of the pickle, in the order in which it is asked for. */
  get outside(): readonly PicklePersistent[] {
    return this.#outside;
  }

  persistent(id: PickleValue): void {
    const value: PicklePersistent = { kind: 'persistent', id };
    this.#outside.push(value);
    this.make(value);
  }

  pop(): PickleValue {
    if (this.#stack.length <= (this.#marks.at(-1) ?? 0)) return this.#underflow();
    return this.#stack.pop()!;
  }

  top(): PickleValue {
    if (this.#stack.length <= (this.#marks.at(-1) ?? 0)) return this.#underflow();
    return this.#stack.at(-1)!;
  }

  mark(): void {
    if (this.#marks.length >= deepestStack) this.#tooMany('open marks', deepestStack);
    this.#marks.push(this.#stack.length);
  }

  /** What was pushed since the last mark, in order; the mark goes too. */
  popMark(): PickleValue[] {
    const height = this.#marks.pop();
    if (height === undefined) return this.#underflow();
    return this.#stack.splice(height);
  }

  remember(index: number): void {
    this.#memo.set(index, this.top());
    if (this.#memo.size > mostValues) this.#tooMany('remembered values', mostValues);
  }

  rememberNext(): void {
    this.remember(this.#memo.size);
  }

  recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) {
      return this.cursor.flaw('malformed', `recalls value ${index}, which it never kept`);
    }
    this.#push(value);
  }

  append(items: readonly PickleValue[]): void {
    const list = this.top();
    if (!isKind(list, 'list')) return this.cursor.flaw('malformed', 'appends to what is no list');
    for (const item of items) (list as OpenList).items.push(item);
  }

  /** Keys and values by turns. */
  setItems(pairs: readonly PickleValue[]): void {
    const dict = this.top();
    if (!isKind(dict, 'dict'))
      return this.cursor.flaw('malformed', 'sets an item of what is no dict');
    if (pairs.length % 2 !== 0) return this.cursor.flaw('malformed', 'sets a key without a value');
    const { keys, values } = dict as OpenDict;
    for (let i = 0; i < pairs.length; i += 2) {
      keys.push(pairs[i]!);
      values.push(pairs[i + 1]!);
    }
  }

  global(module: string, name: string): void {
    const path = `${module}.${name}`;
    const role = this.#vocabulary.get(path);
    if (role === undefined) return this.cursor.flaw('foreign', `asks for ${path}`);
    this.make({ kind: 'global', name: path, role });
  }

  /** Notes a call; only an ordered dict is made at once, because what follows fills it. */
  call(callee: PickleValue, args: PickleValue): void {
    const { cursor } = this;
    if (!isKind(callee, 'global') || callee.role === 'name') {
      return cursor.flaw('foreign', `calls ${calleeName(callee)}`);
    }
    if (!isKind(args, 'tuple')) return cursor.flaw('malformed', 'calls with what is no tuple');
    switch (callee.role) {
      case 'ordered-dict':
        this.makeDict();
        return this.#fillFrom(args.items);
      case 'callable':
        return this.make({ kind: 'call', callee, args: args.items });
      default:
        callee.role satisfies never;
    }
  }

  /** The state of an ordered dict is notes of the writer (`_metadata`): it is left out. Anything else would be built. */
  build(): void {
    const state = this.pop();
    const target = this.top();
    if (!isKind(target, 'dict')) return this.cursor.flaw('foreign', 'sets the state of an object');
    if (!isKind(state, 'dict'))
      return this.cursor.flaw('malformed', 'gives a dict a state that is no dict');
  }

  /** The value of the whole pickle. */
  finish(): PickleValue {
    const [value, ...more] = this.#stack.slice(0, 2);
    if (value === undefined || more.length > 0 || this.#marks.length > 0) {
      return this.cursor.flaw('malformed', 'stops with other than one value');
    }
    return value;
  }

  /** An old ordered dict comes with a list of its pairs. They are charged for, since many dicts could share one list. */
  #fillFrom(args: readonly PickleValue[]): void {
    if (args.length === 0) return;
    const [pairs] = args;
    if (!isKind(pairs, 'list') || args.length > 1) return this.#noPairs();
    this.#charge(pairs.items.length);
    for (const pair of pairs.items) {
      if (!isKind(pair, 'list') && !isKind(pair, 'tuple')) return this.#noPairs();
      if (pair.items.length !== 2) return this.#noPairs();
      this.setItems(pair.items);
    }
  }

  #noPairs(): never {
    return this.cursor.flaw('malformed', 'makes a dict of what is no list of pairs');
  }

  #charge(values: number): void {
    this.#made += values;
    if (this.#made > mostValues) this.#tooMany('values', mostValues);
  }

  #push(value: PickleValue): void {
    if (this.#stack.length >= deepestStack) this.#tooMany('waiting values', deepestStack);
    this.#stack.push(value);
  }

  #underflow(): never {
    return this.cursor.flaw('malformed', 'takes a value where none is left');
  }

  #tooMany(what: string, most: number): never {
    return this.cursor.flaw('too-large', `has more than ${most} ${what}`);
  }
}

function calleeName(callee: PickleValue): string {
  return isKind(callee, 'global') ? callee.name : 'what is no name';
}
