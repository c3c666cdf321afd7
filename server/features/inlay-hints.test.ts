import { describe, expect, it } from 'vitest';
import { type CheckOptions, check, prelude } from '../test-kit.ts';
import { measuredOf } from '../test-figures.ts';
import { hintsIn, type HintOptions } from './inlay-hints.ts';

/** The text below the models with its hints in angle brackets, as an editor shows them. */
function hinted(
  text: string,
  options: Partial<HintOptions> = {},
  checked: CheckOptions = {},
): string {
  const { analysis } = check(text, checked);
  return hintsIn(analysis, { shown: 'quiet', ...options })
    .toReversed()
    .reduce((now, { at, label }) => `${now.slice(0, at)}‹${label}›${now.slice(at)}`, analysis.text)
    .slice(prelude.length + 4 * '‹ 4 layers›'.length);
}

describe('quiet hints', () => {
  it('tell a model’s layers', () => {
    const { analysis } = check('');
    const hints = hintsIn(analysis, { shown: 'quiet' });
    expect(hints.map(({ label }) => label)).toEqual([
      ' 4 layers',
      ' 4 layers',
      ' 4 layers',
      ' 4 layers',
    ]);
  });

  it('tell a seed, and nothing else of the defaults', () => {
    expect(hinted('merge m = dare_ties(base, [math, code])')).toBe(
      'merge m = dare_ties(base, [math, code]‹, seed: 0›)',
    );
    expect(hinted('merge m = dare_ties(base, [math, code], seed: 7)')).toBe(
      'merge m = dare_ties(base, [math, code], seed: 7)',
    );
    expect(hinted('merge m = ties(base, [math, code])')).toBe('merge m = ties(base, [math, code])');
  });

  it('tell what weights come to where their sum is divided out', () => {
    expect(hinted('merge m = linear([math, code], weight: { math: 3, code: 1 })')).toBe(
      'merge m = linear([math, code], weight: { math: 3‹ = 75%›, code: 1‹ = 25%› })',
    );
    expect(hinted('merge m = ties(base, [math { weight: 1 }, code { weight: 4 }])')).toBe(
      'merge m = ties(base, [math { weight: 1‹ = 20%› }, code { weight: 4‹ = 80%› }])',
    );
    const silent = [
      'merge m = linear([math, code], weight: { math: 0.75, code: 0.25 })',
      'merge m = linear([math, code], weight: 2)',
      'merge m = linear([math, code], weight: [3, 1], normalize: false)',
      'merge m = ties(base, [math, code], weight: [3, 1], combine: sum)',
    ];
    for (const text of silent) expect(hinted(text)).toBe(text);
  });

  it('tell how many layers a stack comes to', () => {
    expect(hinted('merge m = stack([math[0..2], code[1..3]])')).toBe(
      'merge m = stack([math[0..2], code[1..3]])‹ 6 layers›',
    );
  });

  it('tell a conflict once a preview has measured it', () => {
    const text = 'merge m = ties(base, [math, code])';
    expect(hinted(text, { measured: measuredOf('m', { conflict: 0.213 }) })).toBe(
      `${text}‹ 21.3% sign conflict›`,
    );
  });
});

it('all of them tell every default and the length of ranges', () => {
  const text =
    'layers early = 0..1\nmerge m = ties(base, [math], density: 10%) { at layers -2..-1 { scale = 0.5 } }';
  expect(hinted(text, { shown: 'all' })).toMatchInlineSnapshot(`
    "layers early = 0..1‹ 2 layers›
    merge m = ties(base, [math], density: 10%‹, weight: 1, scale: 1, combine: mean, elect: mass, trim: count, rescale: none, scope: tensor›) { at layers -2..-1‹ 2 layers› { scale = 0.5 } }"
  `);
});

it('none are shown where they are off', () => {
  expect(hintsIn(check('merge m = dare_ties(base, [math])').analysis, { shown: 'off' })).toEqual(
    [],
  );
});

it('of a text alone are those that need no header', () => {
  const { analysis } = check('merge m = dare_ties(base, [math])', { models: null });
  expect(hintsIn(analysis, { shown: 'quiet' }).map(({ label }) => label)).toEqual([', seed: 0']);
});
