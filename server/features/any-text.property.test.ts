/** What holds for every feature and any text: nothing throws, spans lie in the text, and a rename changes names alone. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../engine/methods/catalogue.ts';
import type { Span } from '../../grammar/syntax/span.ts';
import { importsOf } from '../../grammar/check/test-imports.ts';
import { parse } from '../../grammar/syntax/parse.ts';
import { type Analysis, analyse } from '../analysis/analysis.ts';
import { mentionsOf } from '../analysis/mentions.ts';
import { nameAt } from '../analysis/targets.ts';
import { answerFor, nowhere, testUri } from '../test-kit.ts';
import { lensesOf } from './code-lenses.ts';
import { completionAt } from './completion.ts';
import { linksOf } from './document-links.ts';
import { planText } from '../describe/plan-text.ts';
import { measuredOf } from '../test-figures.ts';
import { refactoringsAt } from './code-actions.ts';
import { hintsIn } from './inlay-hints.ts';
import { formattingWithin } from './range-formatting.ts';
import { outlineOf } from './document-symbols.ts';
import { foldsOf } from './folding.ts';
import { formattingOf } from './formatting.ts';
import { hoverAt } from './hover.ts';
import { definitionAt, highlightsAt, referencesIn } from './navigation.ts';
import { fixesIn } from './quick-fixes.ts';
import { renameableAt, renamed } from './rename.ts';
import { selectionsAt } from './selection-ranges.ts';
import { coloursOf } from './semantic-tokens.ts';
import { signatureHelpAt } from './signature-help.ts';

const folder = new URL('../../test/fixtures/recipes/', import.meta.url);
const recipes = readdirSync(folder)
  .filter((name) => name.endsWith('.merge'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'));

/** What the recipe uses, where it does: names that the fixtures have too, and one that is broken. */
const used = {
  'common.merge':
    '/// Shared.\nmodel base = "./base"\nmodel math = "./math"\nlet keep = 20%\nlayers early = 0..1\nmerge start = ties(base, [math], density: keep)\n',
  'broken.merge': 'model code = \nlet shape = curve(0, 1)\nuse "./common.merge" as inner\n',
};

/** Every model of the recipe has the same header. */
function analysed(text: string): Analysis {
  const { recipe } = parse(text);
  const isUsing = recipe.statements.some(({ kind }) => kind === 'use');
  const imports = isUsing ? { imports: importsOf(recipe, used, 'test.merge') } : {};
  const plain = analyse({ uri: testUri, version: 1, text, catalogue, ...imports });
  const models = new Map(
    plain.checked.sources.map(({ name }) => [name, answerFor(name, { layers: 28 })] as const),
  );
  return analyse({ uri: testUri, version: 1, text, catalogue, models, ...imports });
}

const uses = [
  '',
  'use "./common.merge" as team\n',
  'use "./common.merge"\nuse "./broken.merge" as odd\n',
] as const;
const users = [
  'merge m = ties(team.base, [team.math], density: team.keep, weight: { team.math: 1 }) {\n  at team.early { weight.team.math = 2 }\n}\noutput m to "./m"\n',
  'merge m = ties(base, [math, odd.code], density: keep) { at early { take start } }\n',
] as const;

/** A recipe with a piece cut out and something written in its place, and a place in it. */
const broken = fc
  .record({
    recipe: fc
      .tuple(fc.constantFrom(...uses), fc.constantFrom(...recipes, ...users))
      .map((texts) => texts.join('')),
    at: fc.nat(),
    length: fc.integer({ min: 0, max: 30 }),
    written: fc.constantFrom(
      '',
      ' ',
      '\n',
      '{',
      '}',
      '(',
      ']',
      '"',
      ',',
      '.',
      ': ',
      'at ',
      'x',
      '😀',
    ),
    cursor: fc.nat(),
  })
  .map(({ recipe, at, length, written, cursor }) => {
    const start = at % recipe.length;
    const text = recipe.slice(0, start) + written + recipe.slice(start + length);
    return { text, offset: cursor % (text.length + 1) };
  });

describe('any text', () => {
  it('has an answer of every feature', async () => {
    await fc.assert(
      fc.asyncProperty(broken, async ({ text, offset }) => {
        const analysis = analysed(text);
        const named = nameAt(analysis, offset);
        const spans: Span[] = [
          ...coloursOf(analysis),
          ...outlineOf(analysis).flatMap(({ span, selection }) => [span, selection]),
          ...selectionsAt(analysis, offset),
          ...highlightsAt(analysis, offset),
          ...(named === undefined
            ? []
            : referencesIn(analysis, named.target, { withDeclaration: true })),
          ...lensesOf(analysis).map(({ span }) => span),
          ...linksOf(analysis, '/recipes').map(({ span }) => span),
          ...fixesIn(analysis, { start: 0, end: text.length }).flatMap(({ edits }) => edits),
          ...[hoverAt(analysis, offset)?.span, definitionAt(analysis, offset)?.origin].flatMap(
            (span) => (span === undefined ? [] : [span]),
          ),
        ];
        const leads = definitionAt(analysis, offset);
        const there = (leads?.file ?? analysis).text;
        expect(leads === undefined || leads.name.end <= there.length).toBe(true);
        for (const { start, end } of spans) {
          expect(start >= 0 && start <= end && end <= text.length).toBe(true);
        }
        const selection = { start: Math.floor(offset / 2), end: offset };
        const hints = hintsIn(analysis, { shown: 'all', measured: measuredOf('final') });
        for (const { at } of hints) expect(at >= 0 && at <= text.length).toBe(true);
        for (const { edits } of refactoringsAt(analysis, selection)) {
          for (const { start, end } of edits) expect(start <= end && end <= text.length).toBe(true);
        }
        expect(planText(analysis)).not.toBe('');
        formattingWithin(text, selection);
        foldsOf(analysis);
        signatureHelpAt(analysis, offset);
        formattingOf(text);
        const items = await completionAt(analysis, offset, {
          snippets: true,
          surroundings: nowhere,
        });
        const names = items.map(({ label }) => label);
        expect(new Set(names).size).toBe(names.length);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a rename', () => {
  it('leaves every finding as it was, and can be taken back', () => {
    fc.assert(
      fc.property(fc.constantFrom(...recipes), fc.nat(), (recipe, choice) => {
        const analysis = analysed(recipe);
        const declared = [...mentionsOf(analysis).declared.values()];
        const { name } = declared[choice % declared.length]!;
        const again = analysed(renamedText(analysis, name.start, 'brand_new'));
        const codes = (of: Analysis) => of.checked.diagnostics.map(({ code }) => code);
        expect(codes(again)).toEqual(codes(analysis));
        expect(renamedText(again, name.start, name.text)).toBe(recipe);
      }),
      { numRuns: 60 },
    );
  });
});

function renamedText(analysis: Analysis, offset: number, newName: string): string {
  const { target } = renameableAt(analysis, offset)!;
  const renaming = renamed(target, newName, { analyses: [analysis], faults: [] });
  if (renaming.kind === 'refused') throw new Error(renaming.reason);
  return renaming.places
    .flatMap(({ spans }) => spans)
    .toSorted((one, other) => other.start - one.start)
    .reduce(
      (text, { start, end }) => text.slice(0, start) + newName + text.slice(end),
      analysis.text,
    );
}
