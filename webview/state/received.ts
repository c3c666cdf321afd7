/** What a message of the extension makes of the panel's state. */
import type { MapPlace } from '../../engine/protocol/measure.ts';
import { markOlder } from '../../engine/protocol/older-rows.ts';
import {
  panelProtocolVersion,
  type PanelState,
  type ToPanel,
} from '../../engine/protocol/panel.ts';
import { withRows } from '../map/with-rows.ts';

type Tile = Extract<ToPanel, { kind: 'rows' }>;

export interface Received {
  readonly panel: PanelState;
  readonly lit: readonly MapPlace[];
  /** Nothing came yet. */
  readonly isWaiting: boolean;
}

export const nothingReceived: Received = {
  panel: { run: { kind: 'idle' }, notices: [] },
  lit: [],
  isWaiting: true,
};

export function receive(before: Received, message: ToPanel): Received {
  switch (message.kind) {
    case 'state':
      if (message.version !== panelProtocolVersion) return otherVersion(before);
      return { ...before, panel: message.state, isWaiting: false };
    case 'patch':
      return { ...before, panel: { ...before.panel, ...message.patch } };
    case 'rows':
      return { ...before, panel: withTile(before.panel, message) };
    case 'older':
      return { ...before, panel: heldAgainst(before.panel, message) };
    case 'highlight':
      return { ...before, lit: message.places };
  }
}

/** Rows of another step, or of an older text, are of a picture that is no longer shown. Those of a newer text go over the old. */
function withTile(panel: PanelState, tile: Tile): PanelState {
  const { map } = panel;
  if (map === undefined || map.step !== tile.step || tile.textVersion < map.textVersion) {
    return panel;
  }
  const { textVersion, reading, read } = tile;
  const rows = tile.rows.length === 0 ? map.rows : withRows(map.rows, tile.rows);
  return { ...panel, map: { ...map, textVersion, reading, read, rows } };
}

/** The picture stays; what a newer text changed in it is marked. */
function heldAgainst(
  panel: PanelState,
  { step, textVersion, places }: Extract<ToPanel, { kind: 'older' }>,
): PanelState {
  const { map } = panel;
  if (map === undefined || map.step !== step || textVersion < map.textVersion) return panel;
  return { ...panel, map: { ...map, textVersion, rows: markOlder(map.rows, places) } };
}

/** All of a frame's messages. Tiles that follow each other are laid as one: each costs as much as the whole map. */
export function receiveAll(before: Received, messages: readonly ToPanel[]): Received {
  return joinedTiles(messages).reduce(receive, before);
}

function joinedTiles(messages: readonly ToPanel[]): readonly ToPanel[] {
  const joined: ToPanel[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    if (message.kind === 'rows' && last?.kind === 'rows' && isOfOnePicture(message, last)) {
      joined[joined.length - 1] = { ...message, rows: [...last.rows, ...message.rows] };
    } else joined.push(message);
  }
  return joined;
}

function isOfOnePicture(a: Tile, b: Tile): boolean {
  return a.step === b.step && a.textVersion === b.textVersion;
}

function otherVersion(before: Received): Received {
  const notices = [
    {
      message: 'This panel is of another version than the extension.',
      help: 'Close the panel and open it again.',
    },
  ];
  return { ...before, isWaiting: false, panel: { ...before.panel, notices } };
}
