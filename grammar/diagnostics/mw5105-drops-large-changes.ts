import type { DiagnosticKind } from './diagnostic.ts';

export const dropsLargeChanges = {
  code: 'MW5105',
  title: `Random drops in a large change`,
  severity: 'warning',
  what: `DARE holds for small changes, of which most can be dropped; where the change is large, as after long further training, dropping a tenth can destroy the model.
Keep more (\`density\`), or trim by size: \`ties\`.`,
  wrong: `merge m = dare_ties(base, [math_pretrained], density: 50%)`,
  right: `merge m = ties(base, [math_pretrained], density: 50%)`,
} satisfies DiagnosticKind;
