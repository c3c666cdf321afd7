/** `let` and `param`: values with a name, typed where the author says what for. */
import type { Parameter, ParameterType } from '../catalogue.ts';
import { replacing } from '../diagnostics/finding.ts';
import { unknownParameter } from '../diagnostics/mw2003-unknown-parameter.ts';
import { unknownType } from '../diagnostics/mw2011-unknown-type.ts';
import { wrongType } from '../diagnostics/mw3001-wrong-type.ts';
import { letHolds } from '../diagnostics/mw3018-let-holds.ts';
import { rangeOrder } from '../diagnostics/mw3019-range-order.ts';
import { condition } from '../diagnostics/mw3025-condition.ts';
import { outOfRange } from '../diagnostics/mw3002-out-of-range.ts';
import type { Expr, LetStatement, Name, ParamStatement } from '../syntax/tree.ts';
import { argumentValue, openedEntries, singleValue } from './argument-value.ts';
import { bare, type Checking, figure, type LetContents, literalOf, quoted, report, reportLater, reportUnknown } from './checking.ts';
import { constant, valuesAtKnots } from './curve.ts';
import { checkOverDepth } from './depth-check.ts';
import { looseWords } from './later-words.ts';
import { checkNames } from './loose-names.ts';
import { readSetting } from './output.ts';
import { parameterNamed, parametersOf } from './parameters.ts';
import { numberOf, quantityOf, reportWrongType } from './quantity.ts';
import { kindOf, settled } from './share.ts';
import type { Curve } from './value.ts';

const numberTypes: ReadonlyMap<string, ParameterType> = new Map(
  (['Scalar', 'Ratio', 'Count', 'Seed'] as const).map((name) => [name, { kind: 'number', name }]),
);

const valueTypes = ['Curve', 'Delta', 'Mask', 'Text', 'Bytes', 'Duration', 'Bool'] as const;
const elsewhere: ReadonlyMap<string, string> = new Map([
  ['Model', 'merge'],
  ['Layers', 'layers'],
  ['Tensors', 'tensors'],
]);

/** What a `let` holds; undefined where it is broken, and reported. */
export function letContents(checking: Checking, statement: LetStatement): LetContents | undefined {
  const { type, value } = statement;
  if (type === undefined) return untyped(checking, statement);
  const method = checking.catalogue.get(type.text);
  if (method !== undefined || type.text === 'output') {
    const map = literalOf(checking, value);
    if (map.kind === 'missing') return undefined;
    if (map.kind !== 'map') {
      const wanted = `a map of what \`${type.text}\` may be given`;
      reportWrongType(checking, value, wanted, quantityOf(checking, value));
      return undefined;
    }
    for (const { key, name, value: expr } of openedEntries(checking, map)) {
      if (method === undefined) {
        readSetting(checking, key, name, expr);
        continue;
      }
      const parameter = parameterNamed(method, name);
      if (parameter === undefined) {
        const known = parametersOf(method).map((of) => of.name);
        const problem = `\`${method.name}\` has no parameter \`${name}\``;
        reportUnknown(checking, unknownParameter, key, problem, known);
        continue;
      }
      const bound = argumentValue(checking, expr, parameter, undefined);
      if (bound !== undefined) checkOverDepth(checking, bound, parameter, undefined);
    }
    return { kind: 'map' };
  }
  const holds = untyped(checking, statement);
  return holds && typed(checking, holds, type, statement);
}

function typed(
  checking: Checking,
  holds: LetContents,
  type: Name,
  { value, name }: LetStatement,
): LetContents | undefined {
  const number = numberTypes.get(type.text);
  if (number !== undefined || type.text === 'Curve') {
    if (holds.kind !== 'number') {
      report(checking, wrongType, value, `${quoted(checking, value)} is no ${type.text}.`);
      return undefined;
    }
    if (number !== undefined) {
      const parameter: Parameter = {
        name: name?.text ?? type.text,
        type: number,
        byPlace: true,
        meaning: '',
      };
      const bound = singleValue(checking, value, parameter);
      if (bound === undefined) return undefined;
      checkOverDepth(checking, bound, parameter, undefined);
    }
    return holds;
  }
  const wanted = valueTypes.find((known) => known === type.text);
  if (wanted === undefined) {
    const statement = elsewhere.get(type.text);
    if (statement !== undefined) {
      const message = `A ${type.text} has a statement of its own: \`${statement} ${name?.text ?? 'name'} = …\`.`;
      report(checking, letHolds, type, message);
      return undefined;
    }
    const known = [
      ...checking.catalogue.keys(),
      'output',
      ...numberTypes.keys(),
      ...valueTypes,
    ];
    reportUnknown(checking, unknownType, type, `no type is called \`${type.text}\``, known);
    return holds;
  }
  if (holds.kind === kindOfType(wanted)) return holds;
  report(checking, wrongType, value, `${quoted(checking, value)} is no ${type.text}.`);
  return undefined;
}

function kindOfType(type: (typeof valueTypes)[number]): LetContents['kind'] {
  switch (type) {
    case 'Curve':
      return 'number';
    case 'Delta':
      return 'tensor';
    case 'Mask':
      return 'mask';
    case 'Text':
      return 'text';
    case 'Bytes':
      return 'bytes';
    case 'Duration':
      return 'duration';
    case 'Bool':
      return 'boolean';
  }
}

function untyped(checking: Checking, statement: LetStatement): LetContents | undefined {
  const { value } = statement;
  const literal = bare(value);
  if (literal.kind === 'list' || literal.kind === 'map') {
    checkContents(checking, literal);
    return { kind: literal.kind };
  }
  const quantity = quantityOf(checking, value);
  switch (quantity.kind) {
    case 'number':
      return { kind: 'number', curve: quantity.curve };
    case 'tensor': {
      const whole = settled(checking, quantity.value);
      if (whole === undefined) return undefined;
      if (kindOf(whole) === 'delta') return { kind: 'tensor', value: whole };
      refuseHere(checking, statement, 'a Model', 'merge');
      return undefined;
    }
    case 'mask':
    case 'text':
    case 'bytes':
    case 'duration':
    case 'boolean':
    case 'list':
    case 'map':
      return { kind: quantity.kind };
    case 'range':
      refuseHere(checking, statement, 'a range of layers', 'layers');
      return undefined;
    case 'place':
      refuseHere(checking, statement, 'a place', 'tensors');
      return undefined;
    case 'condition':
      report(
        checking,
        condition,
        value,
        `${quoted(checking, value)} is a condition; conditions stand in \`expect\` alone.`,
      );
      return undefined;
    case 'stats':
    case 'metric':
    case 'table':
      reportWrongType(checking, value, 'a number, curve, list, map, Delta or Mask', quantity);
      return undefined;
    case 'broken':
      return undefined;
  }
}

function refuseHere(
  checking: Checking,
  { word, value }: LetStatement,
  what: string,
  statement: string,
): void {
  const message = `${quoted(checking, value)} is ${what}, which a \`let\` can't hold: \`${statement}\` declares it.`;
  report(checking, letHolds, word, message, { fixes: [replacing(word, statement)] });
}

/** A list or map has no meaning yet: its numbers and tensors are read, its words may be those of any choice. */
function checkContents(checking: Checking, expr: Expr): void {
  const at = bare(expr);
  switch (at.kind) {
    case 'list':
      for (const item of at.items) {
        checkContents(checking, item.value);
        if (item.kind === 'item' && item.own !== undefined) checkContents(checking, item.own);
      }
      return;
    case 'map':
      for (const entry of at.entries) checkContents(checking, entry.value);
      return;
    case 'reference': {
      const [name] = at.path.parts;
      const isWord =
        at.path.parts.length === 1 &&
        !checking.declared.has(name!.text) &&
        looseWords(checking.catalogue).has(name!.text);
      if (!isWord) quantityOf(checking, at);
      return;
    }
    case 'call': {
      const callee = at.callee.parts[0]?.text ?? '';
      if (checking.catalogue.has(callee) || callee === 'curve') quantityOf(checking, at);
      else checkNames(checking, at);
      return;
    }
    case 'binary':
    case 'negation':
    case 'index':
      quantityOf(checking, at);
      return;
    case 'number':
    case 'bytes':
    case 'duration':
    case 'text':
    case 'boolean':
    case 'range':
    case 'layersOf':
    case 'parenthesised':
    case 'missing':
      return;
  }
}

/** A knob's value is its default; undefined where it is no number, or broken. */
export function paramCurve(checking: Checking, statement: ParamStatement): Curve | undefined {
  const { value, type, range } = statement;
  const at = bare(value);
  if (at.kind === 'missing') return undefined;
  if (at.kind === 'boolean') return undefined;
  if (isChoice(statement)) {
    reportLater(checking, statement.word, 'Knobs of words are');
    return undefined;
  }
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
    const isListed = options.some((option) => JSON.stringify(plain(option)) === JSON.stringify(plain(curve ?? constant(NaN))));
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
    const [first, last] = [range.from, range.to].map(({ start, end }) => checking.text.slice(start, end));
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
