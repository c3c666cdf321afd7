import { Lexer } from 'chevrotain';
import { expect, test } from 'vitest';
import { RecipeParser } from './parser.ts';
import { LEXER_TOKENS } from './tokens.ts';

test('the tokens can be told apart', () => {
  const lexer = new Lexer([...LEXER_TOKENS], { positionTracking: 'onlyOffset' });
  expect(lexer.lexerDefinitionErrors).toEqual([]);
});

test('the rules are unambiguous and end', () => {
  expect(() => new RecipeParser({ proves: true })).not.toThrow();
});
