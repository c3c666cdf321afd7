/** Where a tensor stands for a curve: its index among the layers the curve is laid over. */
import { anatomyOf, type PlaceOfTensor, type Tower } from '../places/anatomy.ts';
import type { Signature } from '../places/signature.ts';
import type { Compat, Depth } from './curve.ts';

/** The layers a curve is laid over: tower by tower, each layer's index among them. */
export type Layout = ReadonlyMap<string, ReadonlyMap<number, number>>;

const layouts = new WeakMap<ReadonlySet<string>, WeakMap<Signature, Layout>>();

/** The layers in which a set of the signature's tensors lies. */
export function layoutOf(tensors: ReadonlySet<string>, signature: Signature): Layout {
  let bySignature = layouts.get(tensors);
  if (bySignature === undefined) layouts.set(tensors, (bySignature = new WeakMap()));
  let layout = bySignature.get(signature);
  if (layout === undefined) {
    const { places } = anatomyOf(signature);
    const layers = new Map<string, Set<number>>();
    for (const name of tensors) {
      const place = places.get(name);
      if (place?.layer === undefined) continue;
      let inTower = layers.get(place.tower);
      if (inTower === undefined) layers.set(place.tower, (inTower = new Set()));
      inTower.add(place.layer);
    }
    layout = new Map(
      [...layers].map(([tower, numbers]) => {
        const ascending = [...numbers].sort((a, b) => a - b);
        return [tower, new Map(ascending.map((layer, index) => [layer, index]))];
      }),
    );
    bySignature.set(signature, layout);
  }
  return layout;
}

/** `layout` absent: the curve is laid over all layers. */
export function depthOf(
  place: PlaceOfTensor,
  signature: Signature,
  compat: Compat,
  layout?: Layout,
): Depth {
  const { towers } = anatomyOf(signature);
  const tower = towers.find(({ name }) => name === place.tower);
  if (place.layer === undefined || tower === undefined) {
    const isLast = place.part === 'final_norm' || place.part === 'head';
    const end = isLast && compat === 'paper' ? 'last' : 'first';
    const nearest: Tower | undefined = tower ?? towers[0];
    return { kind: 'outside', end, ...(nearest === undefined ? {} : { tower: nearest }) };
  }
  const over = compat === 'paper' ? layout?.get(tower.name) : undefined;
  return {
    kind: 'layer',
    tower,
    layer: place.layer,
    index: over?.get(place.layer) ?? place.layer,
    count: over?.size ?? tower.layerCount,
  };
}
