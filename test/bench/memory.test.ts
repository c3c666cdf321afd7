/** Memory stays within the budget whatever the model's size, a tensor much larger than it among them. */
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { memoryRows } from './memory.ts';
import { freeBytes } from './setting.ts';
import { verdictOf } from './rows.ts';

const [small, large] = [32e6, 256e6];

test.runIf(freeBytes(tmpdir()) > 3 * large + 2e9)(
  'a budget of 32 MB merges a quarter of a gigabyte, half of it in one tensor',
  async () => {
    const rows = await memoryRows({
      size: large,
      small,
      memory: 32e6,
      folder: tmpdir(),
      threads: 2,
    });
    expect(rows.map(({ title }) => title)).toEqual([
      'linear of 0.03 GB, peak resident',
      'linear of 0.26 GB, peak resident',
      'linear, 0.26 GB / 0.03 GB',
      'ties of 0.03 GB, peak resident',
      'ties of 0.26 GB, peak resident',
      'ties, 0.26 GB / 0.03 GB',
    ]);
    const peaks = rows.filter(({ unit }) => unit === 'MB');
    expect(peaks.filter((row) => verdictOf(row) !== 'met')).toEqual([]);
    // Node’s own heap is most of what so short a run has, and it grows a little with time.
    const growth = rows.filter(({ unit }) => unit === undefined);
    for (const { title, value } of growth) expect(value, title).toBeLessThan(1.3);
  },
  180_000,
);
