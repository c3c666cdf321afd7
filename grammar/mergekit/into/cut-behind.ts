/**
 * Slices whose filters count layers by bare numbers, as `"12"` does: in brackets layers have new numbers, and which of them such a
 * text fits cannot be told before the names are known. There the call is of whole models, whose names are the filters' own, and the
 * slice is cut out of what it makes.
 */
import type { ModelEntry, Parameters, ParameterSetting } from '../config/config.ts';
import type { ForeignMethod } from '../methods.ts';
import { patternOf } from './filters.ts';

interface SliceInput {
  readonly method: ForeignMethod;
  readonly entries: readonly ModelEntry[];
  readonly scopes: readonly Parameters[];
  /** The number of the slice's first layer in the result. */
  readonly offset: number;
}

/** Whether it is needed, and says the same: one range for all models, and values that are the same for all layers. */
export function isCutBehind(input: SliceInput): boolean {
  const { entries, offset } = input;
  const [first, ...others] = entries.map(({ range }) => range);
  if (first === undefined || first.first === 0) return false;
  const isOneRange = others.every(
    (range) => range?.first === first.first && range.behind === first.behind,
  );
  return (
    isOneRange &&
    settingsOf(input).every(isLevel) &&
    isUnclear(input, { own: first.first, result: offset, count: first.behind - first.first }) &&
    !isUnclear(input, { own: 0, result: offset - first.first, count: undefined })
  );
}

function settingsOf({ method, entries, scopes }: SliceInput): readonly ParameterSetting[] {
  const names = new Set(
    method.parameters.filter(({ ours }) => ours !== undefined).map(({ name }) => name),
  );
  return [...scopes, ...entries.map(({ parameters }) => parameters)]
    .flat()
    .filter(({ name }) => names.has(name.value));
}

function isLevel({ entries }: ParameterSetting): boolean {
  return entries.every(
    ({ value }) =>
      value.kind === 'number' || new Set(value.knots.map((knot) => knot.value)).size === 1,
  );
}

/** Whether some filter is, with layers numbered so much less than in the models, and in the result. */
function isUnclear(
  input: SliceInput,
  {
    own,
    result,
    count,
  }: { readonly own: number; readonly result: number; readonly count: number | undefined },
): boolean {
  const byModel = new Set(
    input.method.parameters.filter((one) => one.byModel).map(({ name }) => name),
  );
  return settingsOf(input).some(({ name, entries }) => {
    const shift = byModel.has(name.value) ? own : result;
    return entries.some(
      ({ filter }) =>
        filter !== undefined && patternOf(filter, { shift, count }).kind === 'unclear',
    );
  });
}
