/** Which cells the cursor in the text lights up. */
import type { ToPanel } from '../../engine/protocol/panel.ts';
import type { Column } from './columns.ts';
import type { Grid } from './grid.ts';

export type LitPlace = Extract<ToPanel, { kind: 'highlight' }>['tensors'][number];

export const nothingLit = (): boolean => false;

/** A place says what it is bound to; what it leaves out may be anything. A closed model's line stands for its parts. */
export function litCells(
  { lines, columns, parts }: Grid,
  places: readonly LitPlace[],
): (line: number, column: number) => boolean {
  if (places.length === 0) return nothingLit;
  const isOver = (place: LitPlace, column: Column): boolean => {
    if (place.tower !== undefined && place.tower !== column.tower) return false;
    if (column.kind === 'outside') return place.layer === undefined && place.part === column.part;
    if (place.part !== undefined && !parts.includes(place.part)) return false;
    return place.layer === undefined || place.layer === column.layer;
  };
  return (lineIndex, columnIndex) => {
    const line = lines[lineIndex]!;
    const column = columns[columnIndex]!;
    if (line.part === undefined && line.isOpen === true && column.kind === 'layer') {
      // Its parts are shown: it is lit itself only where the whole layer is.
      return places.some((place) => place.part === undefined && isOver(place, column));
    }
    const part = column.kind === 'outside' ? column.part : line.part;
    if (column.kind === 'outside' && line.part !== undefined) return false;
    return places.some(
      (place) =>
        isOver(place, column) &&
        (place.part === undefined || part === undefined || place.part === part),
    );
  };
}
