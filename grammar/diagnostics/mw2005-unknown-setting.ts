import type { DiagnosticKind } from './diagnostic.ts';

export const unknownSetting = {
  code: 'MW2005',
  title: 'An output setting that does not exist',
  severity: 'error',
  what: 'The settings of an output are few and named; another would do nothing.',
  wrong: 'output m to "./out" { dtyp = bf16 }',
  right: 'output m to "./out" { dtype = bf16 }',
} satisfies DiagnosticKind;
