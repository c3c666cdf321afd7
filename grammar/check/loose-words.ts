/** Functions and words that a text may hold where nothing says yet what they mean. */
import type { Catalogue } from '../catalogue.ts';
import { placeWords } from '../places/place.ts';
import { dtypeWords } from './dtypes.ts';
import { formFunctions, templateWords } from './forms.ts';

/** Of tokenizers, sweeps, searches and evaluations. */
export const formNames: ReadonlySet<string> = new Set(formFunctions.map(({ name }) => name));

/** Words of tokenizer and template settings. */
const settingWords = ['zero', ...templateWords];

const known = new WeakMap<Catalogue, ReadonlySet<string>>();

/** Every word that some choice offers: in a map that has no meaning yet, it may be one of them. */
export function looseWords(catalogue: Catalogue): ReadonlySet<string> {
  let words = known.get(catalogue);
  if (words === undefined) {
    const choices = [...catalogue.values()].flatMap(({ parameters }) =>
      parameters.flatMap(({ type }) =>
        type.kind === 'choice' ? type.words.map(({ word }) => word) : [],
      ),
    );
    const common = ['paper', 'mergekit', 'linear', 'smooth', 'hold', 'ends'];
    words = new Set([...choices, ...common, ...settingWords, ...dtypeWords, ...placeWords]);
    known.set(catalogue, words);
  }
  return words;
}
