/** Real recipes, whole: long, since it holds their texts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from '../syntax/parse.ts';
import { check } from './check.ts';
import type { Checked } from './checked.ts';
import { termFor } from './settle.ts';
import { testCatalogue } from './test-catalogue.ts';
import { headersFor, llama, type LlamaShape } from './test-models.ts';

/** Declares sources under the names a recipe uses, and checks it. */
function checkUnder(names: string, text: string, shape?: LlamaShape): Checked {
  const sources = names.split(/\s+/).filter(Boolean);
  const prelude = sources.map((name) => `model ${name} = "./models/${name}"\n`).join('');
  const whole = prelude + text;
  const models = Object.fromEntries(sources.map((name) => [name, llama(shape)]));
  return check({
    text: whole,
    ...parse(whole),
    catalogue: testCatalogue,
    ...(shape === undefined ? {} : { headers: headersFor(models) }),
  });
}

function said(checked: Checked): string[] {
  return checked.diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message }) => `${code} ${message}`);
}

/** Real recipes, each with the names of its sources and the warnings it deserves. */
const recipes: readonly (readonly [title: string, sources: string, text: string])[] = [
  [
    'gradients with filters',
    'orca platypus',
    `merge blend = slerp(orca, platypus, t: 0.5) {
       at "*mlp*"       { t = curve(1, 0.5, 0.7, 0.3, 0) }
       at "*self_attn*" { t = curve(0, 0.5, 0.3, 0.7, 1) }
     }
     output blend to "./out/blend" { dtype = f16 }`,
  ],
  [
    'gradients and filters by model',
    'base orca platypus maths',
    `merge expert = ties(
       base, [orca, platypus, maths],
       density: { orca: curve(1, 0.7, 0.1), platypus: 0.5, maths: 0.33 },
       weight: { orca: 1, platypus: curve(0, 0.3, 0.7, 1), maths: 0 },
       compat: mergekit,
     ) {
       at "*mlp*" { weight.maths = 0.5 }
     }`,
  ],
  [
    'per-model values at the expert',
    'antirep painted codex loki',
    `merge fantasy = della_linear(
       antirep,
       [
         painted { weight: 0.2, density: 0.5, epsilon: 0.4 },
         codex { weight: 0.2, density: 0.5, epsilon: 0.4 },
         loki { weight: 0.4, density: 0.4, epsilon: 0.3 },
       ],
       scale: 0.9,
       normalize: true,
     )`,
  ],
  [
    'one curve for all',
    'mxbai bge gist uae',
    `let rising = curve(0, 0.25, 0.5, 0.75, 1)
     merge encoder = dare_ties(mxbai, [bge, gist, uae], density: rising, weight: rising, seed: 0)`,
  ],
  [
    'three documents',
    'mistral biomistral hermes openhermes',
    `merge first_merge = linear([mistral, biomistral], weight: 0.5)
     merge second_merge = slerp(first_merge, hermes, t: 0.5)
     merge final = dare_ties(
       mistral, [second_merge, openhermes],
       density: { second_merge: 0.6, openhermes: 0.8 },
       weight: 0.5,
     )`,
  ],
  [
    'nearswap into karcher',
    'luna_maid vermilion_sage dark_quill mag_mell',
    `merge first = nearswap(luna_maid, vermilion_sage, t: 0.0008)
     merge second = nearswap(dark_quill, mag_mell, t: 0.0008)
     merge seraph = karcher([first, second], tolerance: 1e-9, iterations: 20000)`,
  ],
  [
    'slices with residual scaling',
    'nemo rocinante',
    `tensors residual = "*.{o,down}_proj.*"
     merge half = scale(nemo[14..21]) { at residual { by = 0.5 } }
     merge most = scale(nemo[22..30]) { at residual { by = 0.75 } }
     merge tower = stack([nemo[0..13], rocinante[8..23], half, most, rocinante[24..39]])`,
  ],
  [
    'an adapter in a base',
    'persona himeyuri mag_mell lumimaid wayfarer',
    `adapter ablit = lora("nbeerbower/Mistral-Nemo-12B-abliterated-LORA", on: persona)
     merge travels = sce(persona + ablit, [himeyuri, mag_mell, lumimaid, wayfarer], density: 50%)`,
  ],
  [
    'curves by model',
    'v0 v1',
    'merge lemonade = nuslerp([v0, v1], weight: { v0: curve(0.1, 0.3, 0.1), v1: curve(0.9, 0.7, 0.9) })',
  ],
  ['a head kept', 'a b', 'merge joint = linear([a, b], weight: 1) { at head { weight.b = 0 } }'],
  [
    'a mixture of experts',
    'smol r1 science technology',
    `merge upcycled = moe(smol, [smol], copies: 8, gate: random)
     merge vigyan = moe(
       r1,
       [
         science {
           prompts: ["quantum hamiltonian", "reaction kinetics"],
           avoid: ["verilog testbench", "calculus proof"],
         },
         technology { prompts: ["rtl timing closure"], avoid: ["organic chemistry"] },
       ],
       gate: hidden,
       experts_per_token: 1,
       shared: science,
       shared_prompts: ["scientific methodology"],
       shared_scale: 0.1,
     )`,
  ],
  [
    'a tokenizer',
    'llama3 chatml',
    `merge blend = slerp(llama3, chatml, t: 0.5)
     output blend to "./out/blend" {
       dtype = bf16
       tokenizer = union([llama3, chatml])
       tokens = {
         "<|im_start|>": chatml,
         "<|start_header_id|>": force(llama3),
         "<|eot_id|>": row(llama3, "<|end|>"),
         "<|im_end|>": row(chatml, 128009),
         "<|eom_id|>": force(row(llama3, "<|end|>")),
         "<|pad|>": zero,
       }
       chat_template = majority
       pad_vocabulary_to = 8
     }`,
  ],
  [
    'task negation, chat vector, each term its own base',
    'base instruct maths python llama2 taide chat code code_base math',
    `merge steered = task_arithmetic(base, [instruct, maths, python], weight: [1, 0.7, -0.3])
     merge taiwan = llama2 + (taide - llama2) + (chat - llama2)
     adapter tone = lora("./tone", on: base)
     let coding = code - code_base
     merge vectors = ties(base, [math, coding, tone], density: 20%, weight: [1, 0.8, 0.5])`,
  ],
  [
    'block weights',
    'a b c sd15',
    `let line = curve({ IN01: 0, IN11: 1, OUT00: 1, OUT10: 0 })  // or 25 numbers in a row
     merge blocks = lerp(a, b, t: line) {
       at text_encoder                              { t = 0.5 }
       at layers OUT03..OUT05 & "*attn2*"           { t = 0.5 }
       at layers OUT05 except ("*attn*" | "*proj*") { t = 0.2 }
       at unet & "*attn*" except layers OUT04       { t = 1 }
     }
     merge soft = lerp(a, b, t: 0.7 * profile(grad_v) + 0.3 * profile(cosine)) {
       at text_encoder { take add_perpendicular(sd15, a, b) }
       at vae          { take c }
     }`,
  ],
  [
    'adapters merged in their own space',
    'base',
    `adapter style = lora("./style", on: base)
     adapter hero = lora("./hero", on: base)
     adapter sql = lora("./sql", on: base)
     merge baked = base + 0.6 * style + 0.4 * hero
     merge pair = to_lora(0.6 * style + 0.4 * hero)
     merge small = to_lora(0.6 * style + 0.4 * hero, rank: 32)
     merge three = to_lora(ties([style, hero, sql], weight: [2, 1, 1], density: 20%), rank: 64)`,
  ],
  [
    'layer swapping',
    'math swahili',
    `merge swapped = math {
       at layers 0..5 | layers -2..-1    { take swahili }
       at layers 6..7 | layers -4..-3    { take 0.5 * math + 0.5 * swahili }
       at embeddings | final_norm | head { take swahili }
     }`,
  ],
  [
    'statistics and masks',
    'base math code',
    `stats f_math = fisher("./fisher/math.safetensors", of: math)
     stats f_code = fisher("./fisher/code.safetensors", of: code)
     stats trained = mask("./masks/math.safetensors", of: math)
     merge curved = fisher_average([math, code], fisher: [f_math, f_code])
     merge grafted = base + trained * (math - base) + 0.3 * (code - base)`,
  ],
  [
    'knobs, sweeps, searches and presets',
    'base math code',
    `let house: output = { dtype: bf16, shards: 5 GB, card: true }
     param keep: Ratio = 40% in 10%..90% step 10%
     param fade = curve(0.2, 0.5, 0.2) in 0..1
     merge final = dare_ties(base, [math, code], density: keep, weight: fade, seed: 7)
     expect gap(final, code, at: attention) < 120%
     evaluate score = command("node evaluate.mjs", metrics: ["maths", "code"], timeout: 20 min)
     sweep look = grid(final, turn: [keep], measure: [score.maths, score.code])
     search tuned = cma_es(final, turn: [keep, fade], maximize: score.maths + score.code, budget: 100)
     output tuned to "./out/tuned" { ...house }`,
  ],
];

describe('real recipes', () => {
  it.each(recipes)('%s', (_, sources, text) => {
    expect(said(checkUnder(sources, text))).toEqual([]);
  });

  it.each(recipes.filter(([title]) => title !== 'block weights'))(
    '%s, with headers',
    (_, sources, text) => {
      expect(said(checkUnder(sources, text, { layers: 40, width: 64 }))).toEqual([]);
    },
  );

  it('names the blocks that a transformer has not got', () => {
    const [, sources, text] = recipes.find(([title]) => title === 'block weights')!;
    const codes = said(checkUnder(sources, text, { layers: 40 })).map((of) => of.slice(0, 6));
    expect(new Set(codes)).toEqual(new Set(['MW4101']));
  });
});

describe('any text', () => {
  const tokens = [
    ...new Set(recipes.flatMap(([, , text]) => text.match(/\w+|"[^"]*"|[^\s\w]/g) ?? [])),
  ];

  /** A recipe with some of its words dropped, exchanged or doubled. */
  const mangled = fc
    .tuple(
      fc.constantFrom(...recipes),
      fc.array(fc.tuple(fc.nat(), fc.constantFrom('', ...tokens)), { maxLength: 4 }),
    )
    .map(([[, sources, text], edits]) => {
      const words = text.match(/\s+|\w+|"[^"]*"|[^\s\w]/g) ?? [];
      for (const [at, word] of edits) words[at % words.length] = word;
      return { sources, text: words.join('') };
    });

  it('gives an answer, and settles if it has no errors', () => {
    fc.assert(
      fc.property(
        mangled,
        fc.constantFrom(undefined, { layers: 3 }, { layers: 40, width: 64 }),
        (of, shape) => {
          const checked = checkUnder(of.sources, of.text, shape);
          for (const { start, end } of checked.diagnostics) {
            expect(start).toBeGreaterThanOrEqual(0);
            expect(end).toBeGreaterThanOrEqual(start);
          }
          if (said(checked).length > 0) return;
          for (const { step, later } of checked.outputs) {
            if (later !== undefined) continue;
            for (const { name } of step.value.signature?.tensors ?? []) {
              expect(termFor(step, name).dtype).toBe('BF16');
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** The tour of the language, whole. */
const tour = `/// Maths and code experts on one base, trimmed and sign-elected, then softened with the chat model.

model base = "Qwen/Qwen2.5-1.5B"                  // a folder, a file, or a Hugging Face id found in the local cache
model math = hub("Qwen/Qwen2.5-Math-1.5B", revision: "4a83ca6")
model code = local("./checkpoints/coder")
model chat = "./checkpoints/chat"
adapter tone = lora("./adapters/tone", on: base)  // a PEFT or kohya LoRA, usable wherever a Delta is

param keep: Ratio = 40% in 10%..90%  // a knob: sweeps and searches may turn it
layers early = 0..7                  // inclusive: 8 layers
tensors attn = "*.self_attn.*" except "*_norm.*"

merge expert = ties(base, [math, code], density: keep, weight: { math: 0.6, code: 0.4 }) {
  at early                { weight.math = 90% }  // later lines win
  at "*.mlp.down_proj.*"  { density = 20% }
  at layers 24..27 & attn { take code }          // taken from one model, untouched
}

merge polite = base + 0.5 * (chat - base) + 0.3 * tone              // Model - Model is a Delta, Model + Delta a Model
merge final = slerp(expert, polite, t: curve(0, 0.5, 0.3, 0.7, 1))  // a curve runs over the depth of the network

expect gap(final, code) < 120%  // a recipe can be tested: it fails with the figure
expect finite(final)

output final to "./out/qwen-expert" {
  dtype = bf16
  shards = 5 GB
  tokenizer = union([base, math])
  card = true
}
`;

describe('the tour', () => {
  const models = {
    base: llama({ layers: 28 }),
    math: llama({ layers: 28 }),
    code: llama({ layers: 28 }),
    chat: llama({ layers: 28 }),
  };

  it('has nothing to say', () => {
    const checked = check({
      text: tour,
      ...parse(tour),
      catalogue: testCatalogue,
      headers: headersFor(models),
    });
    expect(checked.reached).toBe('headers');
    expect(checked.diagnostics).toEqual([]);
    expect(checked.outputs).toMatchObject([{ folder: './out/qwen-expert' }]);
    expect(checked.outputs[0]?.later).toBeUndefined();
  });

  it('without its adapter is ready to run', () => {
    const text = tour
      .replace(/^adapter.*\n/m, '')
      .replace(' + 0.3 * tone', '')
      .replace(/^ {2}tokenizer.*\n/m, '');
    const checked = check({
      text,
      ...parse(text),
      catalogue: testCatalogue,
      headers: headersFor(models),
    });
    expect(checked.diagnostics).toEqual([]);
    expect(checked.outputs[0]).toMatchObject({ dtype: 'BF16', shards: 5e9, card: true });
    expect(checked.outputs[0]).not.toHaveProperty('later');
    expect(checked.expectations.map(({ text: of, step }) => [of, step.name])).toEqual([
      ['gap(final, code) < 120%', 'final'],
      ['finite(final)', 'final'],
    ]);
    const [gap] = checked.expectations;
    expect(gap?.condition).toMatchObject({
      kind: 'compare',
      operator: '<',
      // `code` is no input of `final`, but of `expert`, which takes it from `base`.
      left: { measure: { base: { kind: 'source', source: { name: 'base' } } } },
      right: { kind: 'number', value: 1.2 },
    });
  });
});
