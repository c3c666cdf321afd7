import { describe, expect, test } from 'vitest';
import { parse } from './parse.ts';
import { showStatement } from './show-tree.ts';
import { recipes } from './test-kit.ts';
import { childrenOf, type Node } from './walk.ts';

function read(text: string): string {
  const { recipe, diagnostics } = parse(text);
  expect(diagnostics).toEqual([]);
  return recipe.statements.map(showStatement).join('\n');
}

const value = (text: string): string => read(`let x = ${text}`).slice('let x = '.length);

describe('real recipes are read without a finding', () => {
  test.each([...recipes])('%s', (_name, text) => {
    const { recipe, diagnostics } = parse(text);
    expect(diagnostics).toEqual([]);
    expect(recipe.statements.length).toBeGreaterThan(0);
  });
});

describe('every form of a statement', () => {
  test.each([
    ['use "./common.merge"', 'use "./common.merge"'],
    ['use "./common.merge" as common', 'use "./common.merge" as common'],
    ['model a = hub("x/y", revision: "1")', 'model a = hub("x/y", revision: "1")'],
    ['stats s = fisher("./f", of: a)', 'stats s = fisher("./f", of: a)'],
    ['param k: Ratio = 40% in 10%..90% step 10%', 'param k: Ratio = 0.4 in 0.1..0.9 step 0.1'],
    ['let house: output = { card: true }', 'let house: output = {card: true}'],
    ['layers early = 0..7 | -2..-1', 'layers early = (0..7 | -2..-1)'],
    ['tensors t = "*.a" except "*.b"', 'tensors t = ("*.a" except "*.b")'],
    ['merge m = a', 'merge m = a'],
    ['merge m = a {}', 'merge m = a'],
    [
      'merge m = f(a) { at all { t = 1, w.a = 2 take b } at head {} }',
      'merge m = f(a)\n  at all {t = 1, w.a = 2, take b}\n  at head {}',
    ],
    ['sweep s = grid(m, turn: [k])', 'sweep s = grid(m, turn: [k])'],
    ['expect gap(a, b, at: attention) < 120%', 'expect (gap(a, b, at: attention) < 1.2)'],
    ['output m to "./o"', 'output m to "./o"'],
    [
      'output c.m to "./o" { ...house, shards = 5 GB }',
      'output c.m to "./o"\n  ...house\n  shards = 5000000000B',
    ],
  ])('%s', (text, expected) => expect(read(text)).toBe(expected));
});

describe('expressions bind as they are written down', () => {
  test.each([
    ['a except b | c & d', '(a except (b | (c & d)))'],
    ['a except b except c', '((a except b) except c)'],
    ['a + b * c - d / e', '((a + (b * c)) - (d / e))'],
    ['1 + 1..2 * 3 step 4', '(1 + 1)..(2 * 3) step 4'],
    ['layers 0..7 & attention', '(layers 0..7 & attention)'],
    ['layers IN03..OUT02', 'layers IN03..OUT02'],
    ['a < b & c >= d', '((a < b) & (c >= d))'],
    ['-a[0..3] * b', '(-a[0..3] * b)'],
    ['a - -b', '(a - -b)'],
    ['(a - b)[0]', '(a - b)[0]'],
    ['f(a)[0..1][2]', 'f(a)[0..1][2]'],
    ['f(...xs, b, at: g(), model: 3,)', 'f(...xs, b, at: g(), model: 3)'],
    ['[math { weight: 0.6 }, ...others,]', '[math {weight: 0.6}, ...others]'],
    [
      '{ a.b: 1, "<t>": c, -1: 0, 3: 2, step: 4, ...d }',
      '{a.b: 1, "<t>": c, -1: 0, 3: 2, step: 4, ...d}',
    ],
    ['score.model', 'score.model'],
    ['20 min', '1200s'],
    ['true', 'true'],
  ])('%s', (text, expected) => expect(value(text)).toBe(expected));
});

describe('a statement word opens a statement only at its place', () => {
  test('after a dot, before a colon or a dot, between `:` and `=` it is a word', () => {
    expect(read('let x = a.merge\nlet y = f(model: 1, output: 2)\nlet z = { layers.a: 1 }')).toBe(
      'let x = a.merge\nlet y = f(model: 1, output: 2)\nlet z = {layers.a: 1}',
    );
  });

  test('`layers` opens one before a name and `=`', () => {
    expect(read('tensors t = layers a\nlayers b = 0..7')).toBe(
      'tensors t = layers a\nlayers b = 0..7',
    );
  });

  test('statements may share a line', () => {
    expect(read('model a = "x" model b = "y"')).toBe('model a = "x"\nmodel b = "y"');
  });
});

describe('documentation', () => {
  const docs = (text: string) => {
    const { recipe } = parse(text);
    return [recipe.doc, ...recipe.statements.map((statement) => statement.doc)];
  };

  test('of the file, and of the declaration below', () => {
    expect(
      docs('/// File.\n/// More.\n\n/// One.\nmodel a = "x"\n\n/// Nobody.\n\nmodel b = "y"'),
    ).toEqual(['File.\nMore.', 'One.', undefined]);
  });

  test('a block right above the first declaration is that one’s', () => {
    expect(
      docs('\n/// One.\n// allow MW2001: why\nmodel a = "x" /// not this\nmodel b = "y"'),
    ).toEqual([undefined, 'One.', undefined]);
  });

  test('comments are kept without their slashes', () => {
    expect(parse('//a\n//  b\r\n///c').recipe.comments).toMatchObject([
      { kind: 'comment', text: 'a' },
      { kind: 'comment', text: ' b' },
      { kind: 'doc', text: 'c' },
    ]);
  });
});

test('a node spans what it was read from, and its children lie inside in order', () => {
  for (const text of recipes.values()) {
    const visit = (node: Node): void => {
      const children = childrenOf(node);
      let end = node.start;
      for (const child of children) {
        expect(child.start).toBeGreaterThanOrEqual(end);
        expect(child.end).toBeLessThanOrEqual(node.end);
        ({ end } = child);
        visit(child);
      }
      expect(text.slice(node.start, node.end)).toBe(text.slice(node.start, node.end).trim());
    };
    parse(text).recipe.statements.forEach(visit);
  }
});
