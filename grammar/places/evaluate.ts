/** A place meets a signature: the set of its tensors, and what is odd about it. */
import { type Anatomy, anatomyOf, type Tower } from './anatomy.ts';
import { compilePattern } from './pattern.ts';
import type { LayerBound, Place } from './place.ts';
import type { Signature } from './signature.ts';
import type { TowerName } from './towers.ts';

export type PlaceFault =
  /** No tower in question has this layer. */
  | {
      readonly kind: 'no such layer';
      readonly place: Place;
      readonly bound: LayerBound;
      /** The tower with the most layers among those in question; absent where none has any. */
      readonly tower?: Tower;
    }
  | { readonly kind: 'several towers'; readonly place: Place; readonly towers: readonly string[] };

export interface PlaceAnswer {
  readonly tensors: ReadonlySet<string>;
  readonly faults: readonly PlaceFault[];
}

/** Sets by what a place says, whichever text says it; of places without a fault alone, since a fault names its text. */
const known = new WeakMap<Signature, Map<string, ReadonlySet<string>>>();
const knownAtMost = 2000;

/** The names of the signature's tensors that lie in the place: of places that say the same, the same set. */
export function tensorsIn(place: Place, signature: Signature): PlaceAnswer {
  let ofSignature = known.get(signature);
  if (ofSignature === undefined) known.set(signature, (ofSignature = new Map()));
  const key = keyOf(place);
  const found = ofSignature.get(key);
  if (found !== undefined) return { tensors: found, faults: [] };
  const faults: PlaceFault[] = [];
  const anatomy = anatomyOf(signature);
  const tensors = evaluate(place, { anatomy, faults, signature, kinds: undefined });
  if (faults.length === 0) {
    if (ofSignature.size >= knownAtMost) ofSignature.clear();
    ofSignature.set(key, tensors);
  }
  return { tensors, faults };
}

/** What a place says, without where it is written and how its parts are called. */
function keyOf(place: Place): string {
  switch (place.kind) {
    case 'all':
    case 'broken':
      return 'all';
    case 'pattern':
      return JSON.stringify(place.text);
    case 'part':
      return `part ${place.part}`;
    case 'tower':
      return `tower ${place.tower}`;
    case 'layers':
      return `layers ${place.from}..${place.to} ${place.step}`;
    case 'declared':
      return keyOf(place.place);
    case 'and':
    case 'or':
    case 'except':
      return `(${keyOf(place.left)} ${place.kind} ${keyOf(place.right)})`;
  }
}

/**
 * The layers of one tower that a place of layers names, ascending; for `m[…]`.
 * `tower` is the one the place names, else the first; undefined where the model has no layers.
 */
export function layerNumbersIn(
  place: Place,
  signature: Signature,
): {
  readonly layers: readonly number[];
  readonly tower?: Tower;
  readonly faults: readonly PlaceFault[];
} {
  const { towers } = anatomyOf(signature);
  const kinds = kindsOf(place);
  const inQuestion = towers.filter((tower) => kinds === undefined || kinds.has(tower.kind));
  const tower = inQuestion[0];
  const faults: PlaceFault[] = [];
  if (tower === undefined) {
    const first = firstRange(place);
    if (first !== undefined)
      faults.push({ kind: 'no such layer', place: first, bound: first.from });
    return { layers: [], faults };
  }
  if (inQuestion.length > 1) {
    faults.push({ kind: 'several towers', place, towers: inQuestion.map(({ name }) => name) });
  }
  const layers = [...numbersOf(place, tower, faults)].sort((a, b) => a - b);
  return { layers, tower, faults };
}

interface Evaluation {
  readonly signature: Signature;
  readonly anatomy: Anatomy;
  readonly faults: PlaceFault[];
  /** The kinds of tower that the other side of an `&` leaves; absent: all. */
  readonly kinds: ReadonlySet<string> | undefined;
}

function evaluate(place: Place, at: Evaluation): Set<string> {
  const { places } = at.anatomy;
  switch (place.kind) {
    case 'all':
    case 'broken':
      return new Set(places.keys());
    case 'pattern': {
      const pattern = compilePattern(place.text);
      return new Set(pattern.ok ? [...places.keys()].filter(pattern.matches) : []);
    }
    case 'part':
      return namesWhere(at.anatomy, (of) => of.part === place.part);
    case 'tower':
      return namesWhere(at.anatomy, (of) => of.kind === place.tower);
    case 'layers':
      return inLayers(place, at);
    case 'declared':
      return evaluate(place.place, at);
    case 'or':
      return new Set([...evaluate(place.left, at), ...evaluate(place.right, at)]);
    case 'and': {
      const left = evaluate(place.left, { ...at, kinds: narrow(at.kinds, kindsOf(place.right)) });
      const right = evaluate(place.right, { ...at, kinds: narrow(at.kinds, kindsOf(place.left)) });
      return new Set([...left].filter((name) => right.has(name)));
    }
    case 'except': {
      const left = evaluate(place.left, at);
      const right = evaluate(place.right, {
        ...at,
        kinds: narrow(at.kinds, kindsOf(place.left)),
      });
      return new Set([...left].filter((name) => !right.has(name)));
    }
  }
}

function namesWhere(
  anatomy: Anatomy,
  holds: (place: { readonly part: string; readonly kind: string }) => boolean,
): Set<string> {
  const names = new Set<string>();
  for (const [name, place] of anatomy.places) if (holds(place)) names.add(name);
  return names;
}

type LayersPlace = Extract<Place, { readonly kind: 'layers' }>;

function inLayers(place: LayersPlace, at: Evaluation): Set<string> {
  const towers = at.anatomy.towers.filter(
    (tower) => at.kinds === undefined || at.kinds.has(tower.kind),
  );
  const numbers = new Map(
    towers.map((tower) => [tower.name, numbersOfRange(place, tower)] as const),
  );
  if (![...numbers.values()].some((range) => range.missing === undefined)) {
    const tower = largest(towers);
    const missing = tower === undefined ? undefined : numbers.get(tower.name)!.missing;
    at.faults.push({
      kind: 'no such layer',
      place,
      bound: missing ?? place.from,
      ...(tower === undefined ? {} : { tower }),
    });
  }
  const met = towers.filter((tower) => numbers.get(tower.name)!.numbers.size > 0);
  if (met.length > 1) {
    at.faults.push({ kind: 'several towers', place, towers: met.map(({ name }) => name) });
  }
  const names = new Set<string>();
  for (const [name, of] of at.anatomy.places) {
    if (of.layer !== undefined && numbers.get(of.tower)?.numbers.has(of.layer)) names.add(name);
  }
  return names;
}

/** The numbers of a place made of ranges, for one tower. */
function numbersOf(place: Place, tower: Tower, faults: PlaceFault[]): Set<number> {
  const all = (): Set<number> => new Set(Array.from({ length: tower.layerCount }, (_, i) => i));
  switch (place.kind) {
    case 'layers': {
      const { numbers, missing } = numbersOfRange(place, tower);
      if (missing !== undefined) {
        faults.push({ kind: 'no such layer', place, bound: missing, tower });
      }
      return numbers;
    }
    case 'declared':
      return numbersOf(place.place, tower, faults);
    case 'or':
      return new Set([
        ...numbersOf(place.left, tower, faults),
        ...numbersOf(place.right, tower, faults),
      ]);
    case 'and': {
      const right = numbersOf(place.right, tower, faults);
      return new Set([...numbersOf(place.left, tower, faults)].filter((i) => right.has(i)));
    }
    case 'except': {
      const right = numbersOf(place.right, tower, faults);
      return new Set([...numbersOf(place.left, tower, faults)].filter((i) => !right.has(i)));
    }
    case 'tower':
    case 'all':
    case 'part':
    case 'pattern':
    case 'broken':
      return all();
  }
}

function numbersOfRange(
  place: LayersPlace,
  tower: Tower,
): { readonly numbers: Set<number>; readonly missing?: LayerBound } {
  const from = layerAt(place.from, tower);
  const to = layerAt(place.to, tower);
  const numbers = new Set<number>();
  const last = Math.min(to ?? -1, tower.layerCount - 1);
  for (let i = from ?? tower.layerCount; i <= last; i += place.step) if (i >= 0) numbers.add(i);
  const has = (layer: number | undefined): boolean =>
    layer !== undefined && layer >= 0 && layer < tower.layerCount;
  if (!has(from)) return { numbers, missing: place.from };
  if (!has(to)) return { numbers, missing: place.to };
  return { numbers };
}

/** A bound as a layer's number, which may lie outside the tower; undefined for a block it does not name. */
export function layerAt(bound: LayerBound, tower: Tower): number | undefined {
  if (typeof bound === 'number') return bound < 0 ? tower.layerCount + bound : bound;
  const at = tower.blocks?.indexOf(bound) ?? -1;
  return at < 0 ? undefined : at;
}

function largest(towers: readonly Tower[]): Tower | undefined {
  return towers.reduce<Tower | undefined>(
    (best, tower) => (best === undefined || tower.layerCount > best.layerCount ? tower : best),
    undefined,
  );
}

/** The kinds of tower a place confines itself to; undefined where it says nothing of towers. */
function kindsOf(place: Place): ReadonlySet<string> | undefined {
  switch (place.kind) {
    case 'tower':
      return new Set<TowerName>([place.tower]);
    case 'declared':
      return kindsOf(place.place);
    case 'and':
      return narrow(kindsOf(place.left), kindsOf(place.right));
    case 'except':
      return kindsOf(place.left);
    case 'or': {
      const left = kindsOf(place.left);
      const right = kindsOf(place.right);
      return left && right && new Set([...left, ...right]);
    }
    case 'all':
    case 'layers':
    case 'pattern':
    case 'part':
    case 'broken':
      return undefined;
  }
}

function narrow(
  one: ReadonlySet<string> | undefined,
  other: ReadonlySet<string> | undefined,
): ReadonlySet<string> | undefined {
  if (one === undefined) return other;
  if (other === undefined) return one;
  return new Set([...one].filter((kind) => other.has(kind)));
}

function firstRange(place: Place): LayersPlace | undefined {
  switch (place.kind) {
    case 'layers':
      return place;
    case 'declared':
      return firstRange(place.place);
    case 'and':
    case 'or':
    case 'except':
      return firstRange(place.left) ?? firstRange(place.right);
    case 'all':
    case 'pattern':
    case 'part':
    case 'tower':
    case 'broken':
      return undefined;
  }
}
