/** Which cells the cursor in the text lights up. */
import type { MapPlace } from '../../engine/protocol/measure.ts';
import { placeOf, type Grid } from './grid.ts';

export const nothingLit = (): boolean => false;

/**
 * A place says what it is bound to; what it leaves out may be anything. A closed model's line stands for its parts; an open
 * one's is lit itself only where the whole layer is.
 */
export function litCells(
  grid: Grid,
  places: readonly MapPlace[],
): (line: number, column: number) => boolean {
  if (places.length === 0) return nothingLit;
  const { lines, columns } = grid;
  // A rule may speak of thousands of places, and each frame asks about thousands of cells.
  const spoken = new Set(places.map(keyOf));
  const inParts = new Set(places.map(({ tower, layer }) => keyOf({ tower, layer })));
  const parts = new Set(grid.parts.map(({ part }) => part));
  const overLayers = places.filter(({ layer }) => layer === undefined);
  const isOverAllLayers = (tower: string | undefined): boolean =>
    overLayers.some(
      (place) =>
        (place.tower === undefined || place.tower === tower) &&
        (place.part === undefined || parts.has(place.part)),
    );
  return (lineIndex, columnIndex) => {
    const line = lines[lineIndex]!;
    const column = columns[columnIndex]!;
    if (column.kind === 'outside' && line.part !== undefined) return false;
    const cell = placeOf(grid, { line: lineIndex, column: columnIndex });
    if (widened(cell).some((place) => spoken.has(keyOf(place)))) return true;
    const isClosed = column.kind === 'layer' && line.part === undefined && line.isOpen !== true;
    if (!isClosed) return false;
    const { tower, layer } = cell;
    return [{ tower, layer }, { layer }].some((place) => inParts.has(keyOf(place)))
      ? true
      : isOverAllLayers(tower);
  };
}

interface Loose {
  readonly tower?: string | undefined;
  readonly layer?: number | undefined;
  readonly part?: string | undefined;
  readonly column?: string | undefined;
}

function keyOf({ tower, layer, part, column }: Loose): string {
  return `${tower ?? ''}\0${layer ?? ''}\0${part ?? ''}\0${column ?? ''}`;
}

/** Every way in which a place may leave out what a cell is bound to. */
function widened({ tower, layer, part, column }: MapPlace): readonly Loose[] {
  return [tower, undefined].flatMap((t) =>
    [layer, undefined].flatMap((l) => [
      { tower: t, layer: l, part, column },
      { tower: t, layer: l, part },
      { tower: t, layer: l },
    ]),
  );
}
