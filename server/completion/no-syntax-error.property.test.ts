import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { CompletionItem } from 'vscode-languageserver';
import { expect, it } from 'vitest';
import { catalogue } from '../../engine/methods/catalogue.ts';
import { parse } from '../../grammar/syntax/parse.ts';
import { type Analysis, analyse } from '../analysis/analysis.ts';
import { spanOf } from '../analysis/positions.ts';
import { completionAt } from '../features/completion.ts';
import { answerFor, nowhere, testUri } from '../test-kit.ts';
import { filled } from './fitting.ts';

const folders = ['../../test/fixtures/recipes/', '../../examples/'];
const recipes = folders.flatMap((name) => recipesIn(new URL(name, import.meta.url)));

function recipesIn(folder: URL): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.merge'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'));
}

/** Every model of the recipe has the same header. */
function analysed(text: string): Analysis {
  const plain = analyse({ uri: testUri, version: 1, text, catalogue });
  const models = new Map(
    plain.checked.sources.map(({ name }) => [name, answerFor(name, { layers: 28 })] as const),
  );
  return analyse({ uri: testUri, version: 1, text, catalogue, models });
}

/** A place in a whole recipe, in one cut off there, and in one whose line is cut off there. */
const place = fc
  .record({
    recipe: fc.constantFrom(...recipes),
    at: fc.nat(),
    cut: fc.constantFrom('nothing', 'all behind', 'the line behind'),
  })
  .map(({ recipe, at, cut }) => {
    const offset = at % (recipe.length + 1);
    const line = /^[^\n]*/.exec(recipe.slice(offset))![0].length;
    const behind = cut === 'nothing' ? 0 : cut === 'all behind' ? recipe.length : line;
    return { text: recipe.slice(0, offset) + recipe.slice(offset + behind), offset };
  });

/** The text with a proposal in its place, once for each way to fill what it leaves open. */
function insertions(analysis: Analysis, item: CompletionItem): readonly string[] {
  const edit = item.textEdit;
  if (edit === undefined || !('range' in edit)) throw new Error(`${item.label} has no edit`);
  const { start, end } = spanOf(analysis, edit.range);
  const { text } = analysis;
  return ['', 'x', 'x = 1', '1'].map(
    (filling) => text.slice(0, start) + filled(edit.newText, filling) + text.slice(end),
  );
}

it('offers nothing that would be a syntax error', async () => {
  let offered = 0;
  await fc.assert(
    fc.asyncProperty(place, async ({ text, offset }) => {
      const analysis = analysed(text);
      const slips = parse(text).diagnostics.length;
      const items = await completionAt(analysis, offset, {
        snippets: true,
        surroundings: {
          ...nowhere,
          entriesOf: () => Promise.resolve([{ name: 'a "b"', isFolder: true }]),
        },
      });
      for (const item of items) {
        offered += 1;
        const fewest = Math.min(
          ...insertions(analysis, item).map((of) => parse(of).diagnostics.length),
        );
        expect(fewest, `${item.label} at ${offset} of\n${text}`).toBeLessThanOrEqual(slips);
      }
    }),
    { numRuns: 150 },
  );
  expect(offered).toBeGreaterThan(500);
});
