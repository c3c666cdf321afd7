import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { looksOf } from './looks.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const now = (): number => Date.now();

test('a wait in which the thread listens counts, but for its last looks', () => {
  const end = looksOf(now).begin();
  vi.advanceTimersByTime(100);
  expect(end()).toBeGreaterThan(95);
  expect(end()).toBeLessThanOrEqual(100);
});

test('a wait in which the thread was busy does not', () => {
  const end = looksOf(now).begin();
  vi.advanceTimersByTime(3);
  vi.setSystemTime(Date.now() + 500);
  // The loop goes on: its timers come before what waits to be heard.
  vi.advanceTimersByTime(1);
  expect(end()).toBeLessThan(5);
});

test('it looks no more once it was told to stop', () => {
  const looks = looksOf(now);
  looks.begin();
  vi.advanceTimersByTime(5);
  looks.stop();
  expect(vi.getTimerCount()).toBe(0);
});

test('it looks only while something is waited for', () => {
  const looks = looksOf(now);
  const ends = [looks.begin(), looks.begin()];
  for (const end of ends) end();
  vi.advanceTimersByTime(10);
  expect(vi.getTimerCount()).toBe(0);
});
