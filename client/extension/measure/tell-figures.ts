/** What is measured for the panel is told to the language server too, for its hovers and hints. */
import type { PreviewRow } from '../../../engine/measures/preview.ts';
import type { MeasuredRecipe } from '../../../engine/protocol/measure.ts';
import type { MeasuredParams } from '../../../server/protocol.ts';
import type { MeasureListener, Picture } from './measurer.ts';

export type TellFigures = (figures: MeasuredParams) => void;

/** Listeners that also tell each whole picture; a picture of some places goes over the one before. */
export class FiguresTeller {
  readonly #tell: TellFigures;
  readonly #last = new Map<string, MeasuredParams>();

  constructor(tell: TellFigures) {
    this.#tell = tell;
  }

  /** Without the recipe's URI nobody knows what the figures are of. */
  listening(
    recipe: MeasuredRecipe & { readonly uri?: string },
    listener: MeasureListener,
  ): MeasureListener {
    const { uri, textVersion } = recipe;
    if (uri === undefined) return listener;
    let picture: Picture | undefined;
    let rows: PreviewRow[] = [];
    let tiles = 0;
    return {
      ...listener,
      picture: (begun) => {
        [picture, rows, tiles] = [begun, [], 0];
        listener.picture(begun);
      },
      tile: (tile) => {
        rows.push(...tile.rows);
        tiles += 1;
        if (picture !== undefined && tiles === picture.tiles) {
          this.#told({ uri, textVersion }, picture, rows);
        }
        listener.tile(tile);
      },
    };
  }

  #told(
    of: Pick<MeasuredParams, 'uri' | 'textVersion'>,
    { step, models, reading, partial }: Picture,
    rows: readonly PreviewRow[],
  ): void {
    const key = `${of.uri} ${step}`;
    const before = this.#last.get(key);
    if (partial && before === undefined) return;
    const isExact = reading === 'exact' || reading === 'measuring';
    const figures: MeasuredParams = {
      ...of,
      step,
      reading: isExact ? 'exact' : 'sampled',
      models,
      rows: partial ? laidOver(before!.rows, rows) : rows,
    };
    this.#last.set(key, figures);
    this.#tell(figures);
  }
}

function laidOver(before: readonly PreviewRow[], rows: readonly PreviewRow[]): PreviewRow[] {
  const fresh = new Map(rows.map((row) => [keyOf(row), row]));
  return before.map((row) => fresh.get(keyOf(row)) ?? row);
}

function keyOf({ kind, tower, layer, part, column }: PreviewRow): string {
  return JSON.stringify([kind, tower, layer, part, column]);
}
