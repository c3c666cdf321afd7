import type { DiagnosticKind } from './diagnostic.ts';

export const curveNotAllowed = {
  code: 'MW3014',
  title: 'A curve where one number is needed',
  severity: 'error',
  what: 'What holds for the whole step cannot vary over its layers.',
  wrong: 'merge m = dare(math - base, seed: curve(0, 1))',
  right: 'merge m = dare(math - base, seed: 1)',
} satisfies DiagnosticKind;
