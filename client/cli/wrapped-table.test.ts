import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wrappedTables } from './wrapped-table.ts';

const column = (head: string, cell: string): readonly string[] => [head, cell];

test('what fits stays one table; what does not is cut between groups', () => {
  const groups = [
    [column('gap a', '1 %'), column('gap b', '2 %')],
    [column('kept a', '3 %'), column('kept b', '4 %')],
  ];
  expect(wrappedTables(['', 'all'], groups, 80)).toBe(
    '     gap a  gap b  kept a  kept b\nall    1 %    2 %     3 %     4 %\n',
  );
  expect(wrappedTables(['', 'all'], groups, 24)).toBe(
    '     gap a  gap b\nall    1 %    2 %\n\n     kept a  kept b\nall     3 %     4 %\n',
  );
});

test('no line is wider than the terminal where a single column fits', () => {
  const cells = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.array(cells, { minLength: 1, maxLength: 4 }), (groups) => {
      const text = wrappedTables(
        ['', 'layer 10'],
        groups.map((group) => group.map((width) => column('h', 'x'.repeat(width)))),
        40,
      );
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(40);
      expect(text.match(/x+/g)).toHaveLength(groups.flat().length);
    }),
  );
});
