import { tilesAhead, type MeasureNews } from '../../engine/protocol/measure.ts';
import type { PreviewRow } from '../../engine/measures/preview.ts';

/** Sends tiles as they are acknowledged: a window that is busy is not flooded. */
export class TileSender {
  readonly #say: (news: MeasureNews) => void;
  readonly #waiting: (() => void)[] = [];
  #ahead = 0;
  #isClosed = false;

  constructor(say: (news: MeasureNews) => void) {
    this.#say = say;
  }

  async send(tiles: readonly (readonly PreviewRow[])[], signal: AbortSignal): Promise<void> {
    for (const [tile, rows] of tiles.entries()) {
      while (this.#ahead >= tilesAhead && !this.#isClosed && !signal.aborted)
        await new Promise<void>((done) => {
          this.#waiting.push(done);
          signal.addEventListener('abort', () => done(), { once: true });
        });
      if (this.#isClosed || signal.aborted) return;
      this.#ahead++;
      this.#say({ kind: 'tile', tile, rows });
    }
  }

  acknowledge(): void {
    this.#ahead--;
    this.#waiting.shift()?.();
  }

  close(): void {
    this.#isClosed = true;
    for (const done of this.#waiting.splice(0)) done();
  }
}
