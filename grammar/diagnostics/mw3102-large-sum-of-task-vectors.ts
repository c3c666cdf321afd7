import type { DiagnosticKind } from './diagnostic.ts';

export const largeSumOfTaskVectors = {
  code: 'MW3102',
  title: 'A large sum of task vectors',
  severity: 'hint',
  what: 'Where weights times scale sum to more than 1.5, the changes of the experts are added beyond what each was trained for.',
  wrong: 'merge m = task_arithmetic(base, [a, b, c])',
  right: 'merge m = task_arithmetic(base, [a, b, c], scale: 0.4)',
} satisfies DiagnosticKind;
