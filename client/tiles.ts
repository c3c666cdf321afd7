import type { PreviewRow } from '../engine/measures/preview.ts';

/** Rows cut into tiles of at most so many bytes as JSON; a single larger row is a tile of its own. */
export function tilesOf<Row extends PreviewRow>(
  rows: readonly Row[],
  mostBytes: number,
): readonly (readonly Row[])[] {
  const tiles: Row[][] = [];
  let bytes = Infinity;
  for (const row of rows) {
    const size = JSON.stringify(row).length + 1;
    if (bytes + size > mostBytes) {
      tiles.push([]);
      bytes = 0;
    }
    tiles.at(-1)!.push(row);
    bytes += size;
  }
  return tiles;
}
