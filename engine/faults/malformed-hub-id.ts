import type { FaultKind } from './fault.ts';

export const malformedHubId = {
  code: 'MW4550',
  title: 'Not a Hugging Face id',
  severity: 'error',
  exit: 'input',
  what: [
    'An id is a name, or an organisation and a name with one slash between; letters, digits, `-`, `_` and `.` are allowed.',
    'A path begins with `.`, `/` or `~`, or is written with `local`.',
  ].join('\n'),
  wrong: 'model base = "models/qwen/base"',
  right: 'model base = "./models/qwen/base"',
} as const satisfies FaultKind;
