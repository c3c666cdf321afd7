/** A curve in words: its value at every layer it is laid over. */
import { figure } from '../../grammar/check/checking.ts';
import { type Compat, valueAt } from '../../grammar/check/curve.ts';
import { depthOf, type Layout, layoutOf } from '../../grammar/check/depth.ts';
import type { Curve, Ease } from '../../grammar/check/value.ts';
import { anatomyOf } from '../../grammar/places/anatomy.ts';
import type { Signature } from '../../grammar/places/signature.ts';
import type { Call, Expr } from '../../grammar/syntax/tree.ts';
import { table } from './markdown.ts';

interface LaidOver {
  readonly signature: Signature;
  /** The tensors of the rule that sets it; absent: the whole step. */
  readonly tensors?: ReadonlySet<string>;
  readonly compat: Compat;
}

const layersShown = 48;

/** A table of layers and values, tower by tower. */
export function curveText(curve: Curve, { signature, tensors, compat }: LaidOver): string {
  const all = new Set(signature.tensors.map(({ name }) => name));
  const layout: Layout = layoutOf(tensors ?? all, signature);
  const { towers } = anatomyOf(signature);
  const rows = towers.flatMap(({ name }) =>
    [...(layout.get(name)?.keys() ?? [])].map((layer) => {
      const place = {
        tower: name,
        kind: 'text' as const,
        layer,
        part: 'other' as const,
        column: '',
      };
      const value = valueAt(curve, depthOf(place, signature, compat, layout), compat);
      return { layer: towers.length === 1 ? String(layer) : `${name} ${layer}`, value };
    }),
  );
  const shown = rows.slice(0, layersShown);
  const more = rows.length - shown.length;
  if (shown.length === 0) return '';
  return [
    table(
      ['layer', ...shown.map(({ layer }) => layer)],
      [['value', ...shown.map(({ value }) => figure(value))]],
    ),
    ...(more > 0 ? [`and ${more} more layers`] : []),
  ].join('\n\n');
}

/** A curve whose knots are written as numbers. */
export function writtenCurve(call: Call): Curve | undefined {
  const knots: number[] = [];
  let ease: Ease = 'linear';
  for (const arg of call.args) {
    if (arg.kind === 'spread') return undefined;
    if (arg.name === undefined) {
      const value = numberIn(arg.value);
      if (value === undefined) return undefined;
      knots.push(value);
    } else if (arg.name.text === 'ease' && arg.value.kind === 'reference') {
      ease = (arg.value.path.parts[0]?.text ?? ease) as Ease;
    }
  }
  return knots.length === 0 ? undefined : { kind: 'knots', knots, ease };
}

function numberIn(expr: Expr): number | undefined {
  if (expr.kind === 'number') return expr.value;
  if (expr.kind === 'parenthesised') return numberIn(expr.inner);
  const inner = expr.kind === 'negation' ? numberIn(expr.operand) : undefined;
  return inner === undefined ? undefined : -inner;
}
