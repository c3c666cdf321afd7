/** A place in the recipe's text becomes a place with its names resolved. */
import { replacing } from '../diagnostics/finding.ts';
import { wrongType } from '../diagnostics/mw3001-wrong-type.ts';
import { rangeOrder } from '../diagnostics/mw3019-range-order.ts';
import { pattern as patternKind } from '../diagnostics/mw3020-pattern.ts';
import { notAPlace } from '../diagnostics/mw3021-not-a-place.ts';
import { mixedPlaceOperators } from '../diagnostics/mw3107-mixed-place-operators.ts';
import { compilePattern } from '../places/pattern.ts';
import { type LayerBound, type Place, placeOfWord } from '../places/place.ts';
import { type Span, spanOf } from '../syntax/span.ts';
import type { Binary, Expr, Range, Reference, TextLiteral } from '../syntax/tree.ts';
import { bare, type Checking, type Declaration, quoted, report, textAt } from './checking.ts';
import { numberOf } from './quantity.ts';
import { declarationOf, resolvePath } from './scopes.ts';

/** What stands after `at`: layers, patterns, parts and declared places, joined. */
export function placeOf(checking: Checking, expr: Expr): Place {
  return bind(checking, expr, 'place');
}

/** What stands in `m[…]`, or is declared by `layers`: ranges, with or without their word. */
export function layersPlaceOf(checking: Checking, expr: Expr): Place {
  return bind(checking, expr, 'layers');
}

/** In a place of layers a bare range or number means layers. */
type Wanted = 'place' | 'layers';

function bind(checking: Checking, expr: Expr, wanted: Wanted): Place {
  switch (expr.kind) {
    case 'parenthesised':
      return bind(checking, expr.inner, wanted);
    case 'missing':
      return brokenAt(expr);
    case 'text':
      return wanted === 'place' ? patternOf(checking, expr) : refused(checking, expr, wanted);
    case 'layersOf':
      return bind(checking, expr.range, 'layers');
    case 'range':
    case 'number':
    case 'negation':
      return wanted === 'layers' ? rangeOf(checking, expr) : refused(checking, expr, wanted);
    case 'reference':
      return referenced(checking, expr, wanted);
    case 'binary':
      return joined(checking, expr, wanted);
    case 'bytes':
    case 'duration':
    case 'boolean':
    case 'call':
    case 'list':
    case 'map':
    case 'index':
      return refused(checking, expr, wanted);
  }
}

function joined(checking: Checking, expr: Binary, wanted: Wanted): Place {
  const kind = joinOf(expr);
  if (kind === undefined) {
    // `layers 0..n - 1` is arithmetic within the range; anything else is no place.
    return wanted === 'layers' ? rangeOf(checking, expr) : refused(checking, expr, wanted);
  }
  if (kind === 'except') hintAtMixture(checking, expr);
  const left = bind(checking, expr.left, wanted);
  const right = bind(checking, expr.right, wanted);
  return { kind, left, right, ...spanOf(expr) };
}

function joinOf({ operator }: Binary): 'and' | 'or' | 'except' | undefined {
  switch (operator) {
    case '&':
      return 'and';
    case '|':
      return 'or';
    case 'except':
      return 'except';
    case '+':
    case '-':
    case '*':
    case '/':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '==':
    case '!=':
      return undefined;
  }
}

function hintAtMixture(checking: Checking, expr: Binary): void {
  const mixed = [expr.left, expr.right].find(
    (side): side is Binary => side.kind === 'binary' && side.operator === '|',
  );
  if (mixed === undefined) return;
  report(
    checking,
    mixedPlaceOperators,
    expr.operatorSpan,
    '`except` takes away from all that stands before it; parentheses say so to the reader.',
    {
      fixes: [
        {
          title: 'Put parentheses',
          edits: [
            { start: mixed.start, end: mixed.start, text: '(' },
            { start: mixed.end, end: mixed.end, text: ')' },
          ],
        },
      ],
    },
  );
}

function patternOf(checking: Checking, expr: TextLiteral): Place {
  const answer = compilePattern(expr.value);
  if (answer.ok) return { kind: 'pattern', text: expr.value, ...spanOf(expr) };
  const what = {
    'unclosed brace': 'a brace is not closed',
    'stray brace': 'a brace closes nothing',
    empty: 'it is empty, and no tensor has an empty name',
  }[answer.fault];
  report(checking, patternKind, expr, `${quoted(checking, expr)} is no pattern: ${what}.`);
  return brokenAt(expr);
}

const blockName = /^(IN|M|OUT)\d{2}$/;

function referenced(checking: Checking, expr: Reference, wanted: Wanted): Place {
  const [name, second] = expr.path.parts;
  if (name === undefined) return brokenAt(expr);
  const found = declarationOf(checking, expr.path);
  const declared = found?.rest.length === 0 ? found.declaration : undefined;
  const word = second === undefined ? placeOfWord(name.text, spanOf(expr)) : undefined;
  if (declared?.meaning.kind === 'place') {
    checking.placesRead.add(declared);
    return { kind: 'declared', name: found!.name, place: declared.meaning.place, ...spanOf(expr) };
  }
  if (declared === undefined && wanted === 'layers' && blockName.test(name.text)) {
    return { kind: 'layers', from: name.text, to: name.text, step: 1, ...spanOf(expr) };
  }
  if (word !== undefined && (wanted === 'place' || word.kind === 'tower')) return word;
  const resolved = resolvePath(checking, expr.path, { alsoPlaces: true });
  if (resolved === undefined) return brokenAt(expr);
  const { declaration } = resolved;
  const { kind } = declaration.meaning;
  if (kind === 'broken' || kind === 'module') return brokenAt(expr);
  if (wanted === 'layers' && (kind === 'let' || kind === 'param')) return rangeOf(checking, expr);
  const hint = kind === 'mask' ? ': a Mask is multiplied, `mask * delta`' : '';
  report(
    checking,
    notAPlace,
    expr,
    `\`${resolved.name}\` is ${meaningInWords(declaration)}, not a place${hint}.`,
  );
  return brokenAt(expr);
}

export function meaningInWords({ meaning }: Declaration): string {
  switch (meaning.kind) {
    case 'model':
      return 'a model';
    case 'adapter':
      return 'an adapter';
    case 'stats':
      return 'statistics';
    case 'mask':
      return 'a Mask';
    case 'step':
      return 'a step';
    case 'let':
      return 'a value';
    case 'param':
      return 'a knob';
    case 'place':
      return 'a place';
    case 'evaluate':
      return 'an evaluation';
    case 'sweep':
      return 'a sweep';
    case 'search':
      return 'a search';
    case 'module':
      return 'an import';
    case 'broken':
      return 'broken';
  }
}

/** `a..b step c`, or one layer. */
function rangeOf(checking: Checking, expr: Expr): Place {
  const range: Pick<Range, 'from' | 'to' | 'step'> =
    expr.kind === 'range' ? expr : { from: expr, to: expr };
  const from = boundOf(checking, range.from);
  const to = boundOf(checking, range.to);
  const step = range.step === undefined ? 1 : wholeNumber(checking, range.step);
  if (from === undefined || to === undefined || step === undefined) return brokenAt(expr);
  if (step < 1) {
    report(checking, wrongType, range.step ?? expr, 'The step of a range is at least 1.');
    return brokenAt(expr);
  }
  const isDownward =
    typeof from === 'number' && typeof to === 'number' && from < 0 === to < 0 && from > to;
  if (isDownward) {
    const [first, last] = [range.from, range.to].map(({ start, end }) =>
      textAt(checking, { start, end }),
    );
    report(
      checking,
      rangeOrder,
      { start: range.from.start, end: range.to.end },
      `${quoted(checking, { start: range.from.start, end: range.to.end })} runs downwards; a range names its first layer first.`,
      {
        fixes: [
          replacing(
            { start: range.from.start, end: range.to.end },
            `${last ?? ''}..${first ?? ''}`,
          ),
        ],
      },
    );
    return brokenAt(expr);
  }
  return { kind: 'layers', from, to, step, ...spanOf(expr) };
}

function boundOf(checking: Checking, expr: Expr): LayerBound | undefined {
  const at = bare(expr);
  if (at.kind === 'reference' && at.path.parts.length === 1) {
    const name = at.path.parts[0]!.text;
    if (declarationOf(checking, at.path) === undefined && blockName.test(name)) return name;
  }
  return wholeNumber(checking, expr);
}

function wholeNumber(checking: Checking, expr: Expr): number | undefined {
  const curve = numberOf(checking, expr, 'a layer’s number');
  if (curve === undefined) return undefined;
  if (curve.kind === 'constant' && Number.isSafeInteger(curve.value)) return curve.value;
  report(checking, wrongType, expr, `${quoted(checking, expr)} is not a whole number.`);
  return undefined;
}

function refused(checking: Checking, expr: Expr, wanted: Wanted): Place {
  const text = textAt(checking, expr);
  const isRange = expr.kind === 'range' || expr.kind === 'number' || expr.kind === 'negation';
  if (isRange && wanted === 'place') {
    report(checking, notAPlace, expr, `A place says what its numbers are: \`layers ${text}\`.`, {
      fixes: [replacing(expr, `layers ${text}`)],
    });
    return brokenAt(expr);
  }
  const examples =
    wanted === 'place'
      ? '`layers 0..7`, a pattern such as `"*.mlp.*"`, a part such as `attention`, or a declared place'
      : 'layers such as `0..7`';
  report(
    checking,
    notAPlace,
    expr,
    `${quoted(checking, expr)} is no place; here stand ${examples}.`,
  );
  return brokenAt(expr);
}

function brokenAt(span: Span): Place {
  return { kind: 'broken', ...spanOf(span) };
}
