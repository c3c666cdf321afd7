import type { DiagnosticKind } from './diagnostic.ts';

export const baseRequired = {
  code: 'MW3022',
  title: 'A measure that needs a base',
  severity: 'error',
  what: 'A change is taken from the base of the nearest step that has the model among its inputs; here that is none, or not one.',
  wrong: 'expect gap(m, other) < 120%',
  right: 'expect gap(m, other, base: base) < 120%',
} satisfies DiagnosticKind;
