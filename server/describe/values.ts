/** Values, types and ranges in the recipe's own notation: `20%`, `0..1`, `5.2 GB`. */
import type { Parameter, ParameterType, ParameterValue } from '../../grammar/catalogue.ts';
import { figure } from '../../grammar/check/checking.ts';
import { dtypeWords } from '../../grammar/check/dtypes.ts';
import { isRequired, rangeOf } from '../../grammar/check/parameters.ts';

/** A share as a percentage, any other number plainly. */
export function valueText(value: ParameterValue, type?: ParameterType): string {
  if (typeof value !== 'number') return String(value);
  const isShare = type?.kind === 'number' && type.name === 'Ratio';
  return isShare ? `${figure(value * 100)}%` : figure(value);
}

/** `Ratio`, `mean | sum | max`. */
export function typeText(type: ParameterType): string {
  switch (type.kind) {
    case 'number':
      return type.name;
    case 'boolean':
      return 'Bool';
    case 'choice':
      return type.words.map(({ word }) => word).join(' | ');
    case 'dtype':
      return dtypeWords.join(' | ');
    case 'stats':
      return 'Stats';
    case 'texts':
      return 'list of Text';
    case 'text':
      return 'Text';
    case 'model':
      return 'Model';
    default:
      return type satisfies never;
  }
}

/** `above 0%, to 100%`; undefined where any number will do. */
export function rangeText(type: ParameterType): string | undefined {
  if (type.kind !== 'number') return undefined;
  const { min, max, aboveMin } = rangeOf(type);
  const low = valueText(min, type);
  const isUnbounded = max === Infinity || max === Number.MAX_SAFE_INTEGER;
  if (min === -Infinity) return isUnbounded ? undefined : `at most ${valueText(max, type)}`;
  if (isUnbounded) return aboveMin ? `above ${low}` : `at least ${low}`;
  return aboveMin ? `above ${low}, to ${valueText(max, type)}` : `${low}..${valueText(max, type)}`;
}

/** `20%`, `20% (mergekit: 100%)`; undefined where there is none. */
export function defaultText({ default: value, type }: Parameter): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'object') return valueText(value, type);
  const paper = valueText(value.paper, type);
  const mergekit = valueText(value.mergekit, type);
  return paper === mergekit ? paper : `${paper} (mergekit: ${mergekit})`;
}

/** `Ratio = 20%`, or `Scalar` where it must be given: a parameter's type and default on one line. */
export function parameterDetail(parameter: Parameter): string {
  const type = typeText(parameter.type);
  const byDefault = defaultText(parameter);
  return byDefault === undefined || byDefault === '' ? type : `${type} = ${byDefault}`;
}

/** `Ratio · above 0%, to 100% · default 20%`: the same for a list of proposals, with the range. */
export function argumentDetail(parameter: Parameter): string {
  const range = rangeText(parameter.type);
  const byDefault = defaultText(parameter);
  const hasDefault = byDefault !== undefined && byDefault !== '';
  return [
    typeText(parameter.type),
    ...(range === undefined ? [] : [range]),
    ...(hasDefault ? [`default ${byDefault}`] : isRequired(parameter) ? ['required'] : []),
  ].join(' · ');
}

/** `by model and place`, or `for the whole step`. */
export function scopeText({ byModel, byPlace }: Parameter): string {
  const words = [...(byModel === true ? ['model'] : []), ...(byPlace === true ? ['place'] : [])];
  return words.length === 0 ? 'for the whole step' : `by ${words.join(' and ')}`;
}

const sizes = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `5.2 GB`. */
export function bytesText(bytes: number): string {
  let [amount, unit] = [bytes, 0];
  while (amount >= 1000 && unit < sizes.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return `${Number(amount.toPrecision(3))} ${sizes[unit]!}`;
}

/** `1.54 billion`. */
export function countText(count: number): string {
  if (count >= 1e9) return `${Number((count / 1e9).toPrecision(3))} billion`;
  if (count >= 1e6) return `${Number((count / 1e6).toPrecision(3))} million`;
  return count.toLocaleString('en');
}

export function plural(count: number, word: string): string {
  return `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;
}
