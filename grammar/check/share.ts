/** Shares: a Model's is 1, a Delta's 0; sums add them, factors scale them. */
import { share as shareKind } from '../diagnostics/mw3005-share.ts';
import { replacing } from '../diagnostics/finding.ts';
import { anatomyOf } from '../places/anatomy.ts';
import type { Signature } from '../places/signature.ts';
import type { Span } from '../syntax/span.ts';
import type { TensorValue } from './checked.ts';
import { type Checking, figure, quoted, report, textAt } from './checking.ts';
import { constant, type Depth, folded, hasProfile, valueAt, valuesAtKnots } from './curve.ts';
import type { Curve } from './value.ts';

export type Share = number | Curve;

const tolerance = 1e-6;

export function addShares(one: Share, other: Share): Share {
  return arithmetic('+', one, other);
}

export function negatedShare(share: Share): Share {
  return arithmetic('*', -1, share);
}

export function scaledShare(
  share: Share,
  by: number | Curve,
  { divide }: { readonly divide: boolean },
): Share {
  // A Delta stays one, whatever scales it.
  if (share === 0) return 0;
  return arithmetic(divide ? '/' : '*', share, by);
}

function arithmetic(operator: '+' | '*' | '/', left: Share, right: Share): Share {
  const curve = folded({
    kind: 'arithmetic',
    operator,
    left: asCurve(left),
    right: asCurve(right),
  });
  return curve.kind === 'constant' ? curve.value : curve;
}

const asCurve = (share: Share): Curve => (typeof share === 'number' ? constant(share) : share);

export type ShareKind = 'model' | 'delta' | 'odd' | 'unknown';

/** What a value is by its share, which must hold at every layer. */
export function kindOf(value: TensorValue): ShareKind {
  const shares = sharesOf(value.share, value.signature);
  if (shares === undefined) return 'unknown';
  if (shares.every((share) => Math.abs(share - 1) <= tolerance)) return 'model';
  if (shares.every((share) => Math.abs(share) <= tolerance)) return 'delta';
  return 'odd';
}

/** The same value with its share settled to 1 or 0; undefined, and reported, where it is neither. */
export function settled(checking: Checking, value: TensorValue): TensorValue | undefined {
  const kind = kindOf(value);
  switch (kind) {
    case 'model':
      return { ...value, share: 1 };
    case 'delta':
      return { ...value, share: 0 };
    // Knots at layers, before any layer is known.
    case 'unknown':
      return { ...value, share: 1 };
    case 'odd':
      reportShare(checking, value);
      return undefined;
  }
}

/** All values a share takes over the layers; undefined where only a model can tell. */
function sharesOf(share: Share, signature: Signature | undefined): readonly number[] | undefined {
  if (typeof share === 'number') return [share];
  if (signature === undefined || hasProfile(share)) return valuesAtKnots(share);
  return depthsOf(signature).map((depth) => valueAt(share, depth, 'paper'));
}

/** Every place a curve over a whole model is read at: both ends outside, and each layer of each tower. */
export function depthsOf(signature: Signature): readonly Depth[] {
  const { towers } = anatomyOf(signature);
  const main = towers[0];
  const outside = main === undefined ? {} : { tower: main };
  return [
    { kind: 'outside', end: 'first', ...outside },
    { kind: 'outside', end: 'last', ...outside },
    ...towers.flatMap((tower) =>
      Array.from({ length: tower.layerCount }, (_, layer): Depth => ({
        kind: 'layer',
        tower,
        layer,
        index: layer,
        count: tower.layerCount,
      })),
    ),
  ];
}

function reportShare(checking: Checking, value: TensorValue): void {
  const shares = sharesOf(value.share, value.signature) ?? [];
  const off = shares.find((share) => Math.abs(share - 1) > tolerance) ?? NaN;
  const varies = shares.some((share) => Math.abs(share - off) > tolerance);
  const total = varies ? `${figure(off)} at some layers` : figure(off);
  const wayOut = suggestion(checking, value);
  const sum =
    value.kind === 'sum'
      ? `The shares of ${quoted(checking, value.span)} add up to`
      : `${quoted(checking, value.span)} has a share of`;
  const rest =
    wayOut === undefined ? '; a Model has 1, a Delta 0.' : `, a Model has 1: \`${wayOut}\`?`;
  report(checking, shareKind, value.span, `${sum} ${total}${rest}`, {
    fixes: wayOut === undefined ? [] : [replacing(value.span, wayOut)],
  });
}

interface Weighted {
  readonly text: string;
  readonly weight: number;
}

/** What was probably meant: an average, a weighted average, or a scale on purpose. */
function suggestion(checking: Checking, value: TensorValue): string | undefined {
  if (value.kind === 'sum') {
    const terms = value.terms.map(({ negative, value: term }) =>
      weighted(checking, term, negative ? -1 : 1),
    );
    if (terms.some((term) => term === undefined || term.weight <= 0)) return undefined;
    const known = terms as readonly Weighted[];
    const names = known.map(({ text }) => text).join(', ');
    if (known.every(({ weight }) => weight === 1)) return `average([${names}])`;
    const weights = known.map(({ weight }) => figure(weight)).join(', ');
    return `linear([${names}], weight: [${weights}])`;
  }
  const one = weighted(checking, value, 1);
  return one === undefined ? undefined : `scale(${one.text}, by: ${figure(one.weight)})`;
}

/** `0.7 * a`, where `a` is a Model: its text and factor. */
function weighted(checking: Checking, value: TensorValue, sign: number): Weighted | undefined {
  if (value.kind === 'scaled' && typeof value.by === 'number') {
    return weighted(checking, value.value, value.divide ? sign / value.by : sign * value.by);
  }
  if (value.kind === 'negated') return weighted(checking, value.value, -sign);
  if (value.share !== 1) return undefined;
  return { text: textOf(checking, value.span), weight: sign };
}

function textOf(checking: Checking, span: Span): string {
  return textAt(checking, span);
}
