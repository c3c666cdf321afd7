/** Functions and words of forms that are read now and run later. */
import type { Catalogue } from '../catalogue.ts';
import { placeWords } from '../places/place.ts';
import { dtypeWords } from './dtypes.ts';

/** Of tokenizers, sweeps, searches and evaluations. */
export const laterFunctions: ReadonlySet<string> = new Set([
  'union',
  'force',
  'row',
  'file',
  'grid',
  'random',
  'cma_es',
  'command',
]);

/** Words of tokenizer and template settings. */
const settingWords = [
  'zero',
  'majority',
  'none',
  'chatml',
  'llama3',
  'mistral',
  'alpaca',
  'exaone',
];

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
