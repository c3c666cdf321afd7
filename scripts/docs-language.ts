/**
 * `docs/language.md` and the pictures of its grammar: the prose stands here, every table and the grammar come from the code,
 * and a test checks every example. Long, since it holds the text of a whole reference.
 */
import { formFunctions } from '../grammar/check/forms.ts';
import { measures } from '../grammar/check/measures.ts';
import { outputSettingTable } from '../grammar/check/output-setting-table.ts';
import { placeWords } from '../grammar/places/place.ts';
import {
  BYTE_UNITS,
  DURATION_UNITS,
  RESERVED_WORDS,
  type StatementWord,
  STATEMENT_WORDS,
} from '../grammar/syntax/tokens.ts';
import { catalogue } from '../engine/methods/catalogue.ts';
import { ebnf, type GrammarRule, grammarRules } from './docs-grammar.ts';
import { railroadSvg } from './docs-railroad.ts';
import { code, generated, type Page, page, recipe, table } from './docs-text.ts';

export function languagePages(): readonly Page[] {
  const rules = grammarRules();
  const pictures = rules.map(({ name, diagram }): Page => ({
    path: `docs/grammar/${name}.svg`,
    text: railroadSvg(name, diagram),
  }));
  return [languagePage(rules), ...pictures];
}

/** What each statement makes, and what its expression may be. */
const statements: Readonly<Record<StatementWord, readonly [makes: string, expression: string]>> = {
  use: ['the names of another recipe', 'a path'],
  model: ['a Model', 'a path, a hub id, `local(path)`, `hub(id, revision:)`'],
  adapter: ['an Adapter', '`lora(path, on: model)`, `lora(id, revision:, on: model)`'],
  stats: [
    'statistics of one kind, or a Mask',
    '`fisher`, `second_moments`, `gram`, `imatrix`, `coefficients` or `mask`, each `(path, of: model)`',
  ],
  param: ['a knob', 'a default; `in` a range `a..b` or a list'],
  let: ['a number, curve, list, map, Delta or Mask', 'anything but a Model or a place'],
  layers: ['a place', 'ranges of layers, joined'],
  tensors: ['a place', 'patterns, parts and places, joined'],
  merge: ['a step', 'a method, arithmetic, a name, `m[…]`, `stack([…])`; then rules'],
  evaluate: ['metrics', '`command(…)`'],
  sweep: ['a table', '`grid(…)`, `random(…)`'],
  search: ['the best Model found', '`cma_es(…)`, `random(…)`'],
  expect: ['a test', 'a condition over measures'],
  output: ['files', 'a name, a folder, settings'],
};

const types: readonly (readonly [name: string, meaning: string, example: string])[] = [
  ['Model', 'weights of a whole network; its share is 1', '`base`, `ties(base, [math])`'],
  ['Delta', 'a change of weights; its share is 0', '`math - base`, `0.5 * (a - b)`'],
  ['Mask', 'what is kept: 1 keeps, 0 drops', '`mask("./m.safetensors", of: math)`'],
  ['Adapter', 'a LoRA, usable wherever a Delta is', '`lora("./tone", on: base)`'],
  ['Stats', 'statistics that were measured on a model', '`fisher("./f.safetensors", of: math)`'],
  ['Scalar', 'any number', '`0.7`, `-1`, `1e-9`'],
  ['Ratio', 'a number from 0 to 1', '`40%`, `0.4`'],
  ['Count', 'a whole number from 0', '`8`'],
  ['Seed', 'a whole number from 0', '`7`'],
  ['Curve', 'a number that varies over depth', '`curve(0, 1)`'],
  ['Bytes', 'a size, written and never calculated with', '`5 GB`'],
  ['Duration', 'a time, written and never calculated with', '`20 min`'],
  ['Bool', '`true` or `false`', '`true`'],
  ['Choice', 'a word among those that the parameter knows', '`mean`, `bf16`'],
  ['Text', 'text in double quotes', '`"./out"`'],
];

const measureMeanings: ReadonlyMap<string, readonly [meaning: string, formula: string]> = new Map([
  [
    'gap',
    ['how far the result is from a model: 0 is the model, 100 % its base', '‖m − a‖ / ‖τ_a‖'],
  ],
  ['distance', ['how far the result is from a model, beside the base', '‖m − a‖ / ‖base‖']],
  ['cosine', ['whether two models changed in one direction', '⟨τ_a, τ_b⟩ / ‖τ_a‖‖τ_b‖']],
  ['sign_conflict', ['the share of weights that some raise and others lower', '']],
  ['kept', ['the share of a change that the step’s masks keep', '']],
  ['finite', ['whether no value is an infinity or a NaN', '']],
]);

function languagePage(rules: readonly GrammarRule[]): Page {
  return page(
    'docs/language.md',
    '# The recipe language',
    `A recipe is a text file, \`name.merge\`.
It names models, says what is computed from them, and where the result goes.
Every name resolves, every value has a type and a range, and every model has a signature that is read from the headers of its files: a recipe that checks clean does not fail for a reason that could have been known before.`,
    recipe(tour),
    `The parts of this page: [marks](#marks) · [names](#names-and-files) · [sources](#sources) · [values](#values) · [steps](#steps) · [arithmetic](#arithmetic) · [rules](#rules) · [places](#places) · [depth](#depth) · [structure](#structure) · [presets and imports](#presets-and-imports) · [expectations](#expectations) · [outputs](#outputs) · [sweeps and searches](#sweeps-and-searches) · [checking](#checking) · [grammar](#grammar).
Methods have [pages of their own](methods/README.md), and so have [findings](diagnostics/README.md).`,
    section(
      'Statements',
      `Every statement opens with its own word, and a recipe reads downwards: a name is declared once, above its use.`,
      table(
        ['statement', 'makes', 'its expression'],
        STATEMENT_WORDS.map((word) => [code(word), ...statements[word]]),
      ),
    ),
    section(
      'Marks',
      `White space and line ends only separate.
Arguments, lists and maps have commas, and may have one after the last.
Settings stand one a line, or on one line with commas between.
\`name: value\` hands a value over; \`name = value\` sets one.`,
      `\`//\` opens a comment.
\`///\` documents the declaration below it; at the head of the file, before an empty line, it documents the recipe.`,
      `A name is made of ASCII letters, digits and \`_\`, and begins with no digit.
Reserved are ${RESERVED_WORDS.map(code).join(' ')}; after a dot and before a colon any word will do.`,
    ),
    section(
      'Numbers, sizes and times',
      `A number has a digit on both sides of its point.
\`40%\` is 0.4.
\`a..b\` includes both ends, always.
A size and a time are a number and a unit, with at most one space between.`,
      table(
        ['unit', 'is'],
        [
          ...Object.entries(BYTE_UNITS).map(([unit, bytes]) => [
            code(unit),
            `${bytes.toLocaleString('en')} ${bytes === 1 ? 'byte' : 'bytes'}`,
          ]),
          ...Object.entries(DURATION_UNITS).map(([unit, ms]) => [
            code(unit),
            `${(ms / 1000).toLocaleString('en')} s`,
          ]),
        ],
      ),
    ),
    section(
      'Types',
      'Types follow from what is written; a `param` and a `let` may say theirs.',
      table(
        ['type', 'is', 'written'],
        types.map((row) => [code(row[0]), row[1], row[2]]),
      ),
    ),
    section(
      'Names and files',
      `The text of a source is a path if it begins with \`.\`, \`/\`, \`~\` or a drive, or ends like a weights file; else it is the id of a model in the local cache of Hugging Face.
\`local(…)\` and \`hub(…)\` say it outright.
Relative paths start at the folder of the recipe.
Nothing is fetched.`,
    ),
    section(
      'Sources',
      recipe(`model base = "Qwen/Qwen2.5-1.5B"
model math = hub("Qwen/Qwen2.5-Math-1.5B", revision: "4a83ca6")
model code = local("./checkpoints/coder")
adapter tone = lora("./adapters/tone", on: base)
stats f_math = fisher("./fisher/math.safetensors", of: math)
stats trained = mask("./masks/math.safetensors", of: math, ones: keep)`),
    ),
    section(
      'Values',
      `A \`let\` names a value, a \`param\` a knob that sweeps and searches may turn.
A list and a map take their meaning where they are used, or at once if their type says for what: \`let gentle: ties = …\`, \`let house: output = …\`.`,
      recipe(`param keep: Ratio = 40% in 10%..90%
param how: Choice = mean in [mean, sum]
let fade = curve(0.2, 0.5, 0.2)
let gentle: ties = { density: keep, combine: how, weight: fade }
merge m = ties(base, [math, code], ...gentle)`),
      `Per-model values are one for all, a list in the order of the experts, a map by their names, or written at the expert:`,
      recipe(`merge one = ties(base, [math, code], weight: 0.5)
merge listed = ties(base, [math, code], weight: [0.6, 0.4])
merge named = ties(base, [math, code], weight: { math: 0.6, code: 0.4 })
merge at_them = ties(base, [math { weight: 0.6, density: 10% }, code { weight: 0.4 }])`),
    ),
    section(
      'Steps',
      `\`merge\` makes a step from a method, from arithmetic, or from another step with rules.
Two ends that differ go by position; models that may change places are one list, after the base.
This version has ${[...catalogue.values()].filter(({ later }) => later !== true).length} methods that run and ${[...catalogue.values()].filter(({ later }) => later === true).length} that are checked and run later: [all of them](methods/README.md).`,
      recipe(`merge between = slerp(a, b, t: 0.3)
merge expert = ties(base, [math, code], density: 20%)
merge sparse = ties(base, [dare(math - base, density: 50%), code])`),
    ),
    section(
      'Arithmetic',
      `A Model’s share is 1, a Delta’s 0; \`+\` and \`-\` add and subtract shares, a number scales them.
Where a Model is wanted the share must come to 1, where a Delta is wanted to 0: so \`a - b\` is a Delta, \`base + 0.5 * (a - b)\` and \`0.7 * a + 0.3 * b\` are Models, and \`a + b\` is neither.`,
      recipe(`merge taught = base + 0.5 * (math - base) + 0.3 * (code - base)
merge mixed = 0.7 * a + 0.3 * b
stats trained = mask("./masks/math.safetensors", of: math)
merge grafted = base + trained * (math - base)`),
    ),
    section(
      'Rules',
      `In the braces of a merge, a rule says what differs at a place: \`p = v\` for all experts, \`p.math = v\` for one, \`take m\` for the tensor of another model, as it is.`,
      recipe(`merge m = ties(base, [math, code], density: 40%) {
  at layers 0..7          { weight.math = 90% }
  at "*.mlp.down_proj.*"  { density = 20%, scale = 0.8 }
  at layers 24..27 & head { take code }
}`),
      `For one tensor, the method’s defaults come first, then the call’s arguments, then the rules from top to bottom.
**The last line wins**, whatever is narrower; the last \`take\` outranks all settings.
A rule sets arguments of the step’s outermost call, those that hold *by place*; in a sum there is no such call, and \`take\` is what remains.
Hover, and \`mergewright explain\`, print exactly these steps for any tensor.`,
    ),
    section(
      'Places',
      `A place is a set of tensors of the step’s result: \`layers\` and a range, where negative numbers count from the end; a text, a pattern for whole names (\`*\` any run, \`?\` one letter, \`{q,k}\` either); a part; a declared place.
They are joined by \`&\`, \`|\` and \`except\`, which takes away from all that stands before it.`,
      recipe(`layers early = 0..7
tensors attn = "*.self_attn.*" except "*_norm.*"
merge m = lerp(a, b, t: 0.5) {
  at early & attn               { t = 0.2 }
  at layers -2..-1 | final_norm { t = 0.8 }
  at (mlp | norms) except early { t = 0.6 }
}`),
      `Parts are known for every architecture, as far as it has them: ${placeWords.map(code).join(', ')}.`,
    ),
    section(
      'Depth',
      `\`curve(k₀, …, kₙ)\` is a shape with evenly spaced knots, laid over the layers where it meets a parameter: in a rule, over the layers in which its place has tensors; elsewhere over all layers of the step.
A map sets the knots where they belong, by layer or by block.
Outside the layers, embeddings take the first knot, the final norm and the head the last.
Curves add, subtract and scale like numbers.`,
      recipe(`let ramp = curve(0, 1)
let placed = curve({ 0: 0.2, 11: 1, -1: 0 }, ease: smooth)
merge m = lerp(a, b, t: 0.5 * ramp + 0.5 * placed) {
  at layers 8..23 { t = curve(0, 1) }
}`),
    ),
    section(
      'Structure',
      `\`m[l]\` is a model with these layers only, numbered from 0; \`stack\` sets layers in a row.
What stands before the layers comes from the first part, what stands after them from the last.`,
      recipe(`merge half = scale(a[8..15]) { at "*.{o,down}_proj.*" { by = 0.5 } }
merge tower = stack([a[0..15], half, b[12..27]])
merge swapped = math {
  at layers 0..5 | layers -2..-1    { take code }
  at embeddings | final_norm | head { take code }
}`),
    ),
    section(
      'Presets and imports',
      `A map of arguments or settings is a preset: \`...\` spreads it, and what is named outranks it.
\`use\` brings in the declarations of another recipe, under their own names or behind a word; what that recipe tests, sweeps and writes is not run.
Paths in it start at its own folder.`,
      recipe(`use "./common.merge" as team
let house: output = { dtype: bf16, shards: 5 GB, card: true }
merge m = ties(base, [math], density: team.keep)
output m to "./out/m" {
  ...house
  shards = 2 GB
}`),
    ),
    section(
      'Expectations',
      `\`expect\` tests what the recipe makes: the step comes first, then models; \`at:\` narrows it to a place.
A preview decides on samples, and may be undecided; a run decides exactly, on the values as stored, before an output gets its name.`,
      recipe(`merge final = ties(base, [math, code])
expect gap(final, code, at: attention) < 120%
expect cosine(final, math, code) > -0.2 & finite(final)`),
      table(
        ['measure', 'tells', 'formula'],
        [...measures.values()]
          .filter(({ later }) => later !== true)
          .map(({ name }) => {
            const [meaning, formula] = measureMeanings.get(name) ?? ['', ''];
            return [code(name), meaning, formula];
          }),
      ),
      `Read and checked, and measured later: ${[...measures.values()]
        .filter(({ later }) => later === true)
        .map(({ name }) => code(name))
        .join(', ')}.`,
    ),
    section(
      'Outputs',
      'An output writes a step, or a source as it is, into a folder of its own.\nA recipe may have several.',
      recipe(`merge final = slerp(a, b, t: 0.5)
output final to "./out/final" {
  dtype = bf16
  shards = 5 GB
  tokenizer = union([a, b])
  tokens = { "<|im_end|>": force(b), "<|pad|>": row(a, "<|endoftext|>"), "<|new|>": zero }
  chat_template = majority
  card = true
}`),
      table(
        ['setting', 'value', 'meaning'],
        outputSettingTable.map(({ name, type, meaning }) => [code(name), type, meaning]),
      ),
    ),
    section(
      'Sweeps and searches',
      'An evaluation scores a model; a sweep tabulates the positions of knobs; a search looks for the best.\nThey are checked whole, and run later.',
      recipe(`param keep: Ratio = 40% in 10%..90% step 10%
param fade = curve(0.2, 0.5, 0.2) in 0..1
merge final = dare_ties(base, [math, code], density: keep, weight: fade, seed: 7)
evaluate score = command("node evaluate.mjs", metrics: ["maths", "code"], timeout: 20 min)
sweep look = grid(final, turn: [keep], measure: [score.maths, score.code])
search tuned = cma_es(final, turn: [keep, fade], maximize: score.maths + score.code, budget: 100)
output tuned to "./out/tuned"`),
    ),
    section(
      'Functions beside the methods',
      table(
        ['function', 'where', 'meaning'],
        formFunctions.map((form) => [
          code(
            `${form.name}(${form.arguments
              .map(({ name, isPositional }) => (isPositional === true ? name : `${name}:`))
              .join(', ')})`,
          ),
          form.of.join(', '),
          form.meaning,
        ]),
      ),
      `Numbers know \`sqrt\`, \`abs\`, \`min\` and \`max\`; depth knows \`curve\` and \`profile\`.`,
    ),
    section(
      'Seeds',
      'Every random method has a `seed`, 0 unless set.\nDraws are keyed by it, by the call, the expert, the tensor’s name and the element: the same recipe, inputs and seed give the same bytes on every machine, and renaming things changes nothing.',
    ),
    section(
      'Checking',
      `A recipe is checked as deep as can be: its text at once; then with the headers of its models, which tell layers, shapes and types; then with what a preview measures.
Each finding has a code, underlines the smallest text to change, and says the fix where there is one: [all findings](diagnostics/README.md).`,
      `A warning that is meant is allowed on its line, with the reason, or on the line below a comment that stands alone:`,
      recipe(`// allow MW3103: compared with the trimmed one
merge whole = ties(base, [math], density: 100%)
merge past = lerp(a, b, t: 1.1)  // allow MW3110: a little beyond b`),
      'An allowance that silences nothing is told too, and errors are never silenced.',
    ),
    section(
      'Grammar',
      'Rounded boxes stand in the text as they are; square ones are other diagrams, or tokens: `Name`, `Word` (a name or a reserved word), `Number`, `Percent`, `Bytes`, `Duration`, `Text`.\nThe tightest operators come last.',
      ...rules.map(({ name, diagram }) =>
        [
          `### ${name}`,
          `![${name}](grammar/${name}.svg)`,
          `\`\`\`ebnf\n${name} = ${ebnf(diagram)} ;\n\`\`\``,
        ].join('\n\n'),
      ),
    ),
    generated('`scripts/docs-language.ts` and the tables of `grammar/`'),
  );
}

function section(title: string, ...parts: readonly string[]): string {
  return [`## ${title}`, ...parts].join('\n\n');
}

const tour = `/// Two experts on one base, their small changes trimmed, met by sign; then the chat model’s manner.

model base = "Qwen/Qwen2.5-1.5B"  // a folder, a file, or an id in the local cache
model math = "./checkpoints/math"
model code = "./checkpoints/code"
model chat = "./checkpoints/chat"

param keep: Ratio = 40% in 10%..90%  // a knob

merge expert = ties(base, [math, code], density: keep, weight: { math: 0.6, code: 0.4 }) {
  at layers 0..7    { weight.math = 90% }  // the last line that fits wins
  at "*.down_proj*" { density = 20% }
}
merge final = slerp(expert, base + 0.5 * (chat - base), t: curve(0, 0.5, 0.3))

expect gap(final, code) < 120%

output final to "./out/expert" { dtype = bf16, shards = 5 GB }`;
