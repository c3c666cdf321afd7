/** The tokens of an output, in the order of its rows. */
import type { AddedToken, TokenizerJson, Vocabulary } from './vocabulary.ts';

export interface NamedVocabulary {
  /** The source's name in the recipe. */
  readonly name: string;
  readonly vocabulary: Vocabulary;
}

export interface TargetVocabulary {
  /** By row: its token; a number that no token has is a hole. */
  readonly tokens: readonly (string | undefined)[];
  /** Rows of the embedding: as many as tokens, rounded up. */
  readonly height: number;
  /** The source whose tokenizer it is. */
  readonly donor: string;
  /** Tokens that the donor has not, each with its row. */
  readonly joined: ReadonlyMap<string, number>;
  /** The donor's `tokenizer.json` with the tokens that joined it; absent where none did. */
  readonly json?: TokenizerJson;
}

/**
 * The tokenizer of the first model, and behind its tokens those of the others that it lacks, in the order of the models and of
 * their numbers; then tokens that only the recipe names.
 */
export function targetVocabulary(
  models: readonly NamedVocabulary[],
  { named, padTo }: { readonly named: Iterable<string>; readonly padTo: number },
): TargetVocabulary {
  const [{ name: donor, vocabulary: first }] = models as [NamedVocabulary];
  const rows = new Map(first.tokens);
  let next = highest(first) + 1;
  const joined = new Map<string, number>();
  const join = (token: string): void => {
    if (rows.has(token)) return;
    rows.set(token, next);
    joined.set(token, next++);
  };
  for (const { vocabulary } of models.slice(1)) {
    const ordered = [...vocabulary.tokens].sort(([, one], [, other]) => one - other);
    for (const [token] of ordered) join(token);
  }
  for (const token of named) join(token);
  const tokens = new Array<string | undefined>(next);
  for (const [token, row] of rows) tokens[row] = token;
  return {
    tokens,
    height: Math.ceil(next / padTo) * padTo,
    donor,
    joined,
    ...(joined.size === 0 ? {} : { json: withTokens(first.json, joined, models) }),
  };
}

/** A vocabulary is longer than a call's arguments may be. */
function highest({ tokens }: Vocabulary): number {
  let most = -1;
  for (const id of tokens.values()) most = Math.max(most, id);
  return most;
}

/**
 * A token that another model had added is added here too. One of its tokenizer's own gets a row without a rule that makes it, so
 * that a text is cut as the donor cuts it; where numbers follow from a list, it has to be an added one.
 */
function withTokens(
  json: TokenizerJson,
  joined: ReadonlyMap<string, number>,
  models: readonly NamedVocabulary[],
): TokenizerJson {
  const { vocab } = json.model;
  const plain: [string, number][] = [];
  const added: AddedToken[] = [];
  for (const [content, id] of joined) {
    const entry = addedEntry(content, models);
    const isPlain = entry === undefined && isKnown(content, models) && !Array.isArray(vocab);
    if (isPlain) plain.push([content, id]);
    else
      added.push({ ...plainAddition, special: !isKnown(content, models), ...entry, id, content });
  }
  return {
    ...json,
    added_tokens: [...(json.added_tokens ?? []), ...added],
    model: {
      ...json.model,
      vocab: Array.isArray(vocab) ? vocab : { ...vocab, ...Object.fromEntries(plain) },
    },
  };
}

const plainAddition = { single_word: false, lstrip: false, rstrip: false, normalized: false };

function isKnown(token: string, models: readonly NamedVocabulary[]): boolean {
  return models.some(({ vocabulary }) => vocabulary.tokens.has(token));
}

function addedEntry(token: string, models: readonly NamedVocabulary[]): AddedToken | undefined {
  for (const { vocabulary } of models) {
    if (!vocabulary.added.has(token)) continue;
    const entry = vocabulary.json.added_tokens?.find(({ content }) => content === token);
    if (entry !== undefined) return entry;
  }
  return undefined;
}
