/** The kinds of syntax error, by their codes. */
import type { DiagnosticKind } from './diagnostic.ts';
import { unexpectedText } from './mw1001-unexpected-text.ts';
import { valueMissing } from './mw1002-value-missing.ts';
import { nameMissing } from './mw1003-name-missing.ts';
import { reservedWord } from './mw1004-reserved-word.ts';
import { bracketUnclosed } from './mw1005-bracket-unclosed.ts';
import { commaMissing } from './mw1006-comma-missing.ts';
import { markMissing } from './mw1007-mark-missing.ts';
import { equalsOrColon } from './mw1008-equals-or-colon.ts';
import { ruleInRule } from './mw1009-rule-in-rule.ts';
import { settingBesideRules } from './mw1010-setting-beside-rules.ts';
import { otherQuotes } from './mw1011-other-quotes.ts';
import { textUnclosed } from './mw1012-text-unclosed.ts';
import { unknownEscape } from './mw1013-unknown-escape.ts';
import { barePoint } from './mw1014-bare-point.ts';
import { unknownCharacter } from './mw1015-unknown-character.ts';
import { foreignLetter } from './mw1016-foreign-letter.ts';
import { nestedTooDeep } from './mw1017-nested-too-deep.ts';
import { misspeltStatement } from './mw1018-misspelt-statement.ts';
import { otherWord } from './mw1019-other-word.ts';
import { hashComment } from './mw1020-hash-comment.ts';
import { loosePercent } from './mw1021-loose-percent.ts';

export const SYNTAX_KINDS: readonly DiagnosticKind[] = [
  unexpectedText,
  valueMissing,
  nameMissing,
  reservedWord,
  bracketUnclosed,
  commaMissing,
  markMissing,
  equalsOrColon,
  ruleInRule,
  settingBesideRules,
  otherQuotes,
  textUnclosed,
  unknownEscape,
  barePoint,
  unknownCharacter,
  foreignLetter,
  nestedTooDeep,
  misspeltStatement,
  otherWord,
  hashComment,
  loosePercent,
];
