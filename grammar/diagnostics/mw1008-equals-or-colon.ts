import type { DiagnosticKind } from './diagnostic.ts';

export const equalsOrColon: DiagnosticKind = {
  code: 'MW1008',
  title: '`:` and `=` are swapped',
  severity: 'error',
  what: '`name = value` sets something: in a declaration, in a rule, in an output.\n`name: value` hands something over: in a call, in a map.\nReading them apart tells at a glance whether a line changes a step or describes a value.',
  wrong: 'merge blend = lerp(a, b, t = 0.5)',
  right: 'merge blend = lerp(a, b, t: 0.5)',
};
