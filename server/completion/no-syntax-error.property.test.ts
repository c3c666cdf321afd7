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

/** Every function that is no method, with every argument it takes. */
const everyFunction = `model base = local("./base")
model math = hub("org/math", revision: "main")
adapter tone = lora("org/tone", on: base, revision: "v2")
stats seen = fisher("./fisher.safetensors", of: math)
stats kept = mask("./mask.safetensors", of: math, ones: drop)
param keep: Ratio = 40% in 10%..90%
param fade: Scalar = 0.5 in 0..1
let house: output = { dtype: bf16, tokens: { "<x>": force(base) } }
merge final = slerp(base, math, t: curve(0, 1, ease: smooth, outside: ends))
expect gap(final, math, at: attention, base: base) < 1
expect sign_conflict(final, base, math, of: shared, stage: kept, base: base) < 1
evaluate score = command("node evaluate.mjs", metrics: ["a", "b"], timeout: 20 min)
sweep look = grid(final, turn: [keep], measure: [score.a, gap(final, math, base: base)])
search tuned = cma_es(final, turn: [keep, fade], maximize: score.a + score.b, budget: 10, seed: 1)
search drawn = random(final, turn: [keep], minimize: score.a, budget: 10)
output final to "./out" {
  tokenizer = union([base, math])
  tokens = { "<x>": force(row(math, "<y>")), "<z>": row(base, 7), "<w>": zero }
  chat_template = file("./chat.jinja")
  pad_vocabulary_to = 8
}
`;

const recipes = [
  ...folders.flatMap((name) => recipesIn(new URL(name, import.meta.url))),
  everyFunction,
];

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

/** Behind a bracket, a comma or a colon: where something is wanted. */
const openings = [...everyFunction.matchAll(/[([{,:] ?/g)].map(
  ({ 0: sign, index }) => index + sign.length,
);

const placeInFunctions = fc
  .record({
    offset: fc.constantFrom(...openings),
    cut: fc.constantFrom('nothing', 'the line behind', 'an argument'),
  })
  .map(({ offset, cut }) => {
    const rest = everyFunction.slice(offset);
    const pattern = cut === 'an argument' ? /^[^\n,)\]}]*/ : /^[^\n]*/;
    const behind = cut === 'nothing' ? 0 : pattern.exec(rest)![0].length;
    return { text: everyFunction.slice(0, offset) + rest.slice(behind), offset };
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

it.each([
  ['anywhere', place, 150],
  ['inside functions', placeInFunctions, 60],
] as const)('offers nothing that would be a syntax error %s', async (_, places, numRuns) => {
  let offered = 0;
  await fc.assert(
    fc.asyncProperty(places, async ({ text, offset }) => {
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
    { numRuns },
  );
  expect(offered).toBeGreaterThan(numRuns);
});
