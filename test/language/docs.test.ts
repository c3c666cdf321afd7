/** The documentation says what the code does: generated pages are fresh, and every example in it is checked. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../engine/methods/catalogue.ts';
import { checkedExample, completed } from '../../grammar/check/test-examples.ts';
import { figureKinds } from '../../grammar/diagnostics/figures.ts';
import { languageKinds } from '../../grammar/diagnostics/registry.ts';
import { format } from '../../grammar/format/format.ts';
import { parse } from '../../grammar/syntax/parse.ts';
import { stalePages } from '../../scripts/docs.ts';
import { allKinds } from '../../scripts/docs-diagnostics.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

it('has fresh pages: `npm run docs` writes them', () => expect(stalePages()).toEqual([]));

/** Markdown under `docs/` that shows recipes, but for the pages of findings, whose wrong examples are wrong. */
const pages = readdirSync(`${root}docs`, { recursive: true, encoding: 'utf8' })
  .map((path) => `docs/${path.replaceAll('\\', '/')}`)
  .filter((path) => path.endsWith('.md') && !path.startsWith('docs/diagnostics/MW'));

const examples = [...pages, 'README.md', 'examples/README.md'].flatMap((path) =>
  existsSync(root + path)
    ? [...readFileSync(root + path, 'utf8').matchAll(/^```merge\n([^]*?)\n```$/gm)].map(
        ([, text], index): [string, string] => [`${path} ${index + 1}`, text!],
      )
    : [],
);

describe('examples', () => {
  it('are found', () => expect(examples.length).toBeGreaterThan(40));

  it.each(examples)('%s is clean and in normal form', (_, text) => {
    const { checked } = checkedExample(text, catalogue);
    const found = checked.diagnostics
      .filter(({ severity, code }) => severity !== 'hint' && code !== 'MW3901')
      .map(({ code, message }) => `${code} ${message}`);
    expect(found).toEqual([]);
    expect(format(`${text}\n`)).toBe(`${text}\n`);
  });
});

describe.each(languageKinds.map((kind) => [kind.code, kind] as const))(
  'the page of %s',
  (code, kind) => {
    const isMeasured = figureKinds.some((of) => of.code === code);
    const deep = code.startsWith('MW4') || code === 'MW3029';

    const codes = (example: string): readonly string[] => {
      const { checked } = checkedExample(example, catalogue, { code, deep });
      return checked.diagnostics.map((of) => of.code);
    };

    if (!isMeasured) {
      it('has a wrong example that gives the code', () =>
        expect(codes(kind.wrong)).toContain(code));
    }

    it('has a right example that parses, and gives neither the code nor an error', () => {
      const { checked } = checkedExample(kind.right, catalogue, { code, deep });
      const found = checked.diagnostics.filter(
        (of) => of.code === code || (of.severity === 'error' && of.code !== code),
      );
      expect(found.map(({ code: of, message }) => `${of} ${message}`)).toEqual([]);
      expect(parse(completed(kind.right)).diagnostics).toEqual([]);
    });
  },
);

describe('findings', () => {
  const kinds = allKinds();

  it('have each a code of their own', () => {
    const codes = kinds.map(({ code }) => code);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  });

  it('of the language are more than sixty', () => {
    expect(languageKinds.length).toBeGreaterThan(60);
  });

  it.each(kinds.map((kind) => [kind.code, kind] as const))(
    '%s says what, wrong and right',
    (_, kind) => {
      expect(kind.title).toMatch(/^([A-Z`“]|mergekit )/);
      expect(kind.what.trim().endsWith('.')).toBe(true);
      expect(kind.wrong).not.toBe(kind.right);
    },
  );
});
