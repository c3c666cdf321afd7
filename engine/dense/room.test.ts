import { expect, test } from 'vitest';
import { foldLanes } from '../numeric/sums.ts';
import { drawWord } from '../numeric/threefry.ts';
import { inRoom } from './room.ts';

/** Values of either sign over 40 binary orders: every wrong order shows in their sums. */
function wideValues(length: number, stream: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => {
    const word = drawWord([stream, 0x726f6f6d], i);
    return (word & 1 ? -1 : 1) * (1 + word / 2 ** 33) * 2 ** (((word >>> 1) % 40) - 20);
  });
}

/** What a kernel leaves in two columns, and what it answers. */
function worked<T>(
  columns: readonly [Float64Array, Float64Array],
  work: (room: Parameters<Parameters<typeof inRoom>[0]>[0], p: number, q: number) => T,
): { readonly answer: T; readonly p: readonly number[]; readonly q: readonly number[] } {
  return inRoom((room) => {
    const [p, q] = columns.map((column) => room.take(column.length)) as [number, number];
    room.doubles(p, columns[0].length).set(columns[0]);
    room.doubles(q, columns[1].length).set(columns[1]);
    const answer = work(room, p, q);
    const left = (at: number): readonly number[] => [...room.doubles(at, columns[0].length)];
    return { answer, p: left(p), q: left(q) };
  });
}

for (const length of [8, 16, 1000]) {
  const columns = [wideValues(length, 1), wideValues(length, 2)] as const;
  const [one, other] = columns;

  test(`a dot product of ${length} adds its lanes in the one order`, () => {
    const lanes = new Float64Array(8);
    one.forEach((value, i) => (lanes[i % 8]! += value * other[i]!));
    expect(worked(columns, (room, p, q) => room.dot(p, q, length)).answer).toBe(foldLanes(lanes));
  });

  test(`one column of ${length} added to another`, () => {
    const { p, q } = worked(columns, (room, p, q) => room.addScaled(p, q, length, 0.3));
    expect(p).toEqual([...one].map((value, i) => value + 0.3 * other[i]!));
    expect(q).toEqual([...other]);
  });

  test(`two columns of ${length} turned`, () => {
    const [sine, half] = [0.6, 1 / 3];
    const { p, q } = worked(columns, (room, p, q) => room.rotate(p, q, length, sine, half));
    expect(p).toEqual([...one].map((x, i) => x - sine * (other[i]! + half * x)));
    expect(q).toEqual([...other].map((y, i) => y + sine * (one[i]! - half * y)));
  });
}

test('what is taken within is free again, and memory that grew large is let go', () => {
  const first = inRoom((room) => room);
  inRoom((room) => {
    const outer = room.take(8);
    const inner = inRoom((same) => same.take(8));
    expect(inner).toBeGreaterThan(outer);
    expect(room.take(8)).toBe(inner);
  });
  expect(inRoom((room) => room)).toBe(first);
  inRoom((room) => room.take(10 << 20));
  expect(inRoom((room) => room)).not.toBe(first);
});
