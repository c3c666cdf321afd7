/** `param`: a knob, whose value is its default. */
import type { Parameter, ParameterType } from '../catalogue.ts';
import { replacing } from '../diagnostics/finding.ts';
import { unknownType } from '../diagnostics/mw2011-unknown-type.ts';
import { outOfRange } from '../diagnostics/mw3002-out-of-range.ts';
import { rangeOrder } from '../diagnostics/mw3019-range-order.ts';
import type { Expr, Name, ParamStatement } from '../syntax/tree.ts';
import { bare, type Checking, figure, quoted, report, reportUnknown, textAt } from './checking.ts';
import { constant, valuesAtKnots } from './curve.ts';
import { checkOverDepth } from './depth-check.ts';
import { numberOf, quantityOf, reportWrongType } from './quantity.ts';
import { singleValue } from './single-value.ts';
import type { Curve } from './value.ts';

export const numberTypes: ReadonlyMap<string, ParameterType> = new Map(
  (['Scalar', 'Ratio', 'Count', 'Seed'] as const).map((name) => [name, { kind: 'number', name }]),
);

/** A knob's value is its default; undefined where it is no number, or broken. */
export function paramCurve(checking: Checking, statement: ParamStatement): Curve | undefined {
  const { value, type, range } = statement;
  const at = bare(value);
  if (at.kind === 'missing') return undefined;
  if (at.kind === 'boolean') return undefined;
  // A knob of words has a meaning where its word is a choice.
  if (isChoice(statement)) return undefined;
  const curve = numberOf(checking, value, 'a number, the default of the knob');
  if (type !== undefined) checkParamType(checking, statement, type, curve);
  if (range !== undefined) checkParamRange(checking, statement, range, curve);
  return curve;
}

/** `param how: Choice = mean in [mean, sum]`. */
function isChoice({ type, value, range }: ParamStatement): boolean {
  const at = bare(value);
  if (at.kind !== 'reference' || at.path.parts.length !== 1) return false;
  const list = range === undefined ? undefined : bare(range);
  const word = at.path.parts[0]!.text;
  const isListed =
    list?.kind === 'list' &&
    list.items.some(({ value: item }) => {
      const option = bare(item);
      return option.kind === 'reference' && option.path.parts[0]?.text === word;
    });
  return isListed || type?.text === 'Choice';
}

function checkParamType(
  checking: Checking,
  { value, name }: ParamStatement,
  type: Name,
  curve: Curve | undefined,
): void {
  const number = numberTypes.get(type.text);
  if (number === undefined) {
    if (type.text === 'Curve' || type.text === 'Bool') return;
    const known = [...numberTypes.keys(), 'Curve', 'Bool', 'Choice'];
    reportUnknown(checking, unknownType, type, `no knob is a \`${type.text}\``, known);
    return;
  }
  if (curve === undefined) return;
  const parameter: Parameter = {
    name: name?.text ?? 'param',
    type: number,
    byPlace: true,
    meaning: '',
  };
  const bound = singleValue(checking, value, parameter);
  if (bound !== undefined) checkOverDepth(checking, bound, parameter, undefined);
}

function checkParamRange(
  checking: Checking,
  { value, name }: ParamStatement,
  written: Expr,
  curve: Curve | undefined,
): void {
  const range = bare(written);
  const values = curve === undefined ? undefined : valuesAtKnots(curve);
  if (range.kind === 'list') {
    const options = range.items.flatMap((item) => {
      const option = numberOf(checking, item.value);
      return option === undefined ? [] : [option];
    });
    const isListed = options.some(
      (option) => JSON.stringify(plain(option)) === JSON.stringify(plain(curve ?? constant(NaN))),
    );
    if (curve === undefined || options.length < range.items.length || isListed) return;
    const message = `The default of \`${name?.text ?? 'param'}\`, ${quoted(checking, value)}, is not among ${quoted(checking, written)}.`;
    report(checking, outOfRange, value, message);
    return;
  }
  if (range.kind !== 'range') {
    reportWrongType(checking, written, 'a range `a..b` or a list', quantityOf(checking, written));
    return;
  }
  const from = numberOf(checking, range.from);
  const to = numberOf(checking, range.to);
  const step = range.step === undefined ? constant(1) : numberOf(checking, range.step);
  if (from?.kind !== 'constant' || to?.kind !== 'constant' || step?.kind !== 'constant') return;
  if (from.value > to.value) {
    const [first, last] = [range.from, range.to].map(({ start, end }) =>
      textAt(checking, { start, end }),
    );
    const span = { start: range.from.start, end: range.to.end };
    report(checking, rangeOrder, span, `${quoted(checking, span)} runs downwards.`, {
      fixes: [replacing(span, `${last ?? ''}..${first ?? ''}`)],
    });
    return;
  }
  if (range.step !== undefined && step.value <= 0) {
    report(checking, outOfRange, range.step, 'The step of a range is above 0.');
    return;
  }
  const off = values?.find((at) => at < from.value || at > to.value);
  if (off === undefined) return;
  const message = `The default of \`${name?.text ?? 'param'}\` is ${figure(off)}, outside ${quoted(checking, written)}.`;
  report(checking, outOfRange, value, message);
}

/** A curve without the places of its text, to be compared. */
function plain(curve: Curve): unknown {
  return curve.kind === 'knots' ? { knots: curve.knots, ease: curve.ease } : curve;
}
