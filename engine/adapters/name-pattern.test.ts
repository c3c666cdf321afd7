import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { namePattern, patternEffort } from './name-pattern.ts';

const names = [
  'q_proj',
  'model.layers.0.self_attn.q_proj',
  'model.layers.10.self_attn.q_proj',
  'model.layers.0.mlp.up_proj',
  'q_proj.inner',
] as const;

/** The names that a pattern fits. */
function fitted(pattern: string): readonly string[] {
  return names.filter(namePattern(pattern)!);
}

test.each<readonly [string, readonly string[]]>([
  ['q_proj', [names[0], names[1], names[2]]],
  ['proj', []],
  ['self_attn.q_proj', [names[1], names[2]]],
  ['^model.*q_proj', [names[1], names[2]]],
  ['^q_proj', [names[0]]],
  ['layers\\.\\d+\\.self_attn\\.q_proj', [names[1], names[2]]],
  ['layers\\.[0-9]\\..*', [names[1], names[3]]],
  ['(?:q|up)_proj', [names[0], names[1], names[2], names[3]]],
  ['(q|up)_proj|inner', [...names]],
  ['layers.1{1,2}0.*', [names[2]]],
  ['[^.]+', [...names]],
  ['model.layers.\\d{2}.+', [names[2]]],
  ['.*', [...names]],
])('%s', (pattern, expected) => {
  expect(fitted(pattern)).toEqual(expected);
});

test.each([
  '(?=a)b',
  '(?<a>b)',
  '(a)\\1',
  '*a',
  'a**',
  'a{5,2}',
  'a{9999}',
  '[b-a]',
  '(a',
  'a)',
  '[a',
  '\\',
  '\\z',
  'a'.repeat(1001),
  `${'('.repeat(30)}a${')'.repeat(30)}`,
  '(((a{100}){100}){100})',
])('%s is not read', (pattern) => {
  expect(namePattern(pattern)).toBeUndefined();
});

describe('matching takes no longer than pattern and name are', () => {
  test.each(['(a*)*b', '(a|a)*b', '(a+)+b', 'a*a*a*a*a*a*a*a*b', '((a*)*)*b'])('%s', (pattern) => {
    const began = performance.now();
    expect(namePattern(pattern)!('a'.repeat(2000))).toBe(false);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

test('many patterns together end, and it is told that they were too many', () => {
  const effort = { ...patternEffort(), steps: 2_000_000 };
  const hard = Array.from({ length: 100 }, (_, i) =>
    namePattern(`(${'.*'.repeat(300)})${i}`, effort)!,
  );
  const began = performance.now();
  for (let i = 0; i < 300; i++) for (const fits of hard) fits(`model.layers.${i}.q_proj`);
  expect(effort.steps).toBeLessThan(0);
  expect(performance.now() - began).toBeLessThan(8000);
  const states = patternEffort();
  const read = Array.from({ length: 1000 }, () => namePattern('(a{90}){40}', states));
  expect(read.filter((pattern) => pattern !== undefined).length).toBeLessThan(100);
});

test('a rank for each of two thousand modules is matched in a moment', () => {
  const effort = patternEffort();
  const modules = Array.from({ length: 2000 }, (_, i) => `model.layers.${i}.self_attn.q_proj`);
  const patterns = modules.map((name) => namePattern(name, effort)!);
  const began = performance.now();
  for (const [i, name] of modules.entries())
    expect(patterns.findIndex((fits) => fits(name))).toBe(i);
  expect(effort.steps).toBeGreaterThan(0);
  expect(performance.now() - began).toBeLessThan(4000);
});

test('it fits what the engine’s own expressions fit', () => {
  const character = fc.constantFrom('a', 'b', '.', '1');
  const atom = fc.oneof(
    character.map((one) => (one === '.' ? '\\.' : one)),
    fc.constantFrom('.', '\\d', '[ab]', '[^a]', '[0-9a]'),
  );
  const { pattern } = fc.letrec<{ pattern: string; piece: string }>((tie) => ({
    piece: fc.oneof(
      { depthSize: 'small' },
      fc.tuple(atom, fc.constantFrom('', '*', '+', '?', '{1,2}')).map((parts) => parts.join('')),
      tie('pattern').map((inner) => `(${inner})?`),
    ),
    pattern: fc
      .array(fc.array(tie('piece'), { maxLength: 3 }), { minLength: 1, maxLength: 2 })
      .map((either) => either.map((all) => all.join('')).join('|')),
  }));
  const name = fc.array(character, { maxLength: 8 }).map((all) => all.join(''));
  fc.assert(
    fc.property(pattern, name, (text, of) => {
      expect(namePattern(text)!(of)).toBe(new RegExp(`^(.*\\.)?(?:${text})$`).test(of));
    }),
    { numRuns: 1000 },
  );
});
