/** The guide for people who come from mergekit: what it shows is what import writes, and its tables are the code's. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { importYaml } from '../../grammar/mergekit/import.ts';
import { checkedOver, errorsIn } from './configurations.ts';
import { keyRows, methodRows, noteRows } from './guide-tables.ts';

const guide = readFileSync(new URL('../../docs/coming-from-mergekit.md', import.meta.url), 'utf8');
const pairs = [...guide.matchAll(/### (.+)\n\n```yaml\n([^]*?)```\n\n```merge\n([^]*?)```/g)].map(
  ([, title, yaml, recipe]) => ({ title: title!, yaml: yaml!, recipe: recipe! }),
);

test('it shows as many pairs as it has blocks', () => {
  expect(pairs.length).toBeGreaterThanOrEqual(7);
  expect(guide.match(/```yaml/g)).toHaveLength(pairs.length);
  expect(guide.match(/```merge/g)).toHaveLength(pairs.length);
});

describe.each(pairs)('$title', ({ yaml, recipe }) => {
  test('is what import writes', () => {
    expect(importYaml({ text: yaml, title: 'blend' }).recipe?.text).toBe(recipe);
  });

  test('is sound', () => {
    expect(errorsIn(checkedOver(recipe).diagnostics)).toEqual([]);
  });
});

test.each([
  ['keys', keyRows()],
  ['methods', methodRows()],
  ['notes', noteRows()],
])('its table of %s is the code’s', (_, rows) => {
  expect(rows.filter((row) => !guide.includes(`${row}\n`))).toEqual([]);
});
