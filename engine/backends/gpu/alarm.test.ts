import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { countedAlarm, late, patienceMs, within } from './alarm.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = new Promise<string>(() => undefined);

test('what does not come is late after the time of patience, and not before', async () => {
  const heard: unknown[] = [];
  void within(never, { alarm: countedAlarm }).then((came) => heard.push(came));
  await vi.advanceTimersByTimeAsync(patienceMs - 1);
  expect(heard).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(heard).toEqual([late]);
  expect(vi.getTimerCount()).toBe(0);
});

test('what comes is given on, what fails too, and no alarm stays behind', async () => {
  const alarm = countedAlarm;
  expect(await within(Promise.resolve('slice'), { alarm })).toBe('slice');
  await expect(within(Promise.reject(new Error('broken')), { alarm })).rejects.toThrow('broken');
  expect(vi.getTimerCount()).toBe(0);
});

test('a cancel rejects at once, before and during the wait', async () => {
  const alarm = countedAlarm;
  const stop = new AbortController();
  const waiting = within(never, { alarm, signal: stop.signal });
  stop.abort(new Error('cancelled'));
  await expect(waiting).rejects.toThrow('cancelled');
  await expect(within(never, { alarm, signal: stop.signal })).rejects.toThrow('cancelled');
  expect(vi.getTimerCount()).toBe(0);
});

test('a thread that could do nothing for a while does not call the others late', () => {
  const rung: string[] = [];
  countedAlarm(patienceMs, () => rung.push('late'));
  // Timers of the system ring once, however much they missed.
  vi.setSystemTime(Date.now() + 10 * patienceMs);
  vi.advanceTimersToNextTimer();
  expect(rung).toEqual([]);
});
