/** The columns of the map: a tower's layers run left to right, its embeddings before and its head after them. */
import type { PreviewRow } from '../../engine/measures/preview.ts';

export interface Column {
  readonly key: string;
  readonly kind: 'layer' | 'outside';
  readonly tower?: string;
  readonly layer?: number;
  /** Of a column outside the layers. */
  readonly part?: string;
  /** As short as the axis needs it. */
  readonly label: string;
  /** In a sentence. */
  readonly title: string;
  /** Room stands before it: a tower, or its layers, begin here. */
  readonly isFirst: boolean;
}

export function columnsOf(rows: readonly PreviewRow[]): readonly Column[] {
  const inLayers = new Set(
    rows.filter(({ kind }) => kind === 'cell').map(({ tower, part }) => `${tower}\0${part}`),
  );
  const outside = rows.filter(
    ({ kind, tower, part }) =>
      kind === 'part' && part !== undefined && !inLayers.has(`${tower}\0${part}`),
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
  return parts.map(({ tower, part }, index) => ({
    key: `outside\0${tower}\0${part}`,
    kind: 'outside',
    ...(tower === undefined ? {} : { tower }),
    part: part!,
    label: shortLabels[part!] ?? part!,
    title: `${named}${partTitle(part!)}`,
    isFirst: index === 0,
  }));
}

const shortLabels: Readonly<Record<string, string>> = {
  embeddings: 'emb',
  final_norm: 'norm',
};

/** `final_norm` as a sentence has it. */
export function partTitle(part: string): string {
  return part.replaceAll('_', ' ');
}
