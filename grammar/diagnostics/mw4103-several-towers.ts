import type { DiagnosticKind } from './diagnostic.ts';

export const severalTowers = {
  code: 'MW4103',
  title: 'A range of layers in several towers',
  severity: 'warning',
  what: 'Each tower numbers its layers from 0; a bare range takes those of every tower.',
  wrong: 'at layers 0..1 { t = 1 }',
  right: 'at layers 0..1 & text { t = 1 }',
} satisfies DiagnosticKind;
