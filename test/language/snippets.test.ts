/** What VS Code's snippets write is right: with its first choices filled in, each parses, and the whole recipes are clean. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../engine/methods/catalogue.ts';
import { check } from '../../grammar/check/check.ts';
import { format } from '../../grammar/format/format.ts';
import { parse } from '../../grammar/syntax/parse.ts';

interface Snippet {
  readonly prefix: string;
  readonly description: string;
  readonly body: string | readonly string[];
}

const snippets = JSON.parse(
  readFileSync(new URL('../../client/snippets.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Snippet>>;

/** The text with every placeholder as it stands at first. */
function filled({ body }: Snippet): string {
  const text = typeof body === 'string' ? body : body.join('\n');
  return text
    .replace(/\$\{\d+\|([^,|]*)[^}]*\}/g, '$1')
    .replace(/\$\{\d+:([^}]*)\}/g, '$1')
    .replace(/\$0/g, '');
}

const cases = Object.entries(snippets).map(([name, snippet]) => [name, snippet] as const);

it('have each a prefix of their own', () => {
  const prefixes = cases.map(([, { prefix }]) => prefix);
  expect(new Set(prefixes).size).toBe(prefixes.length);
});

describe.each(cases)('%s', (_, snippet) => {
  const isRule = snippet.prefix.startsWith('at');
  const written = filled(snippet).trimEnd();
  const text = isRule ? `merge m = lerp(a, b, t: 0) {\n  ${written}\n}\n` : `${written}\n`;

  it('parses, in normal form', () => {
    expect(parse(text).diagnostics).toEqual([]);
    // Braces are aligned to what is filled in, which formatting does.
    const plain = (of: string): string => of.replace(/ +\{/g, ' {');
    expect(plain(format(text))).toBe(plain(text));
  });

  if (snippet.prefix.startsWith('recipe-')) {
    it('is a recipe without findings', () => {
      expect(check({ text, ...parse(text), catalogue }).diagnostics).toEqual([]);
    });
  }
});
