import type { DiagnosticKind } from './diagnostic.ts';

export const unusedAllowance = {
  code: 'MW2019',
  title: `An allowance that silences nothing`,
  severity: 'hint',
  what: `Nothing on its line gives this finding any more, so that the comment would hide the next one that does.
Where a finding needs headers or measures, this is said only once they were read.`,
  wrong: `merge m = linear([math, code])  // allow MW3101: as intended`,
  right: `merge m = linear([math, code], weight: 0.6, normalize: false)  // allow MW3101: as intended`,
} satisfies DiagnosticKind;
