import type { FaultKind } from './fault.ts';
import { noSuchToken } from './no-such-token.ts';
import { unreadTemplate } from './unread-template.ts';
import { unreadTokenizer } from './unread-tokenizer.ts';

/** All faults of vocabularies and templates, by code: documentation and tests loop over them. */
export const vocabularyFaults: readonly FaultKind[] = [
  unreadTokenizer,
  noSuchToken,
  unreadTemplate,
];
