import type { DiagnosticKind } from './diagnostic.ts';

export const settingOnTaken = {
  code: 'MW4113',
  title: 'A setting on tensors that are taken',
  severity: 'warning',
  what: 'A `take` outranks all settings, earlier and later ones alike.',
  wrong: `at mlp { take code }
at mlp { t = 0.2 }`,
  right: 'at mlp { take code }',
} satisfies DiagnosticKind;
