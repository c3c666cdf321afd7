import type { DiagnosticKind } from './diagnostic.ts';

export const modelReference = {
  code: 'MW7013',
  title: 'A model that cannot be named so',
  severity: 'error',
  what: `A model is a path or an id, with \`@revision\` and \`+adapter\` behind it at most once each.
Older forms, such as \`model:\` before the id, are taken as a part of the path today.`,
  wrong: `merge_method: passthrough
models:
  - model: org/a+org/b+org/c`,
  right: `merge_method: passthrough
models:
  - model: org/a+org/b`,
} satisfies DiagnosticKind;
