/** What measured figures tell of models: said once there is a preview. */
import type { DiagnosticKind } from './diagnostic.ts';
import { noCommonAncestor } from './mw5101-no-common-ancestor.ts';
import { nearlyTheSame } from './mw5102-nearly-the-same.ts';
import { isTheBase } from './mw5103-is-the-base.ts';
import { notTheBase } from './mw5104-not-the-base.ts';
import { dropsLargeChanges } from './mw5105-drops-large-changes.ts';
import { unevenSizes } from './mw5106-uneven-sizes.ts';
import { signsAtOdds } from './mw5107-signs-at-odds.ts';
import { opposedChanges } from './mw5108-opposed-changes.ts';

export const figureKinds: readonly DiagnosticKind[] = [
  noCommonAncestor,
  nearlyTheSame,
  isTheBase,
  notTheBase,
  dropsLargeChanges,
  unevenSizes,
  signsAtOdds,
  opposedChanges,
];
