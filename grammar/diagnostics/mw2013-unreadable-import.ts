import type { DiagnosticKind } from './diagnostic.ts';

export const unreadableImport = {
  code: 'MW2013',
  title: 'An import that cannot be read',
  severity: 'error',
  what: `\`use\` names another recipe by its path, which starts at the folder of the recipe that uses it.
Names that it might declare are not reported as unknown until it can be read.`,
  wrong: 'use "./missing.merge"',
  right: 'use "./common.merge"',
} satisfies DiagnosticKind;
