/** Curves as mergekit's gradients: evenly spaced knots over all layers of a slice, the first of them outside the layers. */
import type { Compat } from '../../check/curve.ts';
import { valueAt } from '../../check/curve.ts';
import { depthOf, layoutOf } from '../../check/depth.ts';
import type { Curve, Value } from '../../check/value.ts';
import { notSaidInYaml } from '../../diagnostics/mw7201-not-said-in-yaml.ts';
import { computedOtherwise } from '../../diagnostics/mw7301-computed-otherwise.ts';
import { anatomyOf } from '../../places/anatomy.ts';
import type { Signature } from '../../places/signature.ts';
import { type Exporting, say } from './exporting.ts';
import { filtersByNames } from './filters.ts';
import { flow, plain, type YamlOut } from './yaml-text.ts';

/** Where a curve holds: at a rule's tensors, or at all of the step's result. */
export interface CurveAt {
  readonly compat: Compat;
  readonly shift: number;
  /** Absent before headers. */
  readonly signature?: Signature;
  /** Of the rule; absent for an argument, and before headers. */
  readonly tensors?: ReadonlySet<string>;
  readonly isRule: boolean;
}

export interface OutGradient {
  readonly value: YamlOut;
  /** The same at some tensors alone, by their names: a number, where it is one for all of them. */
  readonly within?: (tensors: readonly string[]) => YamlOut;
  /** Tensors outside the layers that the gradient does not reach as the recipe has it. */
  readonly besides: readonly { readonly filter: string; readonly value: YamlOut }[];
}

type CurveValue = Pick<Extract<Value, { readonly kind: 'curve' }>, 'curve' | 'span'>;

/** Undefined: it cannot be said, and why is. */
export function gradientOf(
  exporting: Exporting,
  { curve, span }: CurveValue,
  at: CurveAt,
): OutGradient | undefined {
  if (curve.kind === 'constant') return { value: plain(curve.value), besides: [] };
  const { signature, compat } = at;
  if (curve.kind === 'knots' && curve.ease === 'linear' && isOverAllLayers(at)) {
    if (compat === 'paper' && curve.knots[0] !== curve.knots.at(-1)) {
      const message =
        'mergekit lays a gradient over all layers, and gives the final norm and the head its first value; `compat: mergekit` in the recipe does the same.';
      say(exporting, computedOtherwise, span, message);
    }
    return { value: flow(curve.knots), besides: [] };
  }
  if (signature === undefined) {
    const message =
      'A gradient of mergekit’s has evenly spaced knots over all layers, joined by straight lines: what this curve is at each layer is known once the model’s header is.';
    return say(exporting, notSaidInYaml, span, message);
  }
  return layerByLayer(exporting, curve, span, { ...at, signature });
}

/** Under the paper's rules a curve at a place is laid over the layers of that place alone. */
function isOverAllLayers({ compat, isRule, signature, tensors }: CurveAt): boolean {
  if (compat === 'mergekit' || !isRule) return true;
  if (signature === undefined || tensors === undefined) return true;
  const layout = layoutOf(tensors, signature);
  return anatomyOf(signature).towers.every(
    ({ name, layerCount }) => (layout.get(name)?.size ?? layerCount) === layerCount,
  );
}

/** One knot a layer says any curve. */
function layerByLayer(
  exporting: Exporting,
  curve: Curve,
  span: CurveValue['span'],
  { compat, isRule, shift, signature, tensors }: CurveAt & { readonly signature: Signature },
): OutGradient | undefined {
  const { places, towers } = anatomyOf(signature);
  const held = [...places].filter(([name]) => tensors?.has(name) ?? true);
  const layout = isRule && tensors !== undefined ? layoutOf(tensors, signature) : undefined;
  const valueOf = (name: string): number =>
    valueAt(curve, depthOf(places.get(name)!, signature, compat, layout), compat);
  const inLayers = held.filter(([, { layer }]) => layer !== undefined);
  const reached = new Set(inLayers.map(([, { tower }]) => tower));
  const tower = towers.find(({ name }) => reached.has(name));
  if (reached.size > 1 || tower?.blocks !== undefined) {
    const message =
      'mergekit lays a gradient over one row of layers, and here are several: give each its own place.';
    return say(exporting, notSaidInYaml, span, message);
  }
  const byLayer = new Map(inLayers.map(([name, { layer }]) => [layer!, valueOf(name)]));
  const knots = knotsOf(byLayer, tower?.layerCount ?? 0);
  const outside = held.filter(([, { layer }]) => layer === undefined).map(([name]) => name);
  const first = knots[0] ?? (outside[0] === undefined ? 0 : valueOf(outside[0]));
  const besides: { filter: string; value: YamlOut }[] = [];
  for (const value of new Set(outside.map(valueOf).filter((one) => one !== first))) {
    const those = new Set(outside.filter((name) => valueOf(name) === value));
    const filters = filtersByNames(those, signature, shift);
    if (filters === undefined) {
      const message =
        'mergekit gives tensors outside the layers a gradient’s first value, and no texts tell these from all others.';
      return say(exporting, notSaidInYaml, span, message);
    }
    besides.push(
      ...filters.flatMap(({ text }) =>
        text === undefined ? [] : [{ filter: text, value: plain(rounded(value)) }],
      ),
    );
  }
  const isLevel = knots.every((knot) => knot === first);
  const whole = isLevel ? plain(rounded(first)) : flow(fewer(knots).map(rounded));
  const within = (some: readonly string[]): YamlOut => {
    const [value, ...others] = new Set(some.map(valueOf));
    return value === undefined || others.length > 0 ? whole : plain(rounded(value));
  };
  return { value: whole, within, besides };
}

/** A value for every layer; those that the place leaves out go on with their neighbour's. */
function knotsOf(byLayer: ReadonlyMap<number, number>, layerCount: number): readonly number[] {
  if (byLayer.size === 0) return [];
  const known = [...byLayer.keys()].sort((a, b) => a - b);
  return Array.from({ length: layerCount }, (_, layer) => {
    const at = known.findLast((one) => one <= layer) ?? known[0]!;
    return byLayer.get(at)!;
  });
}

/** As few knots as say the same. */
function fewer(knots: readonly number[]): readonly number[] {
  const last = knots.length - 1;
  for (let count = 2; count <= last; count++) {
    const step = last / (count - 1);
    if (!Number.isInteger(step)) continue;
    const some = Array.from({ length: count }, (_, index) => knots[index * step]!);
    const isSame = knots.every((knot, layer) => {
      const at = Math.min(count - 2, Math.floor(layer / step));
      const f = (layer - at * step) / step;
      return Math.abs((1 - f) * some[at]! + f * some[at + 1]! - knot) <= 1e-15;
    });
    if (isSame) return some;
  }
  return knots;
}

/** Sums of f64 end in digits that nobody wrote. */
function rounded(value: number): number {
  return Number(value.toPrecision(15));
}
