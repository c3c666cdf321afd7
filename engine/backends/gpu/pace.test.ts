import { expect, test } from 'vitest';
import { adaptivePace } from './pace.ts';

const slice = { elements: 1 << 21, dispatches: 1, submits: 1 };

test('a device that takes its time is given less at once, and never too little', () => {
  const pace = adaptivePace();
  const took = (milliseconds: number): number => {
    const elements = pace.dispatchElements();
    const dispatches = Math.ceil(slice.elements / elements);
    pace.took(milliseconds * dispatches, { ...slice, dispatches });
    return pace.dispatchElements();
  };
  expect(took(80)).toBeGreaterThanOrEqual(1 << 21);
  expect(took(80)).toBe(1 << 20);
  expect(took(30)).toBe(1 << 20);
  expect(took(51)).toBe(1 << 20);
  expect(took(51)).toBe(1 << 19);
  for (let more = 0; more < 40; more++) took(1000);
  expect(pace.dispatchElements()).toBe(1 << 16);
});

test('a kernel’s first time, and the wait behind others, are not held against it', () => {
  const pace = adaptivePace();
  const before = pace.dispatchElements();
  for (let round = 0; round < 10; round++) {
    pace.took(400, slice);
    pace.took(10, slice);
    pace.took(140, { ...slice, submits: 3 });
  }
  expect(pace.dispatchElements()).toBe(before);
});

test('after a loss the largest dispatch that there was is cut', () => {
  const pace = adaptivePace();
  pace.took(10, slice);
  pace.lost();
  expect(pace.dispatchElements()).toBe(1 << 19);
});
