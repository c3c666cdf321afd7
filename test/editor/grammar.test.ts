import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { TOKEN_ENTRIES } from '../../grammar/syntax/tokens.ts';
import {
  grammarFiles,
  grammarText,
  markdownGrammar,
  recipeGrammar,
} from '../../scripts/vscode-grammar.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test.each([
  ['recipe', recipeGrammar()],
  ['markdown', markdownGrammar()],
] as const)(
  'the stored TextMate grammar of the %s is the one the tokens give',
  async (name, grammar) => {
    const stored = readFileSync(root + grammarFiles[name], 'utf8');
    expect(stored, 'node scripts/vscode-grammar.ts writes it').toBe(await grammarText(grammar));
  },
);

interface Rule {
  readonly name: string;
  readonly match: string;
}

/** What a TextMate reader paints: at each place the first rule that matches there. */
function painted(text: string): readonly (readonly [string, string])[] {
  const rules = (recipeGrammar() as { patterns: readonly Rule[] }).patterns;
  const found: (readonly [string, string])[] = [];
  for (let at = 0; at < text.length;) {
    const hits = rules.flatMap(({ name, match }) => {
      const pattern = new RegExp(match, 'y');
      pattern.lastIndex = at;
      const hit = pattern.exec(text);
      return hit === null || hit[0] === '' ? [] : [{ name, text: hit[0] }];
    });
    const [first] = hits;
    if (first !== undefined) found.push([first.text, first.name.replace(/\.merge$/, '')]);
    at += first?.text.length ?? 1;
  }
  return found;
}

test('a recipe is painted word by word', () => {
  expect(painted('merge m = ties(base, [a], density: 40%) // all')).toEqual([
    ['merge', 'keyword.control'],
    ['m', 'variable.other'],
    ['=', 'punctuation'],
    ['ties', 'entity.name.function'],
    ['(', 'punctuation'],
    ['base', 'variable.other'],
    [',', 'punctuation'],
    ['[', 'punctuation'],
    ['a', 'variable.other'],
    [']', 'punctuation'],
    [',', 'punctuation'],
    ['density', 'variable.parameter'],
    [':', 'punctuation'],
    ['40%', 'constant.numeric'],
    [')', 'punctuation'],
    ['// all', 'comment.line.double-slash'],
  ]);
});

test('a reserved word after a dot or before a colon is a name', () => {
  const scopes = (text: string): readonly string[] => painted(text).map(([, scope]) => scope);
  expect(scopes('a.merge')).not.toContain('keyword.control');
  expect(scopes('step: 1')[0]).toBe('variable.parameter');
  expect(scopes('step 1')[0]).toBe('keyword.other');
});

test('every token of the language is painted as one piece', () => {
  const shown = TOKEN_ENTRIES.flatMap(({ literal }) => literal ?? []);
  for (const literal of shown) expect(painted(literal).map(([text]) => text)).toEqual([literal]);
});
