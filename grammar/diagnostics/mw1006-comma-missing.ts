import type { DiagnosticKind } from './diagnostic.ts';

export const commaMissing: DiagnosticKind = {
  code: 'MW1006',
  title: 'A comma is missing',
  severity: 'error',
  what: 'Arguments, items and entries are parted by commas.\nWithout one, two values could be read as one.',
  wrong: 'merge blend = average([a b])',
  right: 'merge blend = average([a, b])',
};
