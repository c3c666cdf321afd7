/**
 * What a pickle says, as plain data: nothing of it was imported, called or built.
 * Values may be shared, and a list or dict may hold itself; who walks them keeps count of where he was.
 */
export type PickleValue =
  | null
  | boolean
  /** An integer that a double holds exactly. */
  | number
  /** Any other integer. */
  | bigint
  | string
  | Uint8Array
  | PickleFloat
  | PickleTuple
  | PickleList
  | PickleDict
  | PickleGlobal
  | PickleCall
  | PicklePersistent;

/** Kept apart from integers, so that 2.0 is no size. */
export interface PickleFloat {
  readonly kind: 'float';
  readonly value: number;
}

export interface PickleTuple {
  readonly kind: 'tuple';
  readonly items: readonly PickleValue[];
}

export interface PickleList {
  readonly kind: 'list';
  readonly items: readonly PickleValue[];
}

/** A dict or an ordered one: keys and values in the order written, a key that is set twice among them twice. */
export interface PickleDict {
  readonly kind: 'dict';
  readonly keys: readonly PickleValue[];
  readonly values: readonly PickleValue[];
}

/** A name that the vocabulary knows. */
export interface PickleGlobal {
  readonly kind: 'global';
  /** Module and name with a dot between them. */
  readonly name: string;
  readonly role: GlobalRole;
}

/** What would be called with what. */
export interface PickleCall {
  readonly kind: 'call';
  readonly callee: PickleGlobal;
  readonly args: readonly PickleValue[];
}

/** What the writer kept outside of the pickle, by the name it has there. */
export interface PicklePersistent {
  readonly kind: 'persistent';
  readonly id: PickleValue;
}

/** An `ordered-dict` is made by a call and is a dict; a `callable` may be called; a `name` stands for itself. */
export type GlobalRole = 'ordered-dict' | 'callable' | 'name';

/** The only names that a pickle may use, each with what it may be used for. */
export type PickleVocabulary = ReadonlyMap<string, GlobalRole>;
