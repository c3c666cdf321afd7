import type { DiagnosticKind } from './diagnostic.ts';

export const noOutermostCall = {
  code: 'MW3012',
  title: 'A setting where there is no call',
  severity: 'error',
  what: `A rule sets arguments of its step's outermost call; a sum, a name or a cut has none.`,
  wrong: `merge m = base + 0.5 * tone {
  at mlp { scale = 0.2 }
}`,
  right: `merge m = base + 0.5 * tone {
  at mlp { take base + 0.2 * tone }
}`,
} satisfies DiagnosticKind;
