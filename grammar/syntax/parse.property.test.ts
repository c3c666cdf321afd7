import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SYNTAX_KINDS } from '../diagnostics/syntax.ts';
import { lex } from './lexer.ts';
import { parse } from './parse.ts';
import { parserSteps } from './parser.ts';
import { recipes } from './test-kit.ts';
import { LEXER_TOKENS } from './tokens.ts';
import { childrenOf, type Node } from './walk.ts';

const CODES: ReadonlySet<string> = new Set(SYNTAX_KINDS.map((kind) => kind.code));

/** Whatever the text: a tree inside it, and findings inside it, in order, one a statement. */
function readsWhole(text: string): void {
  const { recipe, diagnostics } = parse(text);
  let last = 0;
  for (const { code, start, end } of diagnostics) {
    expect(CODES).toContain(code);
    expect(start).toBeGreaterThanOrEqual(last);
    expect(end).toBeGreaterThanOrEqual(start);
    expect(end).toBeLessThanOrEqual(text.length);
    last = start;
  }
  const open: Node[] = [...recipe.statements];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    expect(node.start).toBeLessThanOrEqual(node.end);
    expect(node.end).toBeLessThanOrEqual(text.length);
    open.push(...childrenOf(node));
  }
}

const images = [...recipes.values()].flatMap((text) => lex(text).tokens.map(({ image }) => image));
const literals = LEXER_TOKENS.flatMap(({ PATTERN }) =>
  typeof PATTERN === 'string' ? [PATTERN] : [],
);
const token = fc.oneof(
  fc.constantFrom(...literals),
  fc.constantFrom(...new Set(images)),
  fc.constantFrom("'x'", '"x', '.5', '5.', '40 %', '#', '@', 'é', 'modle', '// c\n', '/// d\n'),
);
const blank = fc.constantFrom(' ', ' ', '\n', '');

describe('any text gives a tree', () => {
  test('every beginning of a real recipe', () => {
    for (const text of recipes.values()) {
      for (let end = 0; end <= text.length; end += 1) readsWhole(text.slice(0, end));
    }
  });

  test('tokens in any order', () => {
    const tokens = fc.array(fc.tuple(token, blank), { maxLength: 60 });
    fc.assert(
      fc.property(tokens, (row) => readsWhole(row.flat().join(''))),
      { numRuns: 3000 },
    );
  });

  test('real recipes with tokens lost, doubled and exchanged', () => {
    const text = fc.constantFrom(...recipes.values()).map((recipe) => lex(recipe).tokens);
    const slip = fc.tuple(fc.nat(), fc.nat(), fc.constantFrom('lose', 'double', 'exchange'));
    fc.assert(
      fc.property(text, fc.array(slip, { minLength: 1, maxLength: 4 }), (tokens, slips) => {
        const row = tokens.map(({ image }) => image);
        for (const [first, second, kind] of slips) {
          const [one, other] = [first % row.length, second % row.length];
          if (kind === 'lose') row.splice(one, 1);
          else if (kind === 'double') row.splice(one, 0, row[one] ?? '');
          else [row[one], row[other]] = [row[other] ?? '', row[one] ?? ''];
        }
        readsWhole(row.join(' '));
        readsWhole(row.join('\n'));
      }),
      { numRuns: 500 },
    );
  });

  test('slips found by chance before', () => {
    readsWhole('let x = -layers- + 1');
    readsWhole('merge x = a { at layers layers -- { t = 1 } }');
  });

  test('any characters', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), readsWhole), {
      numRuns: 1000,
    });
  });
});

describe('nothing overflows, and nothing hangs', () => {
  test.each([
    ['parentheses', `let x = ${'('.repeat(10_000)}1${')'.repeat(10_000)}`],
    ['lists', `let x = ${'['.repeat(10_000)}`],
    ['calls', `let x = ${'f('.repeat(10_000)}`],
    ['maps', `let x = ${'{ a: '.repeat(10_000)}`],
    ['sums', `let x = 1${' + 1'.repeat(10_000)}`],
    ['layers of layers', `let x = m${'[0]'.repeat(10_000)}`],
  ])('%s, nested deep', (_name, text) => {
    readsWhole(text);
    expect(parse(text).diagnostics.map(({ code }) => code)).toEqual(['MW1017']);
  });

  test.each([
    ['rules in rules', `merge x = a {${'at b {'.repeat(10_000)}`],
    ['minus', `let x = ${'-'.repeat(20_000)}`],
    ['no commas', `let x = [${'a '.repeat(20_000)}`],
    ['quotes', '"'.repeat(20_000)],
    ['braces', '} '.repeat(20_000)],
    ['words', 'model '.repeat(5_000)],
    ['signs', `merge x = a { ${'t = '.repeat(20_000)}`],
    ['backslashes', `model x = "${'\\'.repeat(20_001)}`],
  ])('%s, many', (_name, text) => {
    const start = performance.now();
    readsWhole(text);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

test('a long recipe costs as many steps a token as a short one', () => {
  const lines = (recipes.get('whole.merge') ?? '').split('\n').filter((line) => line !== '');
  const stepsFor = (text: string): number => {
    const before = parserSteps();
    parse(text);
    return (parserSteps() - before) / lex(text).tokens.length;
  };
  const short = stepsFor(lines.join('\n'));
  const long = Array.from({ length: 5_000 }, (_, at) => lines[at % lines.length]!);
  expect(short).toBeLessThan(4);
  expect(stepsFor(long.join('\n'))).toBeLessThan(1.1 * short);
});
