import { expect, test } from 'vitest';
import { CheckSums } from './check-stored.ts';
import type { CheckWork } from './tensor-check.ts';

function work(of: Partial<CheckWork>): CheckWork {
  const place = { file: 0, offset: 0, dtype: 'BF16' } as const;
  return {
    stored: place,
    operands: [
      { kind: 'stored', ...place },
      { kind: 'stored', ...place },
    ],
    elements: 8,
    sample: [{ first: 0, elements: 8 }],
    ...of,
  };
}

test('the sums of a check are made once for tensors alike, and anew for other types and references', () => {
  const sums = new CheckSums();
  const first = sums.of(work({ reference: 0 }));
  expect(sums.of(work({ reference: 0, elements: 4 }))).toBe(first);
  const others = [
    work({}),
    work({ reference: 1 }),
    work({ reference: 0, stored: { file: 0, offset: 0, dtype: 'F32' } }),
    work({ reference: 0, operands: work({}).operands.slice(1) }),
  ];
  const keys = [first, ...others.map((other) => sums.of(other))].map(({ passes }) =>
    passes.map(({ key }) => key).join(),
  );
  expect(new Set(keys).size).toBe(keys.length);
});
