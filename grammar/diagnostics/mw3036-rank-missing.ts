import type { DiagnosticKind } from './diagnostic.ts';

export const rankMissing = {
  code: 'MW3036',
  title: 'A rank is missing',
  severity: 'error',
  what: `Without a rank \`to_lora\` lays the factors of adapters side by side, which is exact.
So its Delta must be a sum of adapters: through \`+\`, \`-\`, products with numbers, \`scale\`, \`lerp\` and weighted means.
Anything else has no factors of its own; a rank says how many are made of it.`,
  wrong: 'merge small = to_lora(math - base)',
  right: 'merge small = to_lora(math - base, rank: 32)',
} satisfies DiagnosticKind;
