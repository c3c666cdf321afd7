import type { PlaceOfTensor } from '../../grammar/places/anatomy.ts';
import type { MapPlace } from '../../engine/protocol/measure.ts';

/**
 * The places that hold these tensors and no others, as few as can say it: a layer whose tensors are all among them is named
 * alone, else its parts, else their columns. A place that is taken in part counts: its cell is one of those spoken of.
 */
export function placesOver(
  places: ReadonlyMap<string, PlaceOfTensor>,
  tensors: ReadonlySet<string>,
): readonly MapPlace[] {
  const groups = new Map<string, Group>();
  for (const [name, at] of places) {
    const isHeld = tensors.has(name);
    for (const place of from(at)) {
      const key = JSON.stringify(place);
      const group = groups.get(key) ?? { place, held: 0, of: 0 };
      group.of++;
      if (isHeld) group.held++;
      groups.set(key, group);
    }
  }
  const named = new Map<string, MapPlace>();
  for (const name of tensors) {
    const at = places.get(name);
    if (at === undefined) continue;
    const candidates = from(at).map((place) => groups.get(JSON.stringify(place))!);
    const { place } = candidates.find(({ held, of }) => held === of) ?? candidates.at(-1)!;
    named.set(JSON.stringify(place), place);
  }
  return [...named.values()];
}

interface Group {
  readonly place: MapPlace;
  /** Tensors of the place: those asked about, and all. */
  held: number;
  of: number;
}

/** The places that hold a tensor, the widest first. */
function from({ tower, layer, part, column }: PlaceOfTensor): readonly MapPlace[] {
  const wide = layer === undefined ? [] : [{ tower, layer }];
  const where = layer === undefined ? { tower } : { tower, layer };
  return [...wide, { ...where, part }, { ...where, part, column }];
}
