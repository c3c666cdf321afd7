/** The map that the panel shows: pictures laid over each other, and which rows are of a text before. */
import type { PanelFault, MapState, ToPanel } from '../../../engine/protocol/panel.ts';
import type { MapPlace } from '../../../engine/protocol/measure.ts';
import { marked, markOlder, type MapRow } from '../../../engine/protocol/older-rows.ts';
import type { PreviewRow } from '../../../engine/measures/preview.ts';
import type { Picture } from '../measure/measurer.ts';
import { laidOver, placeKey, sendPicture, sendTiles } from './send-map.ts';

/** A picture of every place, by what it was asked for. */
export interface WholePicture {
  readonly step: string;
  readonly textVersion: number;
}

export class ShownMap {
  readonly #send: (message: ToPanel) => void;
  #map: MapState | undefined;
  #whole: WholePicture | undefined;
  /** Rows that came after the whole picture, with the text that they are of. */
  readonly #later = new Map<string, number>();

  constructor(send: (message: ToPanel) => void) {
    this.#send = send;
  }

  get state(): MapState | undefined {
    return this.#map;
  }

  get whole(): WholePicture | undefined {
    return this.#whole;
  }

  /** Whether every figure is of this text. */
  isOf(textVersion: number): boolean {
    return (
      this.#map?.textVersion === textVersion &&
      this.#map.rows.every(({ isOlder }) => isOlder === undefined)
    );
  }

  show(picture: Picture, rows: readonly PreviewRow[], textVersion: number): void {
    const { step, models, expectations, reading, read, partial } = picture;
    const before = this.#map;
    const begun: MapState = { step, textVersion, models, rows, expectations, reading, read };
    if (!partial || before?.step !== step) this.#later.clear();
    if (partial) for (const row of rows) this.#later.set(placeKey(row), textVersion);
    else this.#whole = { step, textVersion };
    this.#map = partial ? laidOver(before, begun) : begun;
    sendPicture(before, this.#map, this.#send);
  }

  /** Says that figures are on their way, or that they stopped; the last good picture stays. */
  reading(reading: MapState['reading'], fault?: PanelFault): void {
    if (this.#map === undefined) return;
    const { fault: saidBefore, ...before } = this.#map;
    this.#map = { ...before, reading, ...(fault === undefined ? {} : { fault }) };
    if (fault === undefined && saidBefore === undefined) sendTiles(this.#map, [[]], this.#send);
    else sendPicture(undefined, this.#map, this.#send);
  }

  /** Marks what a newer text changed, `changed` being held against the whole picture. */
  hold(changed: readonly MapPlace[], textVersion: number): void {
    if (this.#map === undefined) return;
    const { step, reading, read } = this.#map;
    const held = markOlder(this.#map.rows, changed);
    const later: MapRow[] = [];
    const rows = held.map((row) => {
      const of = this.#later.get(placeKey(row));
      if (of === undefined) return row;
      const kept = marked(row, of !== textVersion);
      later.push(kept);
      return kept;
    });
    this.#map = { ...this.#map, textVersion, rows };
    this.#send({ kind: 'older', step, textVersion, places: changed });
    if (later.length > 0) sendTiles({ step, textVersion, reading, read }, [later], this.#send);
  }
}
