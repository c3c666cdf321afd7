import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PreviewRow } from '../../engine/measures/preview.ts';
import type { MapState } from '../../engine/protocol/panel.ts';
import { columnsOf } from './columns.ts';
import { indicesOf, moved } from './cursor.ts';
import { withRows } from './with-rows.ts';
import { geometryOf, placeAt, scrolledTo, visible } from './geometry.ts';
import { gridOf, placeOf, type Grid } from './grid.ts';
import { layoutOf } from './layout.ts';
import { litCells } from './lit.ts';
import { furthestModel } from './lines.ts';
import { measureOf, type MeasureId } from './measures.ts';
import { contrast, inkOn, rampOf, type Rgb } from './ramp.ts';
import { readoutOf } from './readout.ts';
import { positionOf, roundedUp } from './scale.ts';

type Place = Omit<PreviewRow, 'tensors' | 'elements' | 'models' | 'pairs'>;

const row = (place: Place, distances: readonly number[], gaps = distances): PreviewRow => ({
  ...place,
  tensors: 1,
  elements: 64,
  models: distances.map((value, index) => ({
    model: `m${index}`,
    distance: { value, exact: true },
    gap: { value: gaps[index]!, exact: true },
  })),
  pairs: [],
});

const tower = 'text';
const rows: readonly PreviewRow[] = [
  row({ kind: 'total' }, [0.1, 0.2]),
  row({ kind: 'part', tower, part: 'mlp' }, [0.9, 0.9]),
  row({ kind: 'part', tower, part: 'embeddings' }, [0.4, 0.3]),
  row({ kind: 'part', tower, part: 'head' }, [0.1, 0.3]),
  row({ kind: 'layer', tower, layer: 1 }, [0.11, 0.21]),
  row({ kind: 'layer', tower, layer: 0 }, [0.1, 0.2]),
  row({ kind: 'cell', tower, layer: 0, part: 'mlp' }, [0.1, 0.2]),
  row({ kind: 'cell', tower, layer: 1, part: 'mlp' }, [0.3, 0.5]),
];

const map: MapState = {
  step: 'blend',
  textVersion: 1,
  models: [
    { name: 'low', base: 'base' },
    { name: 'high', base: 'base' },
  ],
  rows,
  expectations: [],
  reading: 'sampled',
  read: { blocks: 1, ofBlocks: 2 },
};

const gridWith = (
  change: Partial<MapState> = {},
  { measure = 'distance' as MeasureId, open = ['high'] } = {},
): Grid => {
  const state = { ...map, ...change };
  return gridOf(state, layoutOf(state.rows), measureOf(measure), open);
};

const shown = ({ lines }: Grid) =>
  lines.map(({ label, cells }) => [
    label,
    ...cells().map((cell) => (cell.state === 'figure' ? cell.figure.value : cell.state)),
  ]);

test('layers run left to right between the embeddings and the head, each tower for itself', () => {
  expect(columnsOf(rows).map(({ label }) => label)).toEqual(['emb', '0', '1', 'head']);
  const second = rows.map((one) => ({ ...one, tower: 'vision' }));
  expect(columnsOf([...rows, ...second]).map(({ title }) => title)).toEqual([
    ...['text, embeddings', 'text, layer 0', 'text, layer 1', 'text, head'],
    ...['vision, embeddings', 'vision, layer 0', 'vision, layer 1', 'vision, head'],
  ]);
});

test('a model is a line, and opens into its parts', () => {
  expect(shown(gridWith())).toEqual([
    ['low', 0.4, 0.1, 0.11, 0.1],
    ['high', 0.3, 0.2, 0.21, 0.3],
    ['mlp', 'absent', 0.2, 0.5, 'absent'],
  ]);
});

/** Rows of matrices, as an attention with experts beside a plain network has them. */
const columned = (layer: number) =>
  (
    [
      ['attention', 'q'],
      ['mlp', 'gate'],
      ['experts', 'gate'],
      ['norms', 'norms'],
      ['other', 'scale'],
    ] as const
  ).map(([part, column]) => row({ kind: 'cell', tower, layer, part, column }, [0.1, 0.2]));

const matrices: readonly PreviewRow[] = [
  row({ kind: 'total' }, [0.1, 0.2]),
  row({ kind: 'part', tower, part: 'head', column: 'head' }, [0.1, 0.3]),
  ...[0, 1].map((layer) => row({ kind: 'layer', tower, layer }, [0.1, 0.2])),
  ...columned(0),
  ...columned(1),
];

test('a part opens into its matrices, named in full where a short name would be another’s too', () => {
  const { lines } = gridWith({ rows: matrices });
  expect(lines.map(({ label, part }) => [label, part?.title])).toEqual([
    ['low', undefined],
    ['high', undefined],
    ['q', 'attention q'],
    ['mlp gate', 'mlp gate'],
    ['experts gate', 'experts gate'],
    ['norms', 'norms'],
    ['scale', 'scale'],
  ]);
});

test('a matrix’s cell is spoken of by part and column, and a rule lights it alone', () => {
  const grid = gridWith({ rows: matrices });
  const q = grid.lines.findIndex(({ part }) => part?.column === 'q');
  const place = placeOf(grid, { line: q, column: 1 });
  expect(place).toEqual({ tower, layer: 1, part: 'attention', column: 'q' });
  const lit = (spoken: Parameters<typeof litCells>[1][number]) => {
    const is = litCells(grid, [spoken]);
    return grid.lines.map((_, line) => (is(line, 1) ? 'x' : '.')).join('');
  };
  expect(lit(place)).toBe('x.x....');
  expect(lit({ layer: 1, part: 'mlp' })).toBe('x..x...');
  expect(lit({ part: 'experts', column: 'gate' })).toBe('x...x..');
  expect(lit({ tower, layer: 1 })).toBe('xxxxxxx');
  expect(lit({ tower, layer: 0 })).toBe('.......');
});

test('what was not read yet is unread, and once all is read there are no such weights', () => {
  const fewer = rows.filter(({ kind, layer }) => kind !== 'cell' || layer !== 1);
  expect(shown(gridWith({ rows: fewer, reading: 'sampling' })).at(-1)).toEqual([
    ...['mlp', 'absent', 0.2, 'unread', 'absent'],
  ]);
  expect(shown(gridWith({ rows: fewer })).at(-1)?.[3]).toBe('absent');
  const planned = rows.map((one) => (one.layer === 1 ? { ...one, models: [] } : one));
  expect(shown(gridWith({ rows: planned, reading: 'sampling' }))[0]).toEqual([
    ...['low', 0.4, 0.1, 'unread', 0.1],
  ]);
});

test('a newer row takes the older one’s stead', () => {
  const newer = row({ kind: 'cell', tower, layer: 1, part: 'mlp' }, [0.31, 0.51]);
  const all = withRows(rows, [newer]);
  expect(all).toHaveLength(rows.length);
  expect(all.at(-1)).toBe(newer);
});

test('the scale ends at the largest cell, and a part over its layers is none', () => {
  expect(gridWith().scale).toEqual({ sides: 'one', span: 0.5 });
});

test('within two standard errors of the reference nothing is coloured', () => {
  const scale = { sides: 'two', span: 0.2 } as const;
  const chance = { low: 0.5, high: 0.75 };
  const at = (value: number, standardError: number) =>
    positionOf({ value, standardError, exact: false }, chance, scale);
  expect(at(0.45, 0.026)).toBe(0);
  expect(at(0.45, 0.024)).toBeCloseTo(-0.25);
  expect(at(0.6, 0)).toBe(0);
  expect(at(0.85, 0.01)).toBeCloseTo(0.5);
  expect(at(0.1, 0.01)).toBe(-1);
});

test('unrelated models give half for a pair, and more the more of them meet', () => {
  const { reference } = measureOf('sign_conflict');
  expect(reference({ kind: 'pair', names: ['a', 'b'], index: 0 })).toMatchObject({
    low: 0.5,
    high: 0.5,
  });
  expect(reference({ kind: 'all', count: 3 })).toMatchObject({ low: 0.5, high: 0.75 });
  expect(reference({ kind: 'all', count: 8 }).name).toBe('unrelated 50 to 99');
});

test('the map opens at the model that is furthest', () => {
  expect(furthestModel(map.models, rows[0])).toBe('high');
  expect(furthestModel(map.models, undefined)).toBe('low');
  expect(furthestModel([], undefined)).toBeUndefined();
});

test('a cell is read with its figure, the gap, the whole and its weights', () => {
  expect(readoutOf(gridWith(), { line: 2, column: 2 })).toEqual({
    place: 'high · layer 1, mlp',
    sentence: '50 % of the weights’ size away from high',
    details: ['gap 50 %', 'over all 90 %', '64 weights in 1 tensor, all read'],
  });
  expect(readoutOf(gridWith(), { line: 2, column: 0 }).sentence).toBe('no such weights');
});

test('keys move the cursor within the map', () => {
  const grid = gridWith();
  const first = moved(grid, undefined, { kind: 'move', lines: 0, columns: 1 });
  expect(indicesOf(grid, first)).toEqual({ line: 0, column: 0 });
  const steps = fc.array(
    fc.record({
      kind: fc.constant('move' as const),
      lines: fc.integer({ min: -10, max: 10 }),
      columns: fc.integer({ min: -10, max: 10 }),
    }),
  );
  fc.assert(
    fc.property(steps, (keys) => {
      const at = keys.reduce((from, key) => moved(grid, from, key), first);
      expect(indicesOf(grid, at)).toBeDefined();
    }),
  );
  expect(indicesOf(grid, moved(grid, first, { kind: 'end', of: 'end' }))).toEqual({
    line: 0,
    column: 3,
  });
});

test('a rule lights its tensors: a part, a layer, the embeddings', () => {
  const grid = gridWith();
  const lit = (place: Parameters<typeof litCells>[1][number]) => {
    const is = litCells(grid, [place]);
    return grid.lines.map((_, line) =>
      grid.columns.map((_, column) => (is(line, column) ? 'x' : '.')).join(''),
    );
  };
  expect(lit({ tower, layer: 1, part: 'mlp' })).toEqual(['..x.', '....', '..x.']);
  expect(lit({ layer: 0 })).toEqual(['.x..', '.x..', '.x..']);
  expect(lit({ part: 'embeddings' })).toEqual(['x...', 'x...', '....']);
  expect(lit({ tower: 'vision', layer: 0 })).toEqual(['....', '....', '....']);
});

test('figures in cells can be read on every colour of a ramp', () => {
  const channel = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(fc.tuple(channel, channel, channel), (rgb) => {
      const ink: Rgb = inkOn(rgb) === '#000' ? [0, 0, 0] : [255, 255, 255];
      expect(contrast(rgb, ink)).toBeGreaterThanOrEqual(4.5);
    }),
  );
});

test('a ramp goes through its stops', () => {
  const stops: readonly Rgb[] = [
    [0, 0, 0],
    [100, 100, 100],
    [200, 0, 0],
  ];
  expect([0, 0.5, 1].map(rampOf(stops, 0).colour)).toEqual([
    'rgb(0,0,0)',
    'rgb(100,100,100)',
    'rgb(200,0,0)',
  ]);
  expect([-1, 0, 1].map(rampOf(stops, -1).colour)).toEqual([
    'rgb(0,0,0)',
    'rgb(100,100,100)',
    'rgb(200,0,0)',
  ]);
});

test('a scale ends at a number of two digits that is not below the largest', () => {
  expect([0, 0.2036, 0.1, 187].map(roundedUp)).toEqual([0, 0.21, 0.1, 190]);
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (value) => {
      expect(roundedUp(value)).toBeGreaterThanOrEqual(value * (1 - 1e-9));
      expect(roundedUp(value)).toBeLessThanOrEqual(value * 1.1001);
    }),
  );
});

test('a point in the middle of any cell is that cell, however the map is scrolled', () => {
  const grid = gridWith();
  const room = fc.record({
    width: fc.integer({ min: 300, max: 1400 }),
    height: fc.integer({ min: 30, max: 900 }),
    label: fc.integer({ min: 20, max: 200 }),
    figure: fc.integer({ min: 10, max: 30 }),
  });
  const index = (count: number) => fc.integer({ min: 0, max: count - 1 });
  fc.assert(
    fc.property(
      room,
      index(3),
      index(4),
      fc.integer({ min: 0, max: 40 }),
      (space, line, column, top) => {
        const geometry = geometryOf(grid.columns, grid.lines, space);
        const point = {
          x:
            geometry.labelWidth +
            geometry.wholeWidth +
            geometry.x[column]! +
            geometry.widths[column]! / 2,
          y: geometry.axisHeight + geometry.y[line]! + geometry.rowHeight / 2 - top,
        };
        if (point.y < geometry.axisHeight) return;
        expect(placeAt(geometry, point, { left: 0, top })).toEqual({ line, column });
      },
    ),
  );
});

test('what is not wider than the room is not scrolled', () => {
  const grid = gridWith();
  for (const width of [373 - 32, 560 - 32, 960]) {
    const geometry = geometryOf(grid.columns, grid.lines, {
      width,
      height: 600,
      label: 40,
      figure: 20,
    });
    expect(geometry.labelWidth + geometry.wholeWidth + geometry.contentWidth).toBeLessThanOrEqual(
      width,
    );
  }
});

test('scrolling shows what is asked for and moves no further', () => {
  expect(scrolledTo(50, 60, 0, 100)).toBe(0);
  expect(scrolledTo(150, 160, 0, 100)).toBe(60);
  expect(scrolledTo(50, 60, 80, 100)).toBe(50);
  expect(visible([0, 10, 20, 30], 12, 25)).toEqual({ first: 1, last: 2 });
});
