import type { DiagnosticKind } from './diagnostic.ts';

export const severalVocabularies = {
  code: 'MW4118',
  title: 'Outputs of several vocabularies',
  severity: 'error',
  what: [
    'A `tokenizer` brings every model of the recipe to its rows, wherever the model is read.',
    'So all outputs of a recipe have one vocabulary; another needs a recipe of its own.',
  ].join('\n'),
  wrong: `merge m = linear([a, b])
merge n = slerp(a, b, t: 0.3)
output m to "./with" { tokenizer = union([a, b]) }
output n to "./without"`,
  right: `merge m = linear([a, b])
merge n = slerp(a, b, t: 0.3)
let house: output = { tokenizer: union([a, b]) }
output m to "./one" { ...house }
output n to "./two" { ...house }`,
} satisfies DiagnosticKind;
