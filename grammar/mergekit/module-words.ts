/** mergekit's names of modules, and the words of the language for the same parts of a network. */

/** By the word of the language; of two names the first is the usual one. */
export const moduleWords: ReadonlyMap<string, readonly string[]> = new Map([
  ['text', ['text_decoder']],
  ['vision', ['vision_tower', 'vision_model']],
  ['projector', ['multi_modal_projector']],
  ['encoder', ['encoder']],
  ['decoder', ['decoder']],
  ['embeddings', ['shared']],
]);

export const moduleNames: readonly string[] = [...moduleWords.values()].flat();

export function wordOfModuleName(name: string): string | undefined {
  return [...moduleWords].find(([, names]) => names.includes(name))?.[0];
}

/** The usual name of the part that a word of the language stands for. */
export function nameOfModule(word: string): string {
  return moduleWords.get(word)?.[0] ?? word;
}
