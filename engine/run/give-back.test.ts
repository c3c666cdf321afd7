import { expect, test } from 'vitest';
import { giveBack } from './give-back.ts';

test('what is given back holds no memory, whether tables share a buffer or not', () => {
  const shared = new ArrayBuffer(64);
  const tables = [
    new Uint32Array(8),
    new Float64Array(shared, 0, 4),
    new Uint32Array(shared, 32, 8),
    undefined,
  ];
  giveBack(tables);
  giveBack(tables);
  expect(tables.map((table) => table?.buffer.byteLength)).toEqual([0, 0, 0, undefined]);
});

test('memory that threads share stays', () => {
  const table = new Uint32Array(new SharedArrayBuffer(16));
  giveBack([table, [1, 2]]);
  expect(table.length).toBe(4);
});
