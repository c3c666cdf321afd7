/** What an expression is read as: that decides what a map's keys and a bare word mean. */
import type { Catalogue, MethodSignature, Parameter } from '../../grammar/catalogue.ts';
import { dtypeWords } from '../../grammar/check/dtypes.ts';
import { looseWords } from '../../grammar/check/loose-words.ts';
import type { Measure } from '../../grammar/check/measures.ts';

export type Role =
  | { readonly kind: 'value' }
  | { readonly kind: 'place' | 'layers' }
  /** The inputs of a call: an expert's own braces hold its parameters. */
  | { readonly kind: 'inputs'; readonly method: MethodSignature }
  /** The value of a parameter: a map's keys are experts. */
  | { readonly kind: 'parameter'; readonly parameter: Parameter; readonly method: MethodSignature }
  /** A map of a method's arguments. */
  | { readonly kind: 'arguments'; readonly method: MethodSignature }
  /** A map of an output's settings, and the value of one. */
  | { readonly kind: 'settings' }
  | { readonly kind: 'setting'; readonly name: string }
  /** An option of a measure or curve, with the words it may be. */
  | { readonly kind: 'words'; readonly words: readonly string[] };

export const value: Role = { kind: 'value' };
export const place: Role = { kind: 'place' };
export const layers: Role = { kind: 'layers' };

export const blockName = /^(IN|M|OUT)\d{2}$/;
const curveOptions: ReadonlyMap<string, readonly string[]> = new Map([
  ['ease', ['linear', 'smooth', 'hold']],
  ['outside', ['ends']],
]);

/** The words that come before declared names where a choice is. */
export function wordsOf(role: Role, catalogue: Catalogue): ReadonlySet<string> | readonly string[] {
  switch (role.kind) {
    case 'parameter': {
      const { type } = role.parameter;
      if (type.kind === 'choice') return type.words.map(({ word }) => word);
      return type.kind === 'dtype' ? dtypeWords : [];
    }
    case 'setting':
      if (role.name === 'dtype') return dtypeWords;
      return role.name === 'chat_template' ? looseWords(catalogue) : [];
    case 'words':
      return role.words;
    case 'value':
    case 'place':
    case 'layers':
    case 'inputs':
    case 'arguments':
    case 'settings':
      return [];
  }
}

export function roleOfOption(option: string, of: string, measure: Measure | undefined): Role {
  if (measure !== undefined) {
    if (option === 'at') return place;
    return { kind: 'words', words: measure.options?.[option] ?? [] };
  }
  return { kind: 'words', words: of === 'curve' ? (curveOptions.get(option) ?? []) : [] };
}
