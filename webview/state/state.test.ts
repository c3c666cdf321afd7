import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PreviewRow } from '../../engine/measures/preview.ts';
import {
  panelProtocolVersion,
  type MapState,
  type PlanState,
  type RecipeState,
  type ToPanel,
} from '../../engine/protocol/panel.ts';
import { mergeRefusal, planWords, replacesOutput } from './plan-words.ts';
import { readingOf, standingOf } from './reading.ts';
import { nothingReceived, receiveAll } from './received.ts';
import { remembered } from './remembered.ts';
import { rulersOf } from './rulers.ts';
import { runWords } from './run-words.ts';
import { firstView, readViewState } from './view-state.ts';

const recipe: RecipeState = {
  uri: 'file:///r.merge',
  name: 'r.merge',
  textVersion: 2,
  errors: [],
  steps: [],
  trusted: true,
};

const total: PreviewRow = { kind: 'total', tensors: 1, elements: 1, models: [], pairs: [] };

const map: MapState = {
  step: 'blend',
  textVersion: 2,
  models: [],
  rows: [total],
  expectations: [],
  reading: 'sampled',
  read: { blocks: 4, ofBlocks: 1000 },
};

const whole = (change: Partial<MapState> = {}): ToPanel => ({
  kind: 'state',
  version: panelProtocolVersion,
  state: { recipe, map: { ...map, ...change }, run: { kind: 'idle' }, notices: [] },
});

const tile = (rows: readonly PreviewRow[], change = {}): ToPanel => ({
  kind: 'rows',
  step: 'blend',
  textVersion: 2,
  reading: 'sampling',
  read: { blocks: 5, ofBlocks: 1000 },
  rows,
  ...change,
});

test('a newer text marks what it changed, and new figures take the mark away', () => {
  const cell = (layer: number): PreviewRow => ({ ...total, kind: 'layer', tower: 'text', layer });
  const marks = (...messages: readonly ToPanel[]) => {
    const rows = [total, cell(0), cell(1)];
    const { panel } = receiveAll(nothingReceived, [whole({ rows }), ...messages]);
    return {
      older: panel.map!.rows.map(({ isOlder }) => isOlder === true),
      standing: standingOf({ ...recipe, textVersion: 3 }, panel.map).kind,
    };
  };
  const older = (places: readonly object[]): ToPanel => ({
    kind: 'older',
    step: 'blend',
    textVersion: 3,
    places,
  });
  const changed = older([{ tower: 'text', layer: 1 }]);
  expect(marks(changed)).toEqual({ older: [true, false, true], standing: 'behind' });
  expect(marks(older([]))).toEqual({ older: [false, false, false], standing: 'matches' });
  const read = tile([total, cell(1)], { textVersion: 3 });
  expect(marks(changed, read)).toEqual({ older: [false, false, false], standing: 'matches' });
});

test('a state is taken whole, patches change its parts, and tiles add rows', () => {
  const layer = (index: number): PreviewRow => ({
    ...total,
    kind: 'layer',
    tower: 'text',
    layer: index,
  });
  const { panel, isWaiting } = receiveAll(nothingReceived, [
    whole(),
    { kind: 'patch', patch: { run: { kind: 'cancelled' } } },
    tile([layer(0)]),
    tile([layer(1), layer(0)]),
  ]);
  expect(isWaiting).toBe(false);
  expect(panel.run.kind).toBe('cancelled');
  expect(panel.recipe).toBe(recipe);
  expect(panel.map).toMatchObject({ reading: 'sampling', read: { blocks: 5 } });
  expect(panel.map?.rows.map(({ layer: index }) => index)).toEqual([undefined, 0, 1]);
});

test('tiles of an older text or another step are left aside', () => {
  const late = [tile([total], { textVersion: 1 }), tile([total], { step: 'other' })];
  const { panel } = receiveAll(nothingReceived, [whole({ rows: [] }), ...late]);
  expect(panel.map?.rows).toEqual([]);
  const newer = receiveAll(nothingReceived, [whole(), tile([], { textVersion: 3 })]);
  expect(newer.panel.map).toMatchObject({ textVersion: 3, rows: [total] });
});

test('a state of another version is refused with a way out', () => {
  const other = { ...whole(), version: 99 } as unknown as ToPanel;
  const { panel } = receiveAll(nothingReceived, [other]);
  expect(panel.notices[0]?.help).toBe('Close the panel and open it again.');
  expect(panel.map).toBeUndefined();
});

test('the reading says how much was read and offers one way on', () => {
  const at = (reading: MapState['reading']) => readingOf({ ...map, reading }, recipe);
  expect(at('sampled')).toEqual({
    text: 'sampled 0.4 % of the blocks',
    next: { title: 'Measure exactly', command: { kind: 'measure-exactly' } },
  });
  expect(at('sampling').next?.title).toBe('Stop');
  expect(at('measuring').text).toBe('measuring exactly, 0.4 %');
  expect(at('stopped').next?.title).toBe('Go on');
  expect(at('exact')).toEqual({ text: 'every weight read' });
  expect(readingOf(undefined, recipe).next?.title).toBe('Preview');
});

test('nothing is offered on a text with errors, nor before the workspace is trusted', () => {
  const errors = [{ code: 'MW2101', message: 'No.', line: 3 }];
  for (const blocked of [
    { ...recipe, errors },
    { ...recipe, trusted: false },
  ]) {
    expect(readingOf(map, blocked).next).toBeUndefined();
    expect(readingOf(undefined, blocked).next).toBeUndefined();
    expect(mergeRefusal(blocked, undefined)).toBeDefined();
  }
  expect(mergeRefusal(recipe, undefined)).toBeUndefined();
});

test('a picture of an older text is behind, and errors come before that', () => {
  expect(standingOf(recipe, map).kind).toBe('matches');
  expect(standingOf(recipe, undefined).kind).toBe('matches');
  expect(standingOf({ ...recipe, textVersion: 3 }, map).kind).toBe('behind');
  const errors = [{ code: 'MW2101', message: 'No.', line: 3 }];
  expect(standingOf({ ...recipe, textVersion: 3, errors }, map)).toEqual({
    kind: 'errors',
    text: '1 error',
  });
});

test('rulers share one scale on which the base stands at 100 %', () => {
  const gap = (value: number) => ({
    model: 'm',
    gap: { value, standardError: 0.02, exact: false },
  });
  const { rulers, base, sentence } = rulersOf({
    ...map,
    models: [
      { name: 'math', base: 'base' },
      { name: 'code', base: 'base' },
      { name: 'tone', severalBases: ['a', 'b'] },
    ],
    rows: [{ ...total, models: [gap(0.66), gap(1.87), { model: 'tone' }] }],
  });
  expect(rulers.map(({ name, text }) => [name, text])).toEqual([
    ['math', '66 ± 2 %'],
    ['code', '187 ± 2 %'],
    ['tone', 'several bases: a, b'],
  ]);
  expect(rulers[1]!.length).toBeCloseTo(1.87 * base);
  expect(rulers[1]!.length).toBeLessThan(1);
  expect(rulers.map(({ isBeyondBase }) => isBeyondBase)).toEqual([false, true, false]);
  expect(sentence).toEqual({
    name: 'code',
    text: ' is 187 % away, further from blend than from its base.',
  });
});

test('a running merge says how fast it is and what is left', () => {
  const words = runWords({
    phase: 'merging',
    bytesRead: 6e9,
    bytesWritten: 2e9,
    bytesToWrite: 4e9,
    tensorsDone: 10,
    tensors: 20,
    seconds: 4,
  });
  expect(words).toEqual({
    share: 0.5,
    phase: 'Merging',
    details: ['10 of 20 tensors', '2.0 GB of 4.0 GB written', '2.0 GB/s', '4 s left'],
  });
  expect(runWords(undefined)).toEqual({ phase: 'Starting', details: [] });
});

test('the plan says where it runs, and that a merge in the panel ends with it', () => {
  const plan: PlanState = {
    textVersion: 2,
    outputs: [{ step: 'a', folder: '/o', bytes: 10, tensors: 1, state: 'new', replaces: true }],
    bytesToRead: 10,
    bytesToWrite: 20,
    memory: 30,
    free: 15,
    host: 'panel',
    backend: 'WebAssembly',
  };
  expect(replacesOutput(plan)).toBe(true);
  const { facts, warning, outputs } = planWords(plan);
  expect(facts.map(({ text }) => text)).toEqual([
    ...['10 B', '20 B, 15 B free: too little', '30 B', 'not known before the first run'],
    'this panel, on WebAssembly',
  ]);
  expect(outputs[0]?.size).toBe('10 B, 1 tensor');
  expect(warning).toContain('ends when it is closed');
  expect(planWords({ ...plan, host: 'process' }).warning).toBeUndefined();
});

test('what the editor kept is read back, and anything else is left aside', () => {
  const kept = {
    ...firstView,
    uri: 'file:///r.merge',
    measure: 'cosine' as const,
    open: ['high'],
    chosen: { line: 'high', column: 'c' },
    scroll: { left: 3, top: 4 },
  };
  expect(readViewState(JSON.parse(JSON.stringify(kept)))).toEqual(kept);
  fc.assert(
    fc.property(fc.anything(), (anything) => {
      expect(readViewState(anything)).toMatchObject({ isListingKeys: false });
    }),
  );
  expect(readViewState({ measure: 'no such', open: [1], scroll: { left: -1 }, chosen: 3 })).toEqual(
    firstView,
  );
});

test('what did not change is not made again', () => {
  let made = 0;
  const pair = remembered((a: object, b: number) => ({ a, b, made: ++made }));
  const one = {};
  expect(pair(one, 1)).toBe(pair(one, 1));
  expect(pair(one, 2).made).toBe(2);
});
