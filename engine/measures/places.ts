/** The rows of a preview: everything, towers, parts, layers, and parts of layers. */
import { anatomyOf, type PlaceOfTensor } from '../../grammar/places/anatomy.ts';
import type { PartName } from '../../grammar/places/parts.ts';
import type { Signature, TensorHeader } from '../../grammar/places/signature.ts';
import { elementCount } from '../safetensors/dtype-size.ts';
import type { PreviewRow, RowsBy } from './preview.ts';

export type RowPlace = Pick<PreviewRow, 'kind' | 'tower' | 'layer' | 'block' | 'part' | 'column'>;

export interface Row {
  readonly place: RowPlace;
  readonly tensors: ReadonlySet<string>;
  readonly elements: number;
}

const kinds = ['total', 'tower', 'part', 'layer', 'cell'] as const;

/** In the order in which values flow through a layer. */
const partOrder: readonly PartName[] = [
  ...(['embeddings', 'attention', 'mlp', 'router', 'experts', 'mixer', 'other', 'norms'] as const),
  ...(['final_norm', 'head'] as const),
];

/** Others follow, in the order of their first tensors. */
const columnOrder: readonly string[] = [
  ...['qkv', 'q', 'k', 'v', 'q_a', 'q_b', 'kv_a', 'kv_b', 'o'],
  ...['gate_up', 'gate', 'up', 'down'],
];

export function rowsOf(
  signature: Signature,
  tensors: readonly TensorHeader[],
  by: RowsBy = 'part',
): readonly Row[] {
  const { towers, places } = anatomyOf(signature);
  const isOneTower = new Set([...places.values()].map(({ tower }) => tower)).size === 1;
  const rows = new Map<string, { place: RowPlace; tensors: Set<string>; elements: number }>();
  const blocksOf = new Map(towers.map(({ name, blocks }) => [name, blocks]));
  for (const { name, shape } of tensors) {
    const at = places.get(name)!;
    for (const place of placesOf(at, { blocks: blocksOf.get(at.tower), by })) {
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
  const columns = [...columnOrder, ...new Set([...places.values()].map(({ column }) => column))];
  const rank = ({ place }: Row): readonly number[] => [
    kinds.indexOf(place.kind),
    towerOrder.indexOf(place.tower ?? ''),
    place.layer ?? -1,
    partOrder.findIndex((part) => part === place.part),
    columns.indexOf(place.column ?? ''),
  ];
  return [...rows.values()]
    .map((row) => ({ row, rank: rank(row) }))
    .sort((a, b) => compareRanks(a.rank, b.rank))
    .map(({ row }) => row);
}

function placesOf(
  { tower, layer, part, column }: PlaceOfTensor,
  { blocks, by }: { readonly blocks: readonly string[] | undefined; readonly by: RowsBy },
): readonly RowPlace[] {
  const what = by === 'column' ? { part, column } : { part };
  const outer: readonly RowPlace[] = [
    { kind: 'total' },
    { kind: 'tower', tower },
    { kind: 'part', tower, ...what },
  ];
  if (layer === undefined) return outer;
  const block = blocks?.[layer];
  const where = { tower, layer, ...(block === undefined ? {} : { block }) };
  return [...outer, { kind: 'layer', ...where }, { kind: 'cell', ...where, ...what }];
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((rank, index) => rank !== b[index]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}
