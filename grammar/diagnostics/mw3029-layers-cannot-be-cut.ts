import type { DiagnosticKind } from './diagnostic.ts';

export const layersCannotBeCut = {
  code: 'MW3029',
  title: 'Layers that cannot be cut',
  severity: 'error',
  what: 'Only layers that are numbered can be taken out and set in a row.',
  wrong: 'merge m = unet[0..3]',
  right: 'merge m = text[0..3]',
} satisfies DiagnosticKind;
