import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PreviewRow } from '../engine/measures/preview.ts';
import { tilesOf } from './tiles.ts';

const row = fc.record({
  kind: fc.constant('cell' as const),
  layer: fc.nat(200),
  part: fc.string(),
  tensors: fc.nat(9),
  elements: fc.nat(),
  models: fc.constant([]),
  pairs: fc.constant([]),
});

test('tiles hold all rows in their order, and only a single large row makes a large tile', () => {
  fc.assert(
    fc.property(fc.array(row), fc.integer({ min: 1, max: 2000 }), (rows, most) => {
      const tiles = tilesOf(rows as readonly PreviewRow[], most);
      expect(tiles.flat()).toEqual(rows);
      for (const tile of tiles) {
        expect(tile.length).toBeGreaterThan(0);
        if (tile.length > 1)
          expect(
            tile.reduce((sum, one) => sum + JSON.stringify(one).length + 1, 0),
          ).toBeLessThanOrEqual(most);
      }
    }),
  );
});
