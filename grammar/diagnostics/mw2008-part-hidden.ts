import type { DiagnosticKind } from './diagnostic.ts';

export const partHidden = {
  code: 'MW2008',
  title: 'A declaration hides a part',
  severity: 'warning',
  what: 'Parts such as `attention` are known for every architecture; a declaration of the same name takes their place in this recipe.',
  wrong: 'tensors attention = "*.attn.*"',
  right: 'tensors attn = "*.attn.*"',
} satisfies DiagnosticKind;
