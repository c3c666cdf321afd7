/** Which rows of a map are of an older text than the one it is held against: the extension and its panel both keep count. */
import type { PreviewRow } from '../measures/preview.ts';
import type { MapPlace } from './measure.ts';

/** A row as a panel holds it. */
export interface MapRow extends PreviewRow {
  /** Its figures are those of an older text; they stay until new ones arrive. */
  readonly isOlder?: true;
}

/** The rows with those at the places marked as older, and no others. What does not change keeps its identity. */
export function markOlder(rows: readonly MapRow[], places: readonly MapPlace[]): readonly MapRow[] {
  const isAt = placeTest(rows, places);
  return rows.map((row) => marked(row, isAt(row)));
}

/** The row with or without the mark. */
export function marked(row: MapRow, isOlder: boolean): MapRow {
  if ((row.isOlder === true) === isOlder) return row;
  if (isOlder) return { ...row, isOlder };
  const current: { -readonly [Key in keyof MapRow]: MapRow[Key] } = { ...row };
  delete current.isOlder;
  return current;
}

/**
 * A row is at a place where they share a tensor: a layer at its attention, the total at everything.
 * A place without a layer is outside the layers; one that names nothing is everywhere.
 */
function placeTest(rows: readonly MapRow[], places: readonly MapPlace[]): (row: MapRow) => boolean {
  if (places.length === 0) return () => false;
  if (places.some((place) => Object.keys(place).length === 0)) return () => true;
  const inLayers = new Set(rows.filter(({ kind }) => kind === 'cell').map(partKey));
  const byLayer = Map.groupBy(places, layerKey);
  return (row) => {
    switch (row.kind) {
      case 'total':
        return true;
      case 'tower':
        return places.some(({ tower }) => tower === row.tower);
      case 'layer':
      case 'cell':
        return byLayer.get(layerKey(row))?.some((place) => agrees(place, row)) === true;
      case 'part': {
        const isInLayers = inLayers.has(partKey(row));
        return places.some(
          (place) =>
            place.tower === row.tower &&
            (place.layer !== undefined) === isInLayers &&
            agrees(place, row),
        );
      }
    }
  };
}

function agrees(place: MapPlace, { part, column }: MapRow): boolean {
  return (
    (place.part === undefined || part === undefined || place.part === part) &&
    (place.column === undefined || column === undefined || place.column === column)
  );
}

function layerKey({ tower, layer }: MapPlace): string {
  return `${tower ?? ''}\0${layer ?? ''}`;
}

function partKey({ tower, part, column }: MapPlace): string {
  return `${tower ?? ''}\0${part ?? ''}\0${column ?? ''}`;
}
