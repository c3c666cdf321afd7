/**
 * What every word of a recipe means: which declaration, method, parameter, choice, part or setting it names.
 * Hover, colouring, definition, references and rename all read this one list.
 */
import type { MethodSignature, Parameter } from '../../grammar/catalogue.ts';
import type { Measure } from '../../grammar/check/measures.ts';
import type { Span } from '../../grammar/syntax/span.ts';
import { touches } from '../../grammar/syntax/span.ts';
import type { Name, Statement } from '../../grammar/syntax/tree.ts';
import type { Analysis } from './analysis.ts';
import { importedIn } from './imported-names.ts';
import { readMentions } from './read-mentions.ts';

export type Mention = Span & MentionShape;

export type MentionShape =
  /**
   * A declared name. As a `key` it opens an entry of a map, as a `setting` it follows the dot of `weight.math`.
   * A name of another recipe is called as this one writes it, `common.math`, and stands at its last word.
   */
  | {
      readonly kind: 'name';
      readonly name: string;
      readonly role: 'declaration' | 'use' | 'key' | 'setting';
    }
  | { readonly kind: 'method'; readonly method: MethodSignature }
  /** A function that is no method: `stack`, `curve`, `hub`, `union`. */
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'measure'; readonly measure: Measure }
  | { readonly kind: 'parameter'; readonly parameter: Parameter; readonly method: MethodSignature }
  /** The name of an argument of something that is no method: `ease`, `revision`, `at`. */
  | { readonly kind: 'option'; readonly name: string; readonly of: string }
  /** A word of a choice; `parameter` is absent where the map around it has no meaning yet. */
  | { readonly kind: 'word'; readonly word: string; readonly parameter?: Parameter }
  | { readonly kind: 'part'; readonly word: string }
  | { readonly kind: 'pattern'; readonly text: string }
  | { readonly kind: 'setting'; readonly name: string }
  | { readonly kind: 'type'; readonly name: string }
  | { readonly kind: 'metric'; readonly name: string; readonly of: string }
  | { readonly kind: 'unknown'; readonly text: string };

export type NameMention = Extract<Mention, { readonly kind: 'name' }>;

export interface DeclaredName {
  readonly name: Name;
  readonly statement: Statement;
}

export interface Mentions {
  /** In the order of the text. */
  readonly all: readonly Mention[];
  /** By this recipe; of a name declared twice, the first. */
  readonly declared: ReadonlyMap<string, DeclaredName>;
}

const known = new WeakMap<Analysis, Mentions>();

export function mentionsOf(analysis: Analysis): Mentions {
  let mentions = known.get(analysis);
  if (mentions === undefined) {
    mentions = readMentions(analysis.recipe, analysis.catalogue, importedIn(analysis));
    known.set(analysis, mentions);
  }
  return mentions;
}

/** The word at an offset; a cursor may stand behind its last letter. */
export function mentionAt(analysis: Analysis, offset: number): Mention | undefined {
  const { all } = mentionsOf(analysis);
  return all.findLast((mention) => touches(mention, offset));
}

/** Every mention of a declared name, its declaration first in the text or not. */
export function mentionsOfName(analysis: Analysis, name: string): readonly NameMention[] {
  return mentionsOf(analysis).all.filter(
    (mention): mention is NameMention => mention.kind === 'name' && mention.name === name,
  );
}
