import type { DiagnosticKind } from './diagnostic.ts';

export const unknownAllowance = {
  code: 'MW2018',
  title: `A code that cannot be allowed`,
  severity: 'warning',
  what: `\`// allow CODE: reason\` silences a warning; this code is no warning of the language, or there is none of that number.
Errors are never silenced: what they speak of would stop the merge.`,
  wrong: `// allow MW9999: as intended
merge m = linear([math, code])`,
  right: `merge m = linear([math, code])`,
} satisfies DiagnosticKind;
