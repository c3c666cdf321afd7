import type { DiagnosticKind } from './diagnostic.ts';

export const oneListOfModels = {
  code: 'MW7005',
  title: 'Models, slices or modules',
  severity: 'error',
  what: `A merge lists its inputs once: as \`models\`, as \`slices\` or as \`modules\`.`,
  wrong: `merge_method: linear
dtype: bfloat16`,
  right: `merge_method: linear
models:
  - model: org/a
    parameters: { weight: 1 }`,
} satisfies DiagnosticKind;
