/** Outline, folds, growing selection, colours and normal form: what the editor shows of a recipe’s shape. */
import { describe, expect, it } from 'vitest';
import { check, prelude, shownBelow, unmarked } from '../test-kit.ts';
import { coloursOf } from './semantic-tokens.ts';
import { lensesOf } from './code-lenses.ts';
import { linksOf } from './document-links.ts';
import { outlineOf, type OutlineEntry } from './document-symbols.ts';
import { foldsOf } from './folding.ts';
import { formattingOf } from './formatting.ts';
import { selectionsAt } from './selection-ranges.ts';

const recipe = `/// Two experts.
/// Merged by sign.
merge m = ties(
  base,
  [math, code],
  density: 20%,
) {
  at mlp { scale = 0.5, take code }  // the last one wins
}
expect gap(m, math) < 120%
output m to "./out/m" {
  dtype = bf16
}`;

describe('the outline', () => {
  it('has rules below steps and settings below outputs', () => {
    const shown = (entries: readonly OutlineEntry[], indent = ''): readonly string[] =>
      entries.flatMap((entry) => [
        `${indent}${entry.name} · ${entry.detail}`,
        ...shown(entry.children, `${indent}  `),
      ]);
    expect(shown(outlineOf(check(recipe).analysis)).join('\n')).toMatchInlineSnapshot(`
      "base · model "./base"
      math · model "./math"
      code · model "./code"
      chat · model "./chat"
      m · merge ties( base, [math, code], density: 20%, )
        at mlp · scale = 0.5, take code
      gap(m, math) < 120% · expect
      m · output to ./out/m
        dtype · bf16"
    `);
  });

  it('keeps every selection inside its entry, whatever is missing', () => {
    const broken = check('merge = \noutput\nmerge m = base {\n  at { \n}\nexpect\nuse ""').analysis;
    const held = (entries: readonly OutlineEntry[]): void => {
      for (const { span, selection, children } of entries) {
        expect(selection.start >= span.start && selection.end <= span.end).toBe(true);
        held(children);
      }
    };
    held(outlineOf(broken));
  });
});

describe('folding', () => {
  it('hides brackets and blocks of comments', () => {
    const { analysis } = check(recipe);
    const before = prelude.split('\n').length - 1;
    expect(
      foldsOf(analysis)
        .map(({ first, last, kind }) => `${first - before}–${last - before} ${kind}`)
        .join('\n'),
    ).toMatchInlineSnapshot(`
      "0–1 comment
      2–5 brackets
      6–7 brackets
      10–11 brackets"
    `);
  });
});

describe('selection', () => {
  it('grows from the word to the recipe', () => {
    const { analysis, offset } = check(recipe.replace('scale', 'sca‸le'));
    expect(
      selectionsAt(analysis, offset)
        .map(({ start, end }) => analysis.text.slice(start, end).replace(/\s+/g, ' '))
        .slice(0, -1)
        .join('\n'),
    ).toMatchInlineSnapshot(`
      "scale
      scale = 0.5
      { scale = 0.5, take code }
      at mlp { scale = 0.5, take code }
      merge m = ties( base, [math, code], density: 20%, ) { at mlp { scale = 0.5, take code } // the last one wins }"
    `);
  });
});

describe('colours', () => {
  it('tell what each word means', () => {
    const { analysis } = check(
      '/// Doc.\nlet gentle: ties = { density: 20% }\nmerge m = ties(base, [math], combine: sum, ...gentle) {\n  at mlp & "*.q" { weight.math = curve(0, 1, ease: smooth) }\n}\noutput m to "./m" { dtype = bf16 }',
    );
    const shown = coloursOf(analysis)
      .filter(({ start }) => start >= prelude.length)
      .map(({ start, end, type, modifiers }) =>
        [analysis.text.slice(start, end), type, ...modifiers].join(' '),
      );
    expect(shown.join('\n')).toMatchInlineSnapshot(`
      "/// Doc. comment documentation
      let keyword
      gentle variable declaration readonly
      ties function defaultLibrary
      density parameter
      20% number
      merge keyword
      m variable declaration
      ties function defaultLibrary
      base variable
      math variable
      combine parameter
      sum enumMember defaultLibrary
      gentle variable readonly
      at keyword
      mlp enumMember defaultLibrary
      & operator
      "*.q" regexp
      weight parameter
      math variable
      curve function defaultLibrary
      0 number
      1 number
      ease parameter
      smooth enumMember defaultLibrary
      output keyword
      m variable
      to keyword
      "./m" string
      dtype property
      bf16 enumMember defaultLibrary"
    `);
  });

  it('never overlap', () => {
    const colours = coloursOf(check(recipe).analysis);
    for (const [at, { start }] of colours.entries()) {
      expect(start).toBeGreaterThanOrEqual(colours[at - 1]?.end ?? 0);
    }
  });
});

describe('formatting', () => {
  it('changes no more than the lines that differ', () => {
    const text = 'model a = "./a"\nmerge   m = a\nmerge n = a\n';
    const { span, text: written } = formattingOf(text)!;
    expect(
      `${text.slice(0, span.start)}⟦${text.slice(span.start, span.end)}⟧${text.slice(span.end)}`,
    ).toBe('model a = "./a"\n⟦merge   m = a\n⟧merge n = a\n');
    expect(written).toBe('merge m = a\n');
  });

  it('leaves alone what is in its normal form or broken', () => {
    expect(formattingOf('model a = "./a"\n')).toBeUndefined();
    expect(formattingOf('model   a = \n')).toBeUndefined();
  });
});

describe('lenses', () => {
  it('are Check above all, Preview above steps, Merge above outputs', () => {
    const { analysis } = check(recipe);
    expect(
      lensesOf(analysis)
        .map(
          ({ title, step, span }) =>
            `${title} ${step ?? ''} @ ${analysis.text.slice(span.start, span.end)}`,
        )
        .join('\n'),
    ).toMatchInlineSnapshot(`
      "Check  @ model
      Preview m @ merge
      Merge m @ output"
    `);
    expect(lensesOf({ ...analysis, recipe: { ...analysis.recipe, statements: [] } })).toEqual([]);
  });
});

describe('links', () => {
  it('lead to what was opened and to recipes beside this one', () => {
    const { analysis } = check('use "./common.merge"\nmodel gone = "./gone"');
    const links = linksOf(analysis, '/recipes');
    expect(links.map(({ path }) => path)).toMatchInlineSnapshot(`
      [
        "/models/base/config.json",
        "/models/math/config.json",
        "/models/code/config.json",
        "/models/chat/config.json",
        "/recipes/common.merge",
      ]
    `);
    expect(
      shownBelow(
        analysis,
        links.slice(4).map(({ span }) => span),
      ),
    ).toMatchInlineSnapshot(`
      "use "⟦./common.merge⟧"
      model gone = "./gone""
    `);
    expect(unmarked('a‸b').offset).toBe(1);
  });
});
