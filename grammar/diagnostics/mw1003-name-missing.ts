import type { DiagnosticKind } from './diagnostic.ts';

export const nameMissing: DiagnosticKind = {
  code: 'MW1003',
  title: 'A name is missing',
  severity: 'error',
  what: 'A declaration, a part after a dot or a key has no name.\nWithout a name nothing else can refer to it.',
  wrong: 'model = "./base"',
  right: 'model base = "./base"',
};
