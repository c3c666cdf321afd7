/** Which row of a preview stands in which place of the map. Made once for rows, whatever is shown of them. */
import type { PreviewRow } from '../../engine/measures/preview.ts';
import { columnsOf, type Column } from './columns.ts';
import { indexRows, placeKey, type Place } from './figure-index.ts';

/** One a column; undefined where no such row came. */
export type LayoutLine = readonly (PreviewRow | undefined)[];

export interface Layout {
  readonly columns: readonly Column[];
  /** Parts that stand in layers, of all towers, in the order in which a preview gives them. */
  readonly parts: readonly string[];
  /** Layers as wholes, and parts outside the layers. */
  readonly subject: LayoutLine;
  readonly byPart: ReadonlyMap<string, LayoutLine>;
  readonly total: PreviewRow | undefined;
  /** A part over all its layers, where there is one tower. */
  readonly wholeOfPart: ReadonlyMap<string, PreviewRow>;
  /** Those that are cells of the map: they decide its scale. */
  readonly drawn: readonly PreviewRow[];
}

export function layoutOf(rows: readonly PreviewRow[]): Layout {
  const index = indexRows(rows);
  const at = (place: Place) => index.get(placeKey(place));
  const columns = columnsOf(rows);
  const parts = [
    ...new Set(rows.filter(({ kind }) => kind === 'cell').map(({ part }) => part ?? 'other')),
  ];
  const towers = [...new Set(columns.map(({ tower }) => tower))];
  const inLayers = new Set(parts);
  return {
    columns,
    parts,
    subject: columns.map(({ kind, part, ...column }) =>
      kind === 'layer'
        ? at({ kind: 'layer', ...placeOf(column) })
        : at({ kind: 'part', ...placeOf(column), part: part! }),
    ),
    byPart: new Map(
      parts.map((part) => [
        part,
        columns.map(({ kind, ...column }) =>
          kind === 'layer' ? at({ kind: 'cell', ...placeOf(column), part }) : undefined,
        ),
      ]),
    ),
    total: at({ kind: 'total' }),
    wholeOfPart: new Map(
      (towers.length === 1 ? parts : []).flatMap((part) => {
        const row = at({ kind: 'part', ...placeOf({ tower: towers[0] }), part });
        return row === undefined ? [] : [[part, row]];
      }),
    ),
    drawn: rows.filter(
      ({ kind, part }) =>
        kind === 'layer' || kind === 'cell' || (kind === 'part' && !inLayers.has(part ?? 'other')),
    ),
  };
}

function placeOf({
  tower,
  layer,
}: {
  readonly tower?: string | undefined;
  readonly layer?: number | undefined;
}): Pick<Place, 'tower' | 'layer'> {
  return {
    ...(tower === undefined ? {} : { tower }),
    ...(layer === undefined ? {} : { layer }),
  };
}
