/** `let` and `param`: values with a name, typed where the author says what for. */
import type { Parameter } from '../catalogue.ts';
import { replacing } from '../diagnostics/finding.ts';
import { unknownType } from '../diagnostics/mw2011-unknown-type.ts';
import { wrongType } from '../diagnostics/mw3001-wrong-type.ts';
import { letHolds } from '../diagnostics/mw3018-let-holds.ts';
import { condition } from '../diagnostics/mw3025-condition.ts';
import { tooLarge } from '../diagnostics/mw3031-too-large.ts';
import type { Expr, LetStatement, Name } from '../syntax/tree.ts';
import { argumentValue, openedEntries } from './argument-value.ts';
import {
  bare,
  type Checking,
  type LetContents,
  literalOf,
  quoted,
  report,
  reportUnknown,
} from './checking.ts';
import { checkOverDepth } from './depth-check.ts';
import { looseWords } from './loose-words.ts';
import { checkNames } from './loose-names.ts';
import { reportUnknownParameter } from './other-tools.ts';
import { readSetting } from './output.ts';
import { numberTypes } from './param.ts';
import { parameterNamed, parametersOf } from './parameters.ts';
import { quantityOf, reportWrongType } from './quantity.ts';
import { declarationOf } from './scopes.ts';
import { kindOf, settled } from './share.ts';
import { singleValue } from './single-value.ts';
import { exceeds, mostPieces } from './size.ts';

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
        reportUnknownParameter(checking, key, name, method, parametersOf(method));
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
    const known = [...checking.catalogue.keys(), 'output', ...numberTypes.keys(), ...valueTypes];
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
    // Lists of lists open into each other, and double as they do.
    if (exceeds<Expr>(literal, (piece) => openedBy(checking, piece))) {
      const message = `${quoted(checking, value)} is made of more than ${mostPieces} pieces.`;
      report(checking, tooLarge, value, message);
      return undefined;
    }
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

/** What a literal holds, spreads opened. */
function openedBy(checking: Checking, expr: Expr): readonly Expr[] {
  if (expr.kind === 'list' || expr.kind === 'map') {
    const pieces = expr.kind === 'list' ? expr.items : expr.entries;
    return pieces.map((piece) =>
      piece.kind === 'spread' ? literalOf(checking, piece.value) : piece.value,
    );
  }
  return [];
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
        declarationOf(checking, at.path) === undefined &&
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
