/** The columns of the map: a tower's layers run left to right, its embeddings before and its head after them. */
import type { PreviewRow } from '../../engine/measures/preview.ts';
import { partKey, partTitle } from './line-parts.ts';

export interface Column {
  readonly key: string;
  readonly kind: 'layer' | 'outside';
  readonly tower?: string;
  readonly layer?: number;
  /** Of a column outside the layers. */
  readonly part?: string;
  /** Of such a part, where it is told apart. */
  readonly column?: string;
  /** As short as the axis needs it. */
  readonly label: string;
  /** In a sentence. */
  readonly title: string;
  /** Room stands before it: a tower, or its layers, begin here. */
  readonly isFirst: boolean;
}

export function columnsOf(rows: readonly PreviewRow[]): readonly Column[] {
  const inLayers = new Map<string | undefined, Set<string>>();
  for (const row of rows) {
    if (row.kind !== 'cell') continue;
    const ofTower = inLayers.get(row.tower) ?? new Set<string>();
    inLayers.set(row.tower, ofTower.add(partKey(row)));
  }
  const outside = rows.filter(
    (row) =>
      row.kind === 'part' && row.part !== undefined && !inLayers.get(row.tower)?.has(partKey(row)),
  );
  const layers = rows.filter(({ kind, layer }) => kind === 'layer' && layer !== undefined);
  const towers = [...new Set([...layers, ...outside].map(({ tower }) => tower))];
  const isOneTower = towers.length === 1;
  return towers.flatMap((tower) => {
    const own = outside.filter((row) => row.tower === tower);
    const named = isOneTower || tower === undefined ? '' : `${tower}, `;
    return [
      ...outsideColumns(
        own.filter(({ part }) => part === 'embeddings'),
        named,
      ),
      ...layerColumns(
        layers.filter((row) => row.tower === tower),
        named,
      ),
      ...outsideColumns(
        own.filter(({ part }) => part !== 'embeddings'),
        named,
      ),
    ];
  });
}

function layerColumns(layers: readonly PreviewRow[], named: string): readonly Column[] {
  return layers
    .toSorted((a, b) => a.layer! - b.layer!)
    .map(({ tower, layer, block }, index) => ({
      key: `layer\0${tower}\0${layer}`,
      kind: 'layer',
      ...(tower === undefined ? {} : { tower }),
      layer: layer!,
      label: String(layer),
      title: `${named}${block ?? `layer ${layer}`}`,
      isFirst: index === 0,
    }));
}

function outsideColumns(parts: readonly PreviewRow[], named: string): readonly Column[] {
  return parts.map((row, index) => ({
    key: `outside\0${row.tower}\0${partKey(row)}`,
    kind: 'outside',
    ...(row.tower === undefined ? {} : { tower: row.tower }),
    part: row.part!,
    ...(row.column === undefined ? {} : { column: row.column }),
    label: shortLabels[row.part!] ?? row.column ?? row.part!,
    title: `${named}${partTitle(row)}`,
    isFirst: index === 0,
  }));
}

const shortLabels: Readonly<Record<string, string>> = {
  embeddings: 'emb',
  final_norm: 'norm',
};
