import type { DiagnosticKind } from './diagnostic.ts';

export const otherWord: DiagnosticKind = {
  code: 'MW1019',
  title: 'A word of another statement stands here',
  severity: 'error',
  what: 'Within a rule a tensor is taken with `take`, since `use` imports a recipe.\nText in a place is a pattern of tensor names as it stands, and a comma in it would read as "or".',
  wrong: 'merge blend = average([a, b]) {\n  at layers 0..7 { use a }\n}',
  right: 'merge blend = average([a, b]) {\n  at layers 0..7 { take a }\n}',
};
