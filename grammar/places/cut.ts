/**
 * Layers cut out and set in a row: what `m[…]` and `stack` do to a signature.
 * Every tensor of the result knows where it comes from.
 */
import { anatomyOf, type PlaceOfTensor, type Tower } from './anatomy.ts';
import type { Signature, TensorHeader } from './signature.ts';

/** Where a tensor of the result comes from: which part of the row, and its name there. */
export interface Origin {
  readonly part: number;
  readonly name: string;
}

export interface Rearranged {
  readonly signature: Signature;
  readonly origins: ReadonlyMap<string, Origin>;
}

/** The model with these layers of one tower only, renumbered from 0; all else is kept. */
export function cutLayers(
  signature: Signature,
  tower: Tower,
  layers: readonly number[],
): Rearranged {
  const { places } = anatomyOf(signature);
  const newNumber = new Map(layers.map((layer, i) => [layer, i]));
  const moved: { readonly header: TensorHeader; readonly origin: Origin }[] = [];
  for (const header of signature.tensors) {
    const place = places.get(header.name)!;
    const origin = { part: 0, name: header.name };
    if (place.tower !== tower.name || place.layer === undefined) {
      moved.push({ header, origin });
      continue;
    }
    const number = newNumber.get(place.layer);
    if (number === undefined) continue;
    moved.push({ header: { ...header, name: renumbered(tower, number, place) }, origin });
  }
  const isMain = tower.name === anatomyOf(signature).towers[0]?.name;
  return assembled(moved, signature, isMain ? layers.length : undefined);
}

export type StackFault =
  | { readonly kind: 'no layers'; readonly part: number }
  /** A tensor of this part's layers that the first part's have not, or the reverse. */
  | { readonly kind: 'unlike tensors'; readonly part: number; readonly name: string }
  | {
      readonly kind: 'unlike shapes';
      readonly part: number;
      readonly name: string;
      readonly shape: readonly number[];
      readonly first: readonly number[];
    };

/** All layers in a row; what stands before them from the first part, after them from the last. */
export function stackLayers(parts: readonly Signature[]): {
  readonly rearranged: Rearranged;
  readonly fault?: StackFault;
} {
  const first = parts[0]!;
  const firstAnatomy = anatomyOf(first);
  const tower = firstAnatomy.towers[0];
  const moved: { readonly header: TensorHeader; readonly origin: Origin }[] = [];
  const shapes = new Map<string, readonly number[]>();
  let fault: StackFault | undefined;
  let above = 0;
  parts.forEach((signature, part) => {
    const anatomy = anatomyOf(signature);
    const own = anatomy.towers.find(({ name }) => name === tower?.name);
    if (own === undefined || tower?.prefix === undefined) {
      fault ??= { kind: 'no layers', part };
      return;
    }
    for (const header of signature.tensors) {
      const place = anatomy.places.get(header.name)!;
      if (place.tower === own.name && place.layer !== undefined) {
        const name = renumbered(tower, above + place.layer, place);
        const seen = shapes.get(place.rest!);
        if (part === 0) shapes.set(place.rest!, header.shape);
        else if (seen === undefined) fault ??= { kind: 'unlike tensors', part, name: header.name };
        else if (!sameShape(seen, header.shape)) {
          fault ??= {
            kind: 'unlike shapes',
            part,
            name: header.name,
            shape: header.shape,
            first: seen,
          };
        }
        moved.push({ header: { ...header, name }, origin: { part, name: header.name } });
        continue;
      }
      const isAfter =
        place.tower === own.name && (place.part === 'final_norm' || place.part === 'head');
      if (part === (isAfter ? parts.length - 1 : 0)) {
        moved.push({ header, origin: { part, name: header.name } });
      }
      const inFirst = first.tensors === signature.tensors ? undefined : shapeIn(first, header.name);
      if (isAfter && inFirst !== undefined && !sameShape(inFirst, header.shape)) {
        fault ??= {
          kind: 'unlike shapes',
          part,
          name: header.name,
          shape: header.shape,
          first: inFirst,
        };
      }
    }
    above += own.layerCount;
  });
  const rearranged = assembled(moved, first, above);
  return fault === undefined ? { rearranged } : { rearranged, fault };
}

function renumbered(tower: Tower, layer: number, place: PlaceOfTensor): string {
  return `${tower.prefix ?? ''}${layer}${place.rest ?? ''}`;
}

function assembled(
  moved: readonly { readonly header: TensorHeader; readonly origin: Origin }[],
  like: Signature,
  layerCount: number | undefined,
): Rearranged {
  const sorted = [...moved].sort((a, b) => compareNames(a.header.name, b.header.name));
  const signature: Signature = {
    tensors: sorted.map(({ header }) => header),
    ...(like.config === undefined
      ? {}
      : { config: { ...like.config, ...(layerCount === undefined ? {} : { layerCount }) } }),
  };
  return { signature, origins: new Map(sorted.map(({ header, origin }) => [header.name, origin])) };
}

const shapeTables = new WeakMap<Signature, ReadonlyMap<string, TensorHeader>>();

/** The headers of a signature by name. */
export function headersOf(signature: Signature): ReadonlyMap<string, TensorHeader> {
  let table = shapeTables.get(signature);
  if (table === undefined) {
    table = new Map(signature.tensors.map((header) => [header.name, header]));
    shapeTables.set(signature, table);
  }
  return table;
}

function shapeIn(signature: Signature, name: string): readonly number[] | undefined {
  return headersOf(signature).get(name)?.shape;
}

export function sameShape(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((size, i) => size === other[i]);
}

/** Byte order of UTF-8: the order of UTF-16 units, but that surrogates stand above all others. */
export function compareNames(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let i = 0; i < length; i++) {
    const difference = rank(one.charCodeAt(i)) - rank(other.charCodeAt(i));
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

function rank(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
}
