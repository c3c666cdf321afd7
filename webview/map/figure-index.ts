/** Rows of a preview by their place. */
import type { PreviewRow } from '../../engine/measures/preview.ts';

export type Place = Pick<PreviewRow, 'kind' | 'tower' | 'layer' | 'part'>;

export type FigureIndex = ReadonlyMap<string, PreviewRow>;

export function placeKey({ kind, tower, layer, part }: Place): string {
  return `${kind}\0${tower ?? ''}\0${layer ?? ''}\0${part ?? ''}`;
}

export function indexRows(rows: readonly PreviewRow[]): FigureIndex {
  return new Map(rows.map((row) => [placeKey(row), row]));
}

/** Rows with newer ones in their places' stead. */
export function withRows(
  rows: readonly PreviewRow[],
  newer: readonly PreviewRow[],
): readonly PreviewRow[] {
  const known = new Map<string, PreviewRow>();
  for (const row of rows) known.set(placeKey(row), row);
  for (const row of newer) known.set(placeKey(row), row);
  return [...known.values()];
}
