import { expect, test } from 'vitest';
import { bytesOf } from './memory.ts';
import { missing, peerConfig, peerRows } from './peer.ts';
import { atLeast, atMost, tableText, verdictOf } from './rows.ts';
import { methodNames, type Setting } from './setting.ts';

test('a figure is judged by its bound, and only where there is one', () => {
  const row = { group: 'g', title: 't' };
  expect(verdictOf({ ...row, value: 1.2, bound: atMost(1.2) })).toBe('met');
  expect(verdictOf({ ...row, value: 1.21, bound: atMost(1.2) })).toBe('not met');
  expect(verdictOf({ ...row, value: 0.8, bound: atLeast(0.8) })).toBe('met');
  expect(verdictOf({ ...row, value: 0.79, bound: atLeast(0.8) })).toBe('not met');
  expect(verdictOf({ ...row, bound: atLeast(0.8) })).toBe('cannot judge');
  expect(verdictOf({ ...row, value: 3 })).toBe('told');
});

test('the table has a figure, a bound and a verdict in each row, and the reason where there is none', () => {
  const text = tableText([
    {
      group: 'whole',
      title: 'linear / none',
      value: 1.104,
      bound: atMost(1.2),
      detail: '1 s / 2 s',
    },
    { group: 'whole', title: 'peak', value: 145.2, unit: 'MB', bound: atMost(300) },
    { group: 'GPU', title: 'kernel', bound: atLeast(0.8), detail: 'cannot be judged here: no GPU' },
  ]);
  expect(text).toMatchInlineSnapshot(`
    "whole
      linear / none                               1.10    ≤ 1.2  met          1 s / 2 s
      peak                                      145 MB    ≤ 300  met

    GPU
      kernel                                         –    ≥ 0.8  cannot judge cannot be judged here: no GPU"
  `);
});

const setting: Setting = {
  folder: '/models',
  parameters: 1,
  out: '/models/out',
  recipe: (method) => `/models/${method}.merge`,
  inputs: () => [],
  model: (name) => `/models/${name}`,
};

test('a Python without mergekit is said to have none, and judges nothing', async () => {
  expect(missing('/no/such/python')).toBe('/no/such/python does not start');
  // Node knows no -c, and so stands for a Python that ends with an error.
  expect(missing(process.execPath)).toMatch(/has no mergekit/);
  const rows = await peerRows(setting, new Map(), { python: process.execPath, runs: 1 });
  expect(rows.map(verdictOf)).toEqual(methodNames.map(() => 'cannot judge'));
  expect(rows[0]?.detail).toMatch(/^cannot be judged here: .* has no mergekit/);
  const [unnamed] = await peerRows(setting, new Map(), { python: undefined, runs: 1 });
  expect(unnamed?.detail).toBe('cannot be judged here: no --mergekit-python was named');
});

test('the peer is asked for the same merges', () => {
  expect(peerConfig(setting, 'ties')).toEqual({
    merge_method: 'ties',
    base_model: '/models/base',
    dtype: 'bfloat16',
    models: ['a', 'b', 'c'].map((name) => ({
      model: `/models/${name}`,
      parameters: { weight: 1, density: 0.2 },
    })),
  });
});

test('sizes are read as on the command line', () => {
  expect(bytesOf('20GB')).toBe(20e9);
  expect(bytesOf('0')).toBe(0);
  expect(() => bytesOf('much')).toThrow('is no size');
});
