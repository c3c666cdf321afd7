import type { DiagnosticKind } from './diagnostic.ts';

export const unreadableSource = {
  code: 'MW2012',
  title: 'A source that is neither a path nor a hub id',
  severity: 'error',
  what: 'A path begins with a dot, a slash, a tilde or a drive; a hub id is `owner/name`.',
  wrong: 'model m = "my models/coder/v2"',
  right: 'model m = "./my models/coder/v2"',
} satisfies DiagnosticKind;
