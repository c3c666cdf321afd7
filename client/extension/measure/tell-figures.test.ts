import { describe, expect, it } from 'vitest';
import type { PreviewRow } from '../../../engine/measures/preview.ts';
import type { MeasuredParams } from '../../../server/protocol.ts';
import type { MeasureListener, Picture } from './measurer.ts';
import { FiguresTeller } from './tell-figures.ts';

const deaf: MeasureListener = {
  picture: () => undefined,
  tile: () => undefined,
  progress: () => undefined,
  end: () => undefined,
};

const picture = (more: Partial<Picture> = {}): Picture => ({
  kind: 'picture',
  step: 'm',
  models: [{ name: 'math' }],
  expectations: [],
  reading: 'sampled',
  read: { blocks: 1, ofBlocks: 2 },
  partial: false,
  tiles: 2,
  ...more,
});

const row = (layer: number, tensors = 1): PreviewRow => ({
  kind: 'layer',
  layer,
  tensors,
  elements: 1,
  models: [],
  pairs: [],
});

function telling() {
  const told: MeasuredParams[] = [];
  const teller = new FiguresTeller((figures) => told.push(figures));
  return { told, teller };
}

const recipe = { text: '', path: '/a.merge', textVersion: 3 };
const tile = (rows: readonly PreviewRow[], at = 0) => ({ kind: 'tile', tile: at, rows }) as const;

describe('figures for the server', () => {
  it('are told once a picture is whole', () => {
    const { told, teller } = telling();
    const listener = teller.listening({ ...recipe, uri: 'file:///a.merge' }, deaf);
    listener.picture(picture());
    listener.tile(tile([row(0)]));
    expect(told).toEqual([]);
    listener.tile(tile([row(1)], 1));
    expect(told).toMatchObject([
      {
        uri: 'file:///a.merge',
        textVersion: 3,
        step: 'm',
        reading: 'sampled',
        rows: [row(0), row(1)],
      },
    ]);
  });

  it('of some places go over those before, and are nothing without them', () => {
    const { told, teller } = telling();
    const listener = teller.listening({ ...recipe, uri: 'file:///a.merge' }, deaf);
    listener.picture(picture({ partial: true, tiles: 1 }));
    listener.tile(tile([row(1, 7)]));
    expect(told).toEqual([]);
    listener.picture(picture({ tiles: 1 }));
    listener.tile(tile([row(0), row(1)]));
    listener.picture(picture({ partial: true, tiles: 1 }));
    listener.tile(tile([row(1, 7)]));
    expect(told.at(-1)?.rows).toEqual([row(0), row(1, 7)]);
  });

  it('of a recipe that no editor has are for nobody', () => {
    const { told, teller } = telling();
    const listener = teller.listening(recipe, deaf);
    listener.picture(picture({ tiles: 1 }));
    listener.tile(tile([row(0)]));
    expect(told).toEqual([]);
  });
});
