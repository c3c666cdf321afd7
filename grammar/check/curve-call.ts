/** `curve(…)`, `profile(…)` and the functions of numbers. */
import { unknownParameter } from '../diagnostics/mw2003-unknown-parameter.ts';
import { unknownWord } from '../diagnostics/mw2004-unknown-word.ts';
import { wrongType } from '../diagnostics/mw3001-wrong-type.ts';
import { givenTwice } from '../diagnostics/mw3004-given-twice.ts';
import { inputs } from '../diagnostics/mw3008-inputs.ts';
import type { Call, Expr, MapLiteral } from '../syntax/tree.ts';
import { spanOf } from '../syntax/span.ts';
import {
  type Checking,
  literalOf,
  quoted,
  report,
  reportLater,
  reportUnknown,
  wordOf,
} from './checking.ts';
import { folded } from './curve.ts';
import { numberOf, type Quantity } from './quantity.ts';
import type { Curve, CurveFunction, Ease, PlacedKnot } from './value.ts';

const functions: ReadonlyMap<string, { readonly name: CurveFunction; readonly operands: 1 | 2 }> =
  new Map([
    ['sqrt', { name: 'sqrt', operands: 1 }],
    ['abs', { name: 'abs', operands: 1 }],
    ['min', { name: 'min', operands: 2 }],
    ['max', { name: 'max', operands: 2 }],
  ]);

export const curveFunctions: ReadonlySet<string> = new Set([
  'curve',
  'profile',
  ...functions.keys(),
]);

const broken: Quantity = { kind: 'broken' };
const eases: readonly Ease[] = ['linear', 'smooth', 'hold'];

export function curveCall(checking: Checking, call: Call): Quantity {
  const name = call.callee.parts[0]!.text;
  if (name === 'profile') {
    reportLater(checking, call.callee, 'Known profiles are');
    const [arg] = call.args;
    const profile = arg?.kind === 'argument' ? wordOf(arg.value) : undefined;
    return { kind: 'number', curve: { kind: 'profile', name: profile ?? '' } };
  }
  const known = functions.get(name);
  return known === undefined ? curve(checking, call) : numberFunction(checking, call, known);
}

function numberFunction(
  checking: Checking,
  call: Call,
  { name, operands }: { readonly name: CurveFunction; readonly operands: 1 | 2 },
): Quantity {
  const values = call.args.map((arg) =>
    arg.kind === 'argument' && arg.name === undefined
      ? numberOf(checking, arg.value)
      : (report(checking, wrongType, arg, `\`${name}\` takes numbers, by position.`), undefined),
  );
  const isRightCount = operands === 1 ? values.length === 1 : values.length >= operands;
  if (!isRightCount) {
    const count = operands === 1 ? 'one number' : 'two numbers or more';
    report(checking, inputs, call, `\`${name}\` takes ${count}.`);
    return broken;
  }
  const known = values.flatMap((value) => (value === undefined ? [] : [value]));
  if (known.length < values.length) return broken;
  const curve = folded({ kind: 'function', name, operands: known });
  if (curve.kind === 'constant' && !Number.isFinite(curve.value)) {
    report(checking, wrongType, call, `${quoted(checking, call)} is not a number.`);
    return broken;
  }
  return { kind: 'number', curve };
}

function curve(checking: Checking, call: Call): Quantity {
  let ease: Ease = 'linear';
  const knots: Expr[] = [];
  for (const arg of call.args) {
    if (arg.kind === 'spread') {
      const list = literalOf(checking, arg.value);
      if (list.kind !== 'list') {
        report(checking, wrongType, arg, `${quoted(checking, arg.value)} is not a list of knots.`);
        return broken;
      }
      for (const item of list.items) if (item.kind === 'item') knots.push(item.value);
    } else if (arg.name === undefined) {
      knots.push(arg.value);
    } else if (arg.name.text === 'ease') {
      const word = easeOf(checking, arg.value);
      if (word === undefined) return broken;
      ease = word;
    } else if (arg.name.text === 'outside') {
      // `ends` is the one law there is; it may be said.
      if (wordOf(arg.value) !== 'ends') {
        reportUnknown(
          checking,
          unknownWord,
          arg.value,
          'outside the layers a curve takes its `ends`',
          ['ends'],
        );
      }
    } else {
      const problem = `\`curve\` has no parameter \`${arg.name.text}\``;
      reportUnknown(checking, unknownParameter, arg.name, problem, ['ease', 'outside']);
    }
  }
  const first = knots[0];
  if (first === undefined) {
    report(checking, inputs, call, 'A curve needs at least one knot: `curve(0, 1)`.');
    return broken;
  }
  const map = knots.length === 1 ? literalOf(checking, first) : undefined;
  if (map?.kind === 'map') return placed(checking, map, ease);
  if (map?.kind === 'list') {
    const message =
      'Knots stand in the parentheses themselves; a list is spread: `curve(...list)`.';
    report(checking, wrongType, first, message);
    return broken;
  }
  const values = knots.map((knot) => plainNumber(checking, knot));
  const known = values.flatMap((value) => (value === undefined ? [] : [value]));
  if (known.length < values.length) return broken;
  return { kind: 'number', curve: { kind: 'knots', knots: known, ease, spans: knots.map(spanOf) } };
}

function placed(checking: Checking, map: MapLiteral, ease: Ease): Quantity {
  const knots: PlacedKnot[] = [];
  const seen = new Set<number | string>();
  let isBroken = false;
  for (const entry of map.entries) {
    if (entry.kind === 'spread') {
      report(checking, wrongType, entry, 'Knots at layers are written out, not spread.');
      return broken;
    }
    const { key } = entry;
    const at =
      key.kind === 'number'
        ? key.value
        : key.kind === 'text'
          ? key.value
          : key.parts.map(({ text }) => text).join('.');
    if (typeof at === 'number' && !Number.isSafeInteger(at)) {
      report(checking, wrongType, key, `A knot stands at a whole layer, not at ${at}.`);
      isBroken = true;
      continue;
    }
    if (seen.has(at)) {
      report(checking, givenTwice, key, `Two knots stand at layer ${at}.`);
      isBroken = true;
      continue;
    }
    seen.add(at);
    const value = plainNumber(checking, entry.value);
    if (value === undefined) isBroken = true;
    else knots.push({ at, value, span: spanOf(key) });
  }
  if (isBroken) return broken;
  if (knots.length === 0) {
    report(checking, inputs, map, 'A curve needs at least one knot: `curve({ 0: 0, -1: 1 })`.');
    return broken;
  }
  return { kind: 'number', curve: { kind: 'placed', knots, ease } };
}

/** A knot is one number. */
function plainNumber(checking: Checking, expr: Expr): number | undefined {
  const value: Curve | undefined = numberOf(checking, expr);
  if (value === undefined) return undefined;
  if (value.kind === 'constant') return value.value;
  report(checking, wrongType, expr, `${quoted(checking, expr)} is a curve; a knot is one number.`);
  return undefined;
}

function easeOf(checking: Checking, expr: Expr): Ease | undefined {
  const word = wordOf(expr);
  const ease = eases.find((known) => known === word);
  if (ease === undefined) {
    reportUnknown(checking, unknownWord, expr, 'a curve eases `linear`, `smooth` or `hold`', eases);
  }
  return ease;
}
