/** A map crosses to the panel whole while it is small, else in tiles: no message may hold up a frame. */
import type { PreviewRow } from '../../../engine/measures/preview.ts';
import type { MapRow } from '../../../engine/protocol/older-rows.ts';
import { tileBytes } from '../../../engine/protocol/measure.ts';
import {
  panelProtocolVersion,
  type MapState,
  type PanelState,
  type ToPanel,
} from '../../../engine/protocol/panel.ts';
import { tilesOf } from '../../tiles.ts';

type Send = (message: ToPanel) => void;

/** The whole state. */
export function sendState(state: PanelState, send: Send): void {
  const { map } = state;
  const tiles = map === undefined ? [] : tilesOf(map.rows, tileBytes);
  if (map === undefined || tiles.length <= 1) {
    send({ kind: 'state', version: panelProtocolVersion, state });
    return;
  }
  const begun = { ...state, map: { ...map, rows: [] } };
  send({ kind: 'state', version: panelProtocolVersion, state: begun });
  sendTiles(map, tiles, send);
}

/** A new picture in the place of another: rows of the same step and models go over the old ones. */
export function sendPicture(before: MapState | undefined, map: MapState, send: Send): void {
  const isOver = before !== undefined && head(before) === head(map) && holdsAll(map, before);
  const known = new Set<PreviewRow>(isOver ? before.rows : []);
  const tiles = tilesOf(
    map.rows.filter((row) => !known.has(row)),
    tileBytes,
  );
  if (!isOver && tiles.length <= 1) return send({ kind: 'patch', patch: { map } });
  if (!isOver) send({ kind: 'patch', patch: { map: { ...map, rows: [] } } });
  sendTiles(map, tiles.length === 0 ? [[]] : tiles, send);
}

/** A picture of some places, laid over the last one of the same step and models, whose other places stay as they are. */
export function laidOver(before: MapState | undefined, part: MapState): MapState {
  if (before === undefined || before.step !== part.step) return part;
  if (JSON.stringify(before.models) !== JSON.stringify(part.models)) return part;
  const fresh = new Map(part.rows.map((row) => [placeKey(row), row]));
  const rows = before.rows.map((row) => fresh.get(placeKey(row)) ?? row);
  const { textVersion, expectations } = before;
  return { ...part, rows, textVersion, expectations };
}

export function placeKey({ kind, tower, layer, part, column }: PreviewRow): string {
  return JSON.stringify([kind, tower, layer, part, column]);
}

/** Rows that are gone would stay in a panel that is only told of those that came. */
function holdsAll(map: MapState, { rows }: MapState): boolean {
  const held = new Set(map.rows.map(placeKey));
  return rows.every((row) => held.has(placeKey(row)));
}

export function sendTiles(
  { step, textVersion, reading, read }: Pick<MapState, 'step' | 'textVersion' | 'reading' | 'read'>,
  tiles: readonly (readonly MapRow[])[],
  send: Send,
): void {
  for (const rows of tiles) send({ kind: 'rows', step, textVersion, reading, read, rows });
}

/** What rows alone do not say. */
function head({ step, models, expectations, fault }: MapState): string {
  return JSON.stringify([step, models, expectations, fault]);
}
