import type { DiagnosticKind } from './diagnostic.ts';

export const unknownType = {
  code: 'MW2011',
  title: 'A type that does not exist',
  severity: 'error',
  what: 'Behind a colon stands a type, a method whose arguments the map holds, or `output`.',
  wrong: 'let gentle: tise = { density: 20% }',
  right: 'let gentle: ties = { density: 20% }',
} satisfies DiagnosticKind;
