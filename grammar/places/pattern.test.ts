import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compilePattern } from './pattern.ts';

const matches = (pattern: string, name: string): boolean => {
  const answer = compilePattern(pattern);
  return answer.ok && answer.matches(name);
};

it.each([
  ['*', 'model.layers.0.mlp.up_proj.weight', true],
  ['*.mlp.*', 'model.layers.0.mlp.up_proj.weight', true],
  ['*.mlp', 'model.layers.0.mlp.up_proj.weight', false],
  ['model.layers.?.mlp.*', 'model.layers.12.mlp.up_proj.weight', false],
  ['model.layers.??.mlp.*', 'model.layers.12.mlp.up_proj.weight', true],
  ['*.{q,k}_proj.*', 'a.self_attn.k_proj.bias', true],
  ['*.{q,k}_proj.*', 'a.self_attn.v_proj.bias', false],
  ['{a,b{c,d}}x', 'bdx', true],
  ['{a,}x', 'x', true],
  ['a.b', 'aXb', false],
  ['*mlp*', 'mlp', true],
])('%s on %s', (pattern, name, holds) => {
  expect(matches(pattern, name)).toBe(holds);
});

it.each([
  ['*.{q,k_proj.*', 'unclosed brace', 2],
  ['a}b', 'stray brace', 1],
  ['', 'empty', 0],
])('%s is no pattern', (pattern, fault, at) => {
  expect(compilePattern(pattern)).toMatchObject({ ok: false, fault, at });
});

it('agrees with a regular expression, whatever the pattern', () => {
  const piece = fc.constantFrom('a', 'b', '.', '*', '?', '{a,b}', '{ab,.a}', '{,b}');
  const pattern = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join(''));
  const name = fc.array(fc.constantFrom('a', 'b', '.'), { maxLength: 8 }).map((of) => of.join(''));
  fc.assert(
    fc.property(pattern, name, (text, of) => {
      const source = text
        .replace(/\./g, '\\.')
        .replace(/\*/g, '.*')
        .replace(/\?/g, '.')
        .replace(/\{/g, '(?:')
        .replace(/\}/g, ')')
        .replace(/,/g, '|');
      expect(matches(text, of)).toBe(new RegExp(`^${source}$`).test(of));
    }),
  );
});

it('takes no time to blow up', () => {
  const hostile = `${'*a'.repeat(40)}*b`;
  const start = performance.now();
  expect(matches(hostile, 'a'.repeat(400))).toBe(false);
  expect(performance.now() - start).toBeLessThan(500);
});
