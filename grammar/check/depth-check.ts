/** What only the layers can tell of an argument: its range at every layer, and whether its knots have one. */
import type { Parameter } from '../catalogue.ts';
import { noSuchLayer } from '../diagnostics/mw4101-no-such-layer.ts';
import { anatomyOf } from '../places/anatomy.ts';
import { layerAt } from '../places/evaluate.ts';
import type { Signature } from '../places/signature.ts';
import type { Span } from '../syntax/span.ts';
import { type Checking, quoted, report } from './checking.ts';
import {
  type Compat,
  type Depth,
  hasProfile,
  placedKnotsOf,
  valueAt,
  valuesAtKnots,
} from './curve.ts';
import { isInRange, rangeOf } from './parameters.ts';
import { layersInWords } from './place-faults.ts';
import { reportOutOfRange } from './single-value.ts';
import type { Curve, Value } from './value.ts';

export interface OverDepth {
  readonly signature: Signature;
  /** Every place the value is read at. */
  readonly depths: readonly Depth[];
  readonly compat: Compat;
  /** The text that names whose layers are meant. */
  readonly owner: Span;
}

/** Holds a value against its parameter's range; before headers, by its knots. */
export function checkOverDepth(
  checking: Checking,
  value: Value,
  parameter: Parameter,
  over: OverDepth | undefined,
): void {
  switch (value.kind) {
    case 'list':
      for (const item of value.items) checkOverDepth(checking, item, parameter, over);
      return;
    case 'map':
      for (const entry of value.entries.values()) {
        checkOverDepth(checking, entry, parameter, over);
      }
      return;
    case 'curve':
      checkCurve(checking, value.curve, value.span, parameter, over);
      return;
    case 'number':
    case 'boolean':
    case 'word':
    case 'text':
    case 'bytes':
    case 'duration':
      return;
  }
}

function checkCurve(
  checking: Checking,
  curve: Curve,
  span: Span,
  parameter: Parameter,
  over: OverDepth | undefined,
): void {
  if (parameter.type.kind !== 'number' || hasProfile(curve)) return;
  const range = rangeOf(parameter.type);
  if (over === undefined) {
    const values = valuesAtKnots(curve) ?? [];
    const off = values.find((value) => !isInRange(value, range));
    if (off === undefined) return;
    reportOutOfRange(checking, knotSpan(curve, off) ?? span, parameter, off);
    return;
  }
  checkKnots(checking, curve, over);
  for (const depth of over.depths) {
    const value = valueAt(curve, depth, over.compat);
    if (isInRange(value, range)) continue;
    const where = depth.kind === 'layer' ? ` at layer ${depth.layer}` : '';
    reportOutOfRange(checking, knotSpan(curve, value) ?? span, parameter, value, where);
    return;
  }
}

/** Every knot at a layer needs that layer, in one tower at least. */
function checkKnots(
  checking: Checking,
  curve: Curve,
  { signature, owner }: Pick<OverDepth, 'signature' | 'owner'>,
): void {
  const { towers } = anatomyOf(signature);
  for (const { at, span } of placedKnotsOf(curve)) {
    const isThere = towers.some((tower) => {
      const layer = layerAt(at, tower);
      return layer !== undefined && layer >= 0 && layer < tower.layerCount;
    });
    if (isThere || span === undefined) continue;
    const tower = towers[0];
    const layers = tower === undefined ? 'it has no layers' : layersInWords(tower);
    report(
      checking,
      noSuchLayer,
      span,
      `${quoted(checking, owner)} has no layer ${at}: ${layers}.`,
    );
  }
}

/** The knot that has this very value, if the curve is written as knots. */
function knotSpan(curve: Curve, value: number): Span | undefined {
  if (curve.kind !== 'knots') return undefined;
  const index = curve.knots.indexOf(value);
  return index < 0 ? undefined : curve.spans?.[index];
}
