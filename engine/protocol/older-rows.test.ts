import { expect, test } from 'vitest';
import type { MapPlace } from './measure.ts';
import { markOlder, type MapRow } from './older-rows.ts';

const tower = 'text';
const row = (place: Omit<MapRow, 'tensors' | 'elements' | 'models' | 'pairs'>): MapRow => ({
  ...place,
  tensors: 1,
  elements: 1,
  models: [],
  pairs: [],
});
const q = { part: 'attention', column: 'q' };
const up = { part: 'mlp', column: 'up' };
const rows: readonly MapRow[] = [
  row({ kind: 'total' }),
  row({ kind: 'part', tower, ...q }),
  row({ kind: 'part', tower, ...up }),
  row({ kind: 'part', tower, part: 'head', column: 'head' }),
  ...[0, 1].flatMap((layer) => [
    row({ kind: 'layer', tower, layer }),
    row({ kind: 'cell', tower, layer, ...q }),
    row({ kind: 'cell', tower, layer, ...up }),
  ]),
];

/** Rows that are marked, as the total, q, up, head and each layer with its q and up. */
const marked = (places: readonly MapPlace[]) =>
  markOlder(rows, places)
    .map(({ isOlder }) => (isOlder === true ? 'x' : '.'))
    .join('');

test('a row is older where the place shares a tensor with it', () => {
  expect(marked([])).toBe('..........');
  expect(marked([{}])).toBe('xxxxxxxxxx');
  expect(marked([{ tower, layer: 1, ...q }])).toBe('xx.....xx.');
  expect(marked([{ tower, layer: 0, part: 'mlp' }])).toBe('x.x.x.x...');
  expect(marked([{ tower, layer: 1 }])).toBe('xxx....xxx');
  expect(marked([{ tower, part: 'head' }])).toBe('x..x......');
});

test('marks are set anew each time, and a row that does not change stays the same object', () => {
  const once = markOlder(rows, [{ tower, layer: 1, ...q }]);
  const back = markOlder(once, []);
  expect(back).toEqual(rows);
  expect(once[4]).toBe(rows[4]);
  expect(markOlder(once, [{ tower, layer: 1, ...q }])[7]).toBe(once[7]);
});
