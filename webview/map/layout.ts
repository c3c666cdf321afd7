/** Which row of a preview stands in which place of the map. Made once for rows, whatever is shown of them. */
import type { MapRow } from '../../engine/protocol/older-rows.ts';
import { columnsOf, type Column } from './columns.ts';
import { linePartsOf, partKey, type LinePart } from './line-parts.ts';

/** One a column; undefined where no such row came. */
export type LayoutLine = readonly (MapRow | undefined)[];

export interface Layout {
  readonly columns: readonly Column[];
  /** Parts that stand in layers. */
  readonly parts: readonly LinePart[];
  /** Layers as wholes, and parts outside the layers. */
  readonly subject: LayoutLine;
  /** By the part's key. */
  readonly byPart: ReadonlyMap<string, LayoutLine>;
  readonly total: MapRow | undefined;
  /** A part over all its layers, by its key, where there is one tower. */
  readonly wholeOfPart: ReadonlyMap<string, MapRow>;
  /** Those that are cells of the map: they decide its scale. */
  readonly drawn: readonly MapRow[];
}

/** Rows are gone through once: a map has thousands, and new ones arrive with each frame. */
export function layoutOf(rows: readonly MapRow[]): Layout {
  const columns = columnsOf(rows);
  const parts = linePartsOf(rows);
  const isOneTower = new Set(columns.map(({ tower }) => tower)).size === 1;
  const places = columnPlaces(columns);
  const none = (): (MapRow | undefined)[] => columns.map(() => undefined);
  const subject = none();
  const byPart = new Map(parts.map(({ key }) => [key, none()]));
  const wholeOfPart = new Map<string, MapRow>();
  const drawn: MapRow[] = [];
  let total: MapRow | undefined;
  for (const row of rows) {
    switch (row.kind) {
      case 'total':
        total = row;
        break;
      case 'tower':
        break;
      case 'layer': {
        const at = places.layer(row);
        if (at !== undefined) subject[at] = row;
        drawn.push(row);
        break;
      }
      case 'cell': {
        const at = places.layer(row);
        if (at !== undefined) byPart.get(partKey(row))![at] = row;
        drawn.push(row);
        break;
      }
      case 'part': {
        const key = partKey(row);
        if (byPart.has(key)) {
          if (isOneTower) wholeOfPart.set(key, row);
          break;
        }
        const at = places.outside(row);
        if (at !== undefined) subject[at] = row;
        drawn.push(row);
      }
    }
  }
  return { columns, parts, subject, byPart, total, wholeOfPart, drawn };
}

/** Where a row stands among the columns. */
function columnPlaces(columns: readonly Column[]) {
  const layers = new Map<string | undefined, Map<number, number>>();
  const outside = new Map<string, number>();
  for (const [index, column] of columns.entries()) {
    if (column.kind === 'outside') {
      outside.set(`${column.tower}\0${partKey(column)}`, index);
      continue;
    }
    const ofTower = layers.get(column.tower) ?? new Map<number, number>();
    layers.set(column.tower, ofTower.set(column.layer!, index));
  }
  return {
    layer: ({ tower, layer }: MapRow) => layers.get(tower)?.get(layer!),
    outside: (row: MapRow) => outside.get(`${row.tower}\0${partKey(row)}`),
  };
}
