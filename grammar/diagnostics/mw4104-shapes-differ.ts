import type { DiagnosticKind } from './diagnostic.ts';

export const shapesDiffer = {
  code: 'MW4104',
  title: 'Tensors of unlike shape',
  severity: 'error',
  what: 'Two models meet only where their tensors have the same shapes.',
  wrong: 'merge m = linear([small, large])',
  right: 'merge m = linear([small, small_too])',
} satisfies DiagnosticKind;
