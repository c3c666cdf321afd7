/** Rows of a map by their place. */
import type { MapRow } from '../../engine/protocol/older-rows.ts';

const known = new WeakMap<MapRow, string>();

export function placeKey(row: MapRow): string {
  let key = known.get(row);
  if (key === undefined) {
    const { kind, tower = '', layer = '', part = '', column = '' } = row;
    key = `${kind}\0${tower}\0${layer}\0${part}\0${column}`;
    known.set(row, key);
  }
  return key;
}

/** Rows with newer ones in their places' stead. */
export function withRows(rows: readonly MapRow[], newer: readonly MapRow[]): readonly MapRow[] {
  const known = new Map<string, MapRow>();
  for (const row of rows) known.set(placeKey(row), row);
  for (const row of newer) known.set(placeKey(row), row);
  return [...known.values()];
}
