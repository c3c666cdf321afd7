/** The rows of a preview: everything, towers, parts, layers, and parts of layers. */
import { anatomyOf, type PlaceOfTensor } from '../../grammar/places/anatomy.ts';
import { partNames } from '../../grammar/places/parts.ts';
import type { Signature, TensorHeader } from '../../grammar/places/signature.ts';
import { elementCount } from '../safetensors/dtype-size.ts';
import type { PreviewRow } from './preview.ts';

export type RowPlace = Pick<PreviewRow, 'kind' | 'tower' | 'layer' | 'block' | 'part'>;

export interface Row {
  readonly place: RowPlace;
  readonly tensors: ReadonlySet<string>;
  readonly elements: number;
}

const kinds = ['total', 'tower', 'part', 'layer', 'cell'] as const;

export function rowsOf(signature: Signature, tensors: readonly TensorHeader[]): readonly Row[] {
  const { towers, places } = anatomyOf(signature);
  const isOneTower = new Set([...places.values()].map(({ tower }) => tower)).size === 1;
  const rows = new Map<string, { place: RowPlace; tensors: Set<string>; elements: number }>();
  for (const { name, shape } of tensors) {
    const at = places.get(name)!;
    const blocks = towers.find((tower) => tower.name === at.tower)?.blocks;
    for (const place of placesOf(at, blocks)) {
      if (place.kind === 'tower' && isOneTower) continue;
      const key = JSON.stringify(place);
      const row = rows.get(key) ?? { place, tensors: new Set<string>(), elements: 0 };
      row.tensors.add(name);
      row.elements += elementCount(shape)!;
      rows.set(key, row);
    }
  }
  const towerOrder = [
    ...new Set([
      ...towers.map(({ name }) => name),
      ...[...places.values()].map(({ tower }) => tower),
    ]),
  ];
  const rank = ({ place }: Row): readonly number[] => [
    kinds.indexOf(place.kind),
    towerOrder.indexOf(place.tower ?? ''),
    place.layer ?? -1,
    partNames.findIndex((part) => part === place.part),
  ];
  return [...rows.values()].sort((a, b) => compareRanks(rank(a), rank(b)));
}

function placesOf(
  { tower, layer, part }: PlaceOfTensor,
  blocks: readonly string[] | undefined,
): readonly RowPlace[] {
  const outer: readonly RowPlace[] = [
    { kind: 'total' },
    { kind: 'tower', tower },
    { kind: 'part', tower, part },
  ];
  if (layer === undefined) return outer;
  const block = blocks?.[layer];
  const where = { tower, layer, ...(block === undefined ? {} : { block }) };
  return [...outer, { kind: 'layer', ...where }, { kind: 'cell', ...where, part }];
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((rank, index) => rank !== b[index]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}
