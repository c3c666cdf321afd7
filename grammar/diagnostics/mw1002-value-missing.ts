import type { DiagnosticKind } from './diagnostic.ts';

export const valueMissing: DiagnosticKind = {
  code: 'MW1002',
  title: 'A value is missing',
  severity: 'error',
  what: 'A value, a place or a path should stand here and none does.\nNothing is put in its place, since any guess would change what the recipe makes.',
  wrong: 'merge blend = lerp(a, b, t: )',
  right: 'merge blend = lerp(a, b, t: 0.5)',
};
