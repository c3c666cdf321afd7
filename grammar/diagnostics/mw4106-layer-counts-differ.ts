import type { DiagnosticKind } from './diagnostic.ts';

export const layerCountsDiffer = {
  code: 'MW4106',
  title: 'Models of unlike depth',
  severity: 'error',
  what: 'Layers meet by their numbers, so that another number of layers is another model.',
  wrong: 'merge m = linear([small, stacked])',
  right: 'merge m = linear([small, stacked[0..11]])',
} satisfies DiagnosticKind;
