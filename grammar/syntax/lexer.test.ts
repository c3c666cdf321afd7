import { describe, expect, test } from 'vitest';
import { lex } from './lexer.ts';
import { RESERVED_WORDS, TOKEN_ENTRIES } from './tokens.ts';

function kinds(text: string): string {
  return lex(text)
    .tokens.map((token) => `${token.tokenType.name}‹${token.image}›`)
    .join(' ');
}

describe('numbers', () => {
  test.each([
    ['0..7', 'Number‹0› DotDot‹..› Number‹7›'],
    ['0.5', 'Number‹0.5›'],
    ['1e-9', 'Number‹1e-9›'],
    ['40%', 'Percent‹40%›'],
    ['10%..90%', 'Percent‹10%› DotDot‹..› Percent‹90%›'],
    ['-2..-1', 'Minus‹-› Number‹2› DotDot‹..› Minus‹-› Number‹1›'],
    ['...a', 'Spread‹...› Name‹a›'],
    ['a.b', 'Name‹a› Dot‹.› Name‹b›'],
    ['.5', 'BareNumber‹.5›'],
    ['5.', 'BareNumber‹5.›'],
  ])('%s', (text, expected) => expect(kinds(text)).toBe(expected));
});

describe('units end at a word boundary and take at most one space', () => {
  test.each([
    ['5 GB', 'Bytes‹5 GB›'],
    ['5GB', 'Bytes‹5GB›'],
    ['512 MiB', 'Bytes‹512 MiB›'],
    ['0.5 TiB', 'Bytes‹0.5 TiB›'],
    ['90 s', 'Duration‹90 s›'],
    ['20 min', 'Duration‹20 min›'],
    ['250 ms', 'Duration‹250 ms›'],
    ['7 step', 'Number‹7› Step‹step›'],
    ['7 seconds', 'Number‹7› Name‹seconds›'],
    ['5  GB', 'Number‹5› Name‹GB›'],
    ['5\nGB', 'Number‹5› Name‹GB›'],
    ['2 h_', 'Number‹2› Name‹h_›'],
  ])('%j', (text, expected) => expect(kinds(text)).toBe(expected));
});

test('a reserved word is one only where it is whole', () => {
  for (const word of RESERVED_WORDS) {
    expect(kinds(word)).not.toContain('Name');
    expect(kinds(`${word}s _${word} ${word}2`)).toBe(
      `Name‹${word}s› Name‹_${word}› Name‹${word}2›`,
    );
  }
});

test('comments are kept apart from the tokens', () => {
  const { tokens, comments } = lex('/// doc\nlet x = 1 // why\n//// rule\n"// text"');
  expect(tokens.map((token) => token.image)).toEqual(['let', 'x', '=', '1', '"// text"']);
  expect(comments.map((comment) => `${comment.tokenType.name} ${comment.image}`)).toEqual([
    'DocComment /// doc',
    'LineComment // why',
    'LineComment //// rule',
  ]);
});

test('a run of unknown characters is one finding, and nothing around it is lost', () => {
  const { tokens, findings } = lex('let x = @@;; 3 → 4');
  expect(tokens.map((token) => token.image)).toEqual(['let', 'x', '=', '3', '4']);
  expect(findings.map(({ code, start, end }) => `${code} ${start}-${end}`)).toEqual([
    'MW1015 8-12',
    'MW1015 15-16',
  ]);
});

test('a name with foreign letters is one name and one finding', () => {
  const { tokens, findings } = lex('model größe_2 = modèle');
  expect(tokens.map((token) => token.image)).toEqual(['model', 'größe_2', '=', 'modèle']);
  expect(findings.map(({ code }) => code)).toEqual(['MW1016', 'MW1016']);
});

test('blanks of any kind separate', () => {
  expect(kinds('\ufeffa\u00a0b\u2003c\r\nd')).toBe('Name‹a› Name‹b› Name‹c› Name‹d›');
});

test('the table of tokens has every word once, with its category', () => {
  const literals = TOKEN_ENTRIES.flatMap((entry) => entry.literal ?? []);
  expect(new Set(literals).size).toBe(literals.length);
  expect(literals).toEqual(expect.arrayContaining([...RESERVED_WORDS]));
  for (const { literal, pattern } of TOKEN_ENTRIES) {
    expect([literal, pattern].filter((part) => part !== undefined)).toHaveLength(1);
  }
});
