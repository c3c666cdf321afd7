import type { DiagnosticKind } from './diagnostic.ts';

export const hashComment: DiagnosticKind = {
  code: 'MW1020',
  title: 'A comment opens with `#`',
  severity: 'error',
  what: 'A comment opens with `//`, and with `///` where it documents the declaration below it.',
  wrong: 'model base = "./base"  # the base',
  right: 'model base = "./base"  // the base',
};
