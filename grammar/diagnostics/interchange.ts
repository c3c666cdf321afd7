/** All kinds of finding that interchange makes; the examples of MW70 and MW71 are YAML, those of MW72 and MW73 recipes. */
import type { DiagnosticKind } from './diagnostic.ts';
import { yamlUnreadable } from './mw7001-yaml-unreadable.ts';
import { noMergeMethod } from './mw7002-no-merge-method.ts';
import { wrongShape } from './mw7003-wrong-shape.ts';
import { keyMissing } from './mw7004-key-missing.ts';
import { oneListOfModels } from './mw7005-one-list-of-models.ts';
import { unknownMergeMethod } from './mw7006-unknown-merge-method.ts';
import { parameterWithoutValue } from './mw7007-parameter-without-value.ts';
import { layerRange } from './mw7008-layer-range.ts';
import { numberOfModels } from './mw7009-number-of-models.ts';
import { unknownDtype } from './mw7010-unknown-dtype.ts';
import { expertPrompts } from './mw7011-expert-prompts.ts';
import { searchComesLater } from './mw7012-search-comes-later.ts';
import { modelReference } from './mw7013-model-reference.ts';
import { documents } from './mw7014-documents.ts';
import { modelTwice } from './mw7015-model-twice.ts';
import { tokenizerSource } from './mw7016-tokenizer-source.ts';
import { module } from './mw7017-module.ts';
import { filterByNumber } from './mw7018-filter-by-number.ts';
import { keyIgnored } from './mw7101-key-ignored.ts';
import { parameterIgnored } from './mw7102-parameter-ignored.ts';
import { entryNeverReached } from './mw7103-entry-never-reached.ts';
import { keyReplaced } from './mw7104-key-replaced.ts';
import { twoSpellings } from './mw7105-two-spellings.ts';
import { stageTokenizer } from './mw7106-stage-tokenizer.ts';
import { otherDraws } from './mw7107-other-draws.ts';
import { writtenOtherwise } from './mw7108-written-otherwise.ts';
import { gradientEnds } from './mw7109-gradient-ends.ts';
import { mergekitStops } from './mw7110-mergekit-stops.ts';
import { notSaidInYaml } from './mw7201-not-said-in-yaml.ts';
import { methodNotThere } from './mw7202-method-not-there.ts';
import { placeNotAFilter } from './mw7203-place-not-a-filter.ts';
import { oneOutput } from './mw7204-one-output.ts';
import { computedOtherwise } from './mw7301-computed-otherwise.ts';
import { leftOut } from './mw7302-left-out.ts';

export const interchangeKinds: readonly DiagnosticKind[] = [
  yamlUnreadable,
  noMergeMethod,
  wrongShape,
  keyMissing,
  oneListOfModels,
  unknownMergeMethod,
  parameterWithoutValue,
  layerRange,
  numberOfModels,
  unknownDtype,
  expertPrompts,
  searchComesLater,
  modelReference,
  documents,
  modelTwice,
  tokenizerSource,
  module,
  filterByNumber,
  keyIgnored,
  parameterIgnored,
  entryNeverReached,
  keyReplaced,
  twoSpellings,
  stageTokenizer,
  otherDraws,
  writtenOtherwise,
  gradientEnds,
  mergekitStops,
  notSaidInYaml,
  methodNotThere,
  placeNotAFilter,
  oneOutput,
  computedOtherwise,
  leftOut,
];
