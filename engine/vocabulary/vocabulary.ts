/** A model's tokens, as its `tokenizer.json` tells them. */
import { join } from 'node:path';
import type { Checkpoint } from '../checkpoints/checkpoint.ts';
import { isJsonObject, readJsonFile, type JsonBounds } from '../checkpoints/read-json.ts';
import { raise } from '../faults/fault.ts';
import { shownPlain } from '../faults/shown.ts';
import { unreadTokenizer } from '../faults/unread-tokenizer.ts';

export interface Vocabulary {
  /** The number of each token, added ones among them. */
  readonly tokens: ReadonlyMap<string, number>;
  /** Tokens that were added behind the tokenizer's own, such as those of a chat. */
  readonly added: ReadonlySet<string>;
  /** The file as it was read; nothing changes it. */
  readonly json: TokenizerJson;
}

/** The parts of a `tokenizer.json` that say which tokens there are; all else is kept as it is. */
export interface TokenizerJson {
  readonly added_tokens?: readonly AddedToken[];
  readonly model: {
    readonly type?: string;
    /** By token, or in the order of their numbers, each with its score. */
    readonly vocab: Readonly<Record<string, number>> | readonly (readonly [string, number])[];
  };
}

export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly special?: boolean;
}

export const tokenizerName = 'tokenizer.json';

/** The largest that are known have some 35 MB. */
const bounds: JsonBounds = { mostBytes: 200_000_000, deepest: 32 };
/** More than any embedding has rows. */
const mostTokens = 10_000_000;

/** Reads a model's tokens. Throws MW4570. */
export async function readVocabulary(name: string, model: Checkpoint): Promise<Vocabulary> {
  const file = model.carried.find((one) => one.name === tokenizerName);
  if (file === undefined) refuse(name, join(model.folder, tokenizerName), 'is not there');
  const read = await readJsonFile(file.path, bounds);
  if (!read.ok) refuse(name, file.path, read.what);
  if (!isTokenizer(read.json)) refuse(name, file.path, 'tells no vocabulary');
  const tokens = new Map(ownTokens(read.json));
  const added = new Set<string>();
  for (const { id, content } of read.json.added_tokens ?? []) {
    // Trainers list some of the tokenizer's own again, as special ones.
    if (!tokens.has(content)) added.add(content);
    tokens.set(content, id);
  }
  return { tokens, added, json: read.json };
}

function* ownTokens({ model: { vocab } }: TokenizerJson): Generator<readonly [string, number]> {
  if (Array.isArray(vocab)) yield* vocab.map(([token], id) => [token, id] as const);
  else yield* Object.entries(vocab);
}

function refuse(name: string, path: string, what: string): never {
  raise(unreadTokenizer, {
    file: path,
    message: `The vocabulary of ${name} cannot be read: ${shownPlain(path)} ${shownPlain(what)}.`,
    help: 'Save the tokenizer as tokenizer.json beside the model (a fast tokenizer does), or leave the `tokenizer` out of the output.',
  });
}

function isTokenizer(json: unknown): json is TokenizerJson {
  if (!isJsonObject(json) || !isJsonObject(json.model)) return false;
  const { added_tokens: added = [], model } = json;
  return Array.isArray(added) && added.every(isAdded) && isVocab(model.vocab);
}

function isAdded(json: unknown): boolean {
  return isJsonObject(json) && isNumber(json.id) && typeof json.content === 'string';
}

function isVocab(json: unknown): boolean {
  if (Array.isArray(json))
    return (
      json.length <= mostTokens &&
      json.every((entry) => Array.isArray(entry) && typeof entry[0] === 'string')
    );
  return isJsonObject(json) && Object.values(json).every(isNumber);
}

function isNumber(json: unknown): boolean {
  return Number.isSafeInteger(json) && (json as number) >= 0 && (json as number) < mostTokens;
}
