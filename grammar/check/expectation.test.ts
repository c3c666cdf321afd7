import { expect, it } from 'vitest';
import { parse } from '../syntax/parse.ts';
import { check } from './check.ts';
import type { Checked, Expectation } from './checked.ts';
import { testCatalogue } from './test-catalogue.ts';
import { headersFor, llama } from './test-models.ts';

const names = ['base', 'other', 'math', 'code'];
const prelude = names.map((name) => `model ${name} = "./${name}"\n`).join('');

function checked(text: string): Checked {
  return check({
    text: prelude + text,
    ...parse(prelude + text),
    catalogue: testCatalogue,
    headers: headersFor(Object.fromEntries(names.map((name) => [name, llama()]))),
  });
}

/** The base that a measure of `code` (or another) in step `m` takes, or why it has none. */
function baseOf(steps: string, measure = 'gap(m, code)'): string {
  const { expectations, diagnostics } = checked(`${steps}\nexpect ${measure} < 120%`);
  const fault = diagnostics.find(({ severity }) => severity === 'error');
  if (fault !== undefined) return `${fault.code} ${fault.message}`;
  const { condition } = expectations[0] as Expectation;
  if (condition.kind !== 'compare' || condition.left.kind !== 'measure')
    throw new Error('no measure');
  const { base } = condition.left.measure;
  if (base === undefined) return 'none';
  return base.kind === 'source'
    ? base.source.name
    : base.kind === 'step'
      ? base.step.name
      : base.kind;
}

it.each<[string, string, string?]>([
  ['merge m = ties(base, [math, code])', 'base'],
  ['merge e = ties(base, [code])\nmerge m = slerp(e, math, t: 0.5)', 'base'],
  // The nearest step decides, whatever stands further up.
  ['merge e = ties(other, [code])\nmerge m = ties(base, [e, code])', 'base'],
  ['merge m = base + 0.5 * (code - base) + 0.2 * (math - other)', 'base'],
  ['merge m = base + ties([code - other])', 'other'],
  ['let d = code - other\nmerge m = ties(base, [d])', 'base', 'gap(m, d)'],
  ['merge b = average([base, other])\nmerge m = ties(b, [code])', 'b'],
  [
    'merge e = ties(base, [code])\nmerge f = ties(other, [code])\nmerge m = average([e, f])',
    'MW3022 `code` is an input of steps with different bases, `base` and `other`: `base:` says which is meant.',
  ],
  [
    'merge e = ties(base, [code])\nmerge f = ties(other, [code])\nmerge m = average([e, f])',
    'other',
    'gap(m, code, base: other)',
  ],
  [
    'merge m = average([math, code])',
    'MW3022 No step of `m` takes `code` from a base: `base:` says which is meant.',
  ],
  [
    'merge m = ties(base, [math])',
    'MW3022 No step of `m` takes `code` from a base: `base:` says which is meant.',
  ],
  ['merge m = math { at mlp { take ties(base, [code]) } }', 'base'],
  ['merge m = ties(base, [math, code])', 'none', 'cosine(m, math - other, code - other)'],
])('%s: %s', (steps, expected, measure) => {
  expect(baseOf(steps, measure)).toBe(expected);
});

it('binds conditions whole: options, places, arithmetic, and both', () => {
  const { expectations, diagnostics } = checked(
    `merge m = ties(base, [math, code])
expect sign_conflict(m, math, code, of: all, stage: kept, at: mlp & layers 0) - 1% < 2 * gap(m, math) & finite(m)`,
  );
  expect(diagnostics).toEqual([]);
  expect(expectations).toMatchObject([
    {
      text: 'sign_conflict(m, math, code, of: all, stage: kept, at: mlp & layers 0) - 1% < 2 * gap(m, math) & finite(m)',
      step: { name: 'm' },
      condition: {
        kind: 'and',
        left: {
          kind: 'compare',
          operator: '<',
          left: {
            kind: 'arithmetic',
            operator: '-',
            left: {
              measure: {
                measure: 'sign_conflict',
                models: [{ name: 'math' }, { name: 'code' }],
                options: { of: 'all', stage: 'kept' },
                base: { source: { name: 'base' } },
              },
            },
            right: { kind: 'number', value: 0.01 },
          },
        },
        right: { kind: 'finite', step: { name: 'm' } },
      },
    },
  ]);
  const { condition } = expectations[0]!;
  if (condition.kind !== 'and' || condition.left.kind !== 'compare')
    throw new Error('no comparison');
  const { left } = condition.left;
  if (left.kind !== 'arithmetic' || left.left.kind !== 'measure') throw new Error('no measure');
  expect([...(left.left.measure.tensors ?? [])].sort()).toEqual(
    ['down', 'gate', 'up'].map((of) => `model.layers.0.mlp.${of}_proj.weight`),
  );
});

it('knows measures that come later, and says so', () => {
  const { expectations, diagnostics } = checked(
    'merge m = ties(base, [math, code])\nexpect survival(m, code) > 50%',
  );
  expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([
    ['MW3901', 'warning'],
  ]);
  expect(expectations).toEqual([]);
});
