import type { DiagnosticKind } from './diagnostic.ts';

export const noSuchLayer = {
  code: 'MW4101',
  title: 'A layer that is not there',
  severity: 'error',
  what: `Layers count from 0, and from the end with negative numbers; a layer that the step's result does not have can only be a mistake.`,
  wrong: 'at layers 24..31 { t = 1 }',
  right: 'at layers 24..27 { t = 1 }',
} satisfies DiagnosticKind;
