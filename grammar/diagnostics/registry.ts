/** All kinds of finding that the language makes, in the order of their codes. */
import type { DiagnosticKind } from './diagnostic.ts';
import { unknownName } from './mw2001-unknown-name.ts';
import { unknownMethod } from './mw2002-unknown-method.ts';
import { unknownParameter } from './mw2003-unknown-parameter.ts';
import { unknownWord } from './mw2004-unknown-word.ts';
import { unknownSetting } from './mw2005-unknown-setting.ts';
import { declaredTwice } from './mw2006-declared-twice.ts';
import { usedAbove } from './mw2007-used-above.ts';
import { partHidden } from './mw2008-part-hidden.ts';
import { unknownExpert } from './mw2009-unknown-expert.ts';
import { unknownMeasure } from './mw2010-unknown-measure.ts';
import { unknownType } from './mw2011-unknown-type.ts';
import { unreadableSource } from './mw2012-unreadable-source.ts';
import { unreadableImport } from './mw2013-unreadable-import.ts';
import { importInCircle } from './mw2014-import-in-circle.ts';
import { importedErrors } from './mw2015-imported-errors.ts';
import { otherToolsName } from './mw2016-other-tools-name.ts';
import { unusedName } from './mw2017-unused-name.ts';
import { unknownAllowance } from './mw2018-unknown-allowance.ts';
import { unusedAllowance } from './mw2019-unused-allowance.ts';
import { wrongType } from './mw3001-wrong-type.ts';
import { outOfRange } from './mw3002-out-of-range.ts';
import { missingParameter } from './mw3003-missing-parameter.ts';
import { givenTwice } from './mw3004-given-twice.ts';
import { share } from './mw3005-share.ts';
import { modelsAndDeltas } from './mw3006-models-and-deltas.ts';
import { modelWithoutBase } from './mw3007-model-without-base.ts';
import { inputs } from './mw3008-inputs.ts';
import { expertTwice } from './mw3009-expert-twice.ts';
import { expertCount } from './mw3010-expert-count.ts';
import { notByPlace } from './mw3011-not-by-place.ts';
import { noOutermostCall } from './mw3012-no-outermost-call.ts';
import { notByModel } from './mw3013-not-by-model.ts';
import { curveNotAllowed } from './mw3014-curve-not-allowed.ts';
import { tensorArithmetic } from './mw3015-tensor-arithmetic.ts';
import { weightsSumToZero } from './mw3016-weights-sum-to-zero.ts';
import { outputsMeet } from './mw3017-outputs-meet.ts';
import { letHolds } from './mw3018-let-holds.ts';
import { rangeOrder } from './mw3019-range-order.ts';
import { pattern } from './mw3020-pattern.ts';
import { notAPlace } from './mw3021-not-a-place.ts';
import { baseRequired } from './mw3022-base-required.ts';
import { wholeScope } from './mw3023-whole-scope.ts';
import { divisionByZero } from './mw3024-division-by-zero.ts';
import { condition } from './mw3025-condition.ts';
import { sourceInExpression } from './mw3026-source-in-expression.ts';
import { overwritesInput } from './mw3027-overwrites-input.ts';
import { notAnOutput } from './mw3028-not-an-output.ts';
import { layersCannotBeCut } from './mw3029-layers-cannot-be-cut.ts';
import { unnamedExpert } from './mw3030-unnamed-expert.ts';
import { tooLarge } from './mw3031-too-large.ts';
import { knobCannotBeTurned } from './mw3032-knob-cannot-be-turned.ts';
import { epsilonPastDensity } from './mw3033-epsilon-past-density.ts';
import { promptsMissing } from './mw3034-prompts-missing.ts';
import { adapterAmongOperands } from './mw3035-adapter-among-operands.ts';
import { rankMissing } from './mw3036-rank-missing.ts';
import { weightsNotOne } from './mw3101-weights-not-one.ts';
import { largeSumOfTaskVectors } from './mw3102-large-sum-of-task-vectors.ts';
import { nothingTrimmed } from './mw3103-nothing-trimmed.ts';
import { combineAndScale } from './mw3104-combine-and-scale.ts';
import { sameSeed } from './mw3105-same-seed.ts';
import { baseAmongExperts } from './mw3106-base-among-experts.ts';
import { mixedPlaceOperators } from './mw3107-mixed-place-operators.ts';
import { expertWithoutWeight } from './mw3108-expert-without-weight.ts';
import { trimAfterDrop } from './mw3109-trim-after-drop.ts';
import { extrapolates } from './mw3110-extrapolates.ts';
import { manyExperts } from './mw3111-many-experts.ts';
import { plainAverage } from './mw3112-plain-average.ts';
import { weightsNearlyCancel } from './mw3113-weights-nearly-cancel.ts';
import { settingWithoutEffect } from './mw3114-setting-without-effect.ts';
import { notInMergekit } from './mw3115-not-in-mergekit.ts';
import { droppedTwice } from './mw3116-dropped-twice.ts';
import { samePrompts } from './mw3117-same-prompts.ts';
import { sourceTwice } from './mw3118-source-twice.ts';
import { emptyRule } from './mw3119-empty-rule.ts';
import { setTwiceInRule } from './mw3120-set-twice-in-rule.ts';
import { knobNotRead } from './mw3121-knob-not-read.ts';
import { largeGrid } from './mw3122-large-grid.ts';
import { decidedAlready } from './mw3123-decided-already.ts';
import { varianceOfOne } from './mw3124-variance-of-one.ts';
import { otherStatistics } from './mw3125-other-statistics.ts';
import { runsLater } from './mw3901-runs-later.ts';
import { noSuchLayer } from './mw4101-no-such-layer.ts';
import { emptyPlace } from './mw4102-empty-place.ts';
import { severalTowers } from './mw4103-several-towers.ts';
import { shapesDiffer } from './mw4104-shapes-differ.ts';
import { tensorsMissing } from './mw4105-tensors-missing.ts';
import { layerCountsDiffer } from './mw4106-layer-counts-differ.ts';
import { headOverTiedBase } from './mw4107-head-over-tied-base.ts';
import { mixedTypes } from './mw4108-mixed-types.ts';
import { takeLacksTensors } from './mw4109-take-lacks-tensors.ts';
import { vocabulariesDiffer } from './mw4110-vocabularies-differ.ts';
import { nothingKept } from './mw4111-nothing-kept.ts';
import { winsNowhere } from './mw4112-wins-nowhere.ts';
import { settingOnTaken } from './mw4113-setting-on-taken.ts';
import { architecturesDiffer } from './mw4114-architectures-differ.ts';
import { roundedDifferences } from './mw4115-rounded-differences.ts';
import { positionsDiffer } from './mw4116-positions-differ.ts';
import { licencesDiffer } from './mw4117-licences-differ.ts';
import { severalVocabularies } from './mw4118-several-vocabularies.ts';
import { figureKinds } from './figures.ts';
import { SYNTAX_KINDS } from './syntax.ts';

/** Names, types and ranges, headers: what the checker finds. */
export const checkKinds: readonly DiagnosticKind[] = [
  unknownName,
  unknownMethod,
  unknownParameter,
  unknownWord,
  unknownSetting,
  declaredTwice,
  usedAbove,
  partHidden,
  unknownExpert,
  unknownMeasure,
  unknownType,
  unreadableSource,
  unreadableImport,
  importInCircle,
  importedErrors,
  otherToolsName,
  unusedName,
  unknownAllowance,
  unusedAllowance,
  wrongType,
  outOfRange,
  missingParameter,
  givenTwice,
  share,
  modelsAndDeltas,
  modelWithoutBase,
  inputs,
  expertTwice,
  expertCount,
  notByPlace,
  noOutermostCall,
  notByModel,
  curveNotAllowed,
  tensorArithmetic,
  weightsSumToZero,
  outputsMeet,
  letHolds,
  rangeOrder,
  pattern,
  notAPlace,
  baseRequired,
  wholeScope,
  divisionByZero,
  condition,
  sourceInExpression,
  overwritesInput,
  notAnOutput,
  layersCannotBeCut,
  unnamedExpert,
  tooLarge,
  knobCannotBeTurned,
  epsilonPastDensity,
  promptsMissing,
  adapterAmongOperands,
  rankMissing,
  weightsNotOne,
  largeSumOfTaskVectors,
  nothingTrimmed,
  combineAndScale,
  sameSeed,
  baseAmongExperts,
  mixedPlaceOperators,
  expertWithoutWeight,
  trimAfterDrop,
  extrapolates,
  manyExperts,
  plainAverage,
  weightsNearlyCancel,
  settingWithoutEffect,
  notInMergekit,
  droppedTwice,
  samePrompts,
  sourceTwice,
  emptyRule,
  setTwiceInRule,
  knobNotRead,
  largeGrid,
  decidedAlready,
  varianceOfOne,
  otherStatistics,
  runsLater,
  noSuchLayer,
  emptyPlace,
  severalTowers,
  shapesDiffer,
  tensorsMissing,
  layerCountsDiffer,
  headOverTiedBase,
  mixedTypes,
  takeLacksTensors,
  vocabulariesDiffer,
  nothingKept,
  winsNowhere,
  settingOnTaken,
  architecturesDiffer,
  roundedDifferences,
  positionsDiffer,
  licencesDiffer,
  severalVocabularies,
];

export const languageKinds: readonly DiagnosticKind[] = [
  ...SYNTAX_KINDS,
  ...checkKinds,
  ...figureKinds,
];

const byCode: ReadonlyMap<string, DiagnosticKind> = new Map(
  languageKinds.map((kind) => [kind.code, kind]),
);

export function kindOfCode(code: string): DiagnosticKind | undefined {
  return byCode.get(code);
}
