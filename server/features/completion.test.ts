/** Completion, row by row of the table of what the editor knows at the cursor, and what holds for all of it. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../engine/methods/catalogue.ts';
import { endOf, lex } from '../../grammar/syntax/lexer.ts';
import { parse } from '../../grammar/syntax/parse.ts';
import { analyse } from '../analysis/analysis.ts';
import { cursorAt } from '../completion/cursor.ts';
import { plainText } from '../completion/proposal.ts';
import { proposalsAt } from '../completion/propose.ts';
import { check, completed, labels, testUri } from '../test-kit.ts';
import { documentationOf } from './completion.ts';

describe('a line’s start', () => {
  it('has the statement words, those that fit this far down first', async () => {
    expect(await labels('‸')).toMatchInlineSnapshot(
      `"model merge param layers tensors let adapter stats use evaluate sweep search expect output"`,
    );
    expect(await labels('merge m = base\n‸')).toMatchInlineSnapshot(
      `"merge output expect param let use model adapter stats layers tensors evaluate sweep search"`,
    );
    expect(await labels('merge m = base\noutput m to "./out"\n‸')).toMatchInlineSnapshot(
      `"output merge expect use model adapter stats param let layers tensors evaluate sweep search"`,
    );
  });

  it('has them in the midst of a recipe too', async () => {
    expect(await labels('‸\nmerge m = base')).toMatchInlineSnapshot(
      `"model merge param layers tensors let adapter stats use evaluate sweep search expect output"`,
    );
  });
});

describe('a merge', () => {
  it('is a method, a model above or a stack', async () => {
    expect(await labels('merge m = ‸')).toMatchInlineSnapshot(
      `"average linear lerp slerp task_arithmetic ties dare trim dare_linear dare_ties scale cast to_lora base math code chat stack nuslerp multislerp karcher nearswap model_stock fisher_average breadcrumbs breadcrumbs_ties della della_linear sce arcee_fusion ram ramplus_tl add_perpendicular moe"`,
    );
  });

  it('offers behind an operator what a sum may hold', async () => {
    expect(await labels('param keep = 40%\nmerge m = base + ‸')).toMatchInlineSnapshot(
      `"base math code chat keep average linear lerp slerp task_arithmetic ties dare trim dare_linear dare_ties scale cast nuslerp multislerp karcher nearswap model_stock fisher_average breadcrumbs breadcrumbs_ties della della_linear sce arcee_fusion ram ramplus_tl add_perpendicular moe"`,
    );
  });

  it('knows nothing that is declared below', async () => {
    const shown = await labels('merge m = ‸\nmodel later = "./later"');
    expect(shown).not.toContain('later');
  });
});

describe('inputs', () => {
  it('are Models first, as the base', async () => {
    expect(await labels('merge m = ties(‸')).toMatchInlineSnapshot(`"base math code chat […]"`);
    expect(await labels('let d = math - base\nmerge m = ties(‸)')).toMatchInlineSnapshot(
      `"base math code chat […]"`,
    );
    expect(await labels('merge m = slerp(base, ‸')).toMatchInlineSnapshot(
      `"math code chat average linear lerp slerp task_arithmetic ties dare trim dare_linear dare_ties scale cast nuslerp multislerp karcher nearswap model_stock fisher_average breadcrumbs breadcrumbs_ties della della_linear sce arcee_fusion ram ramplus_tl add_perpendicular moe"`,
    );
    expect(await labels('let d = math - base\nmerge m = base + dare(‸')).toMatchInlineSnapshot(
      `"d base math code chat average linear lerp slerp task_arithmetic ties dare trim dare_linear dare_ties scale cast nuslerp multislerp karcher nearswap model_stock fisher_average breadcrumbs breadcrumbs_ties della della_linear sce arcee_fusion ram ramplus_tl add_perpendicular moe"`,
    );
  });

  it('are in a list the models not yet listed', async () => {
    expect(await labels('merge m = ties(base, [math, ‸')).toMatchInlineSnapshot(
      `"code chat dare trim"`,
    );
    expect(await labels('merge m = ties(base, [‸, code])')).toMatchInlineSnapshot(
      `"math chat dare trim"`,
    );
  });

  it('leave out models of another shape', async () => {
    const options = { models: { chat: { width: 16 } } };
    expect(await labels('merge m = ties(base, [‸', options)).toMatchInlineSnapshot(
      `"math code dare trim"`,
    );
  });
});

describe('arguments', () => {
  it('are the parameters not yet given, with type, range and default', async () => {
    const items = await completed('merge m = ties(base, [math], density: 20%, ‸)');
    expect(items.map(({ label, detail }) => `${label}: ${detail}`).join('\n'))
      .toMatchInlineSnapshot(`
        "weight: Scalar · default 1
        scale: Scalar · default 1
        combine: mean | sum | max · default mean
        elect: mass | count · default mass
        trim: count · default count
        rescale: none | l1 | inverse · default none
        scope: tensor | whole · default tensor
        compat: paper | mergekit · default paper
        compute: storage | f32 | bf16 | f16 · default storage"
      `);
  });

  it('begin with what must be given', async () => {
    expect(await labels('merge m = slerp(base, math, ‸')).toMatchInlineSnapshot(
      `"t compat compute"`,
    );
  });

  it('are at an expert those by model that the call does not give it', async () => {
    expect(await labels('merge m = ties(base, [math { ‸')).toMatchInlineSnapshot(
      `"density weight"`,
    );
    expect(await labels('merge m = ties(base, [math { ‸ }], weight: 1)')).toMatchInlineSnapshot(
      `"density"`,
    );
  });

  it('are in a map the experts without a value', async () => {
    expect(await labels('merge m = ties(base, [math, code], weight: { ‸')).toMatchInlineSnapshot(
      `"math code"`,
    );
    expect(
      await labels('merge m = ties(base, [math, code], weight: { math: 1, ‸ })'),
    ).toMatchInlineSnapshot(`"code"`);
    expect(
      await labels('merge m = ties(base, [math, code]) {\n  at all { weight.‸ }\n}'),
    ).toMatchInlineSnapshot(`"math code"`);
  });

  it('have values that fit', async () => {
    const above = 'param keep: Ratio = 40%\nlet rising = curve(0, 1)\n';
    expect(await labels(`${above}merge m = slerp(base, math, t: ‸`)).toMatchInlineSnapshot(
      `"0.5 keep rising curve"`,
    );
    expect(await labels(`${above}merge m = ties(base, [math], density: ‸)`)).toMatchInlineSnapshot(
      `"20% 100% keep rising curve"`,
    );
    expect(await labels('merge m = ties(base, [math, code], weight: ‸)')).toMatchInlineSnapshot(
      `"1 curve { … }"`,
    );
    expect(await labels('merge m = ties(base, [math], combine: ‸)')).toMatchInlineSnapshot(
      `"mean sum max"`,
    );
    expect(await labels('merge m = linear([math], normalize: ‸)')).toMatchInlineSnapshot(
      `"true false"`,
    );
    expect(await labels('merge m = cast(math, to: ‸)')).toMatchInlineSnapshot(
      `"bf16 f16 f32 f64 f8_e4m3 f8_e5m2"`,
    );
  });
});

describe('places', () => {
  const rule = 'layers early = 0..1\nmerge m = ties(base, [math]) {\n  at ';

  it('are parts this model has, declared places and layers', async () => {
    expect(await labels(`${rule}‸`)).toMatchInlineSnapshot(
      `"all norms attention mlp embeddings final_norm head early layers "…""`,
    );
    expect(await labels(`${rule}early & ‸ { scale = 1 }\n}`)).toMatchInlineSnapshot(
      `"all norms attention mlp embeddings final_norm head early layers "…""`,
    );
  });

  it('are layers by their numbers', async () => {
    expect(await labels(`${rule}layers ‸`)).toMatchInlineSnapshot(`"0..3 0..1 2..3 -2..-1 early"`);
    expect(await labels('merge m = base[‸]')).toMatchInlineSnapshot(`"0..3 0..1 2..3 -2..-1"`);
  });

  it('are in quotes the tensor names of the header, as patterns', async () => {
    const items = await completed(`${rule}"‸"`, { models: { base: { layers: 2 } } });
    expect(items.map(({ label, detail }) => `${label} (${detail})`).join('\n'))
      .toMatchInlineSnapshot(`
      "*.mlp.* (6 tensors)
      *.self_attn.* (8 tensors)
      lm_head.weight (BF16 [32, 8])
      model.embed_tokens.weight (BF16 [32, 8])
      *.input_layernorm.weight (2 tensors)
      *.mlp.down_proj.weight (2 tensors)
      *.mlp.gate_proj.weight (2 tensors)
      *.mlp.up_proj.weight (2 tensors)
      *.post_attention_layernorm.weight (2 tensors)
      *.self_attn.k_proj.weight (2 tensors)
      *.self_attn.o_proj.weight (2 tensors)
      *.self_attn.q_proj.weight (2 tensors)
      *.self_attn.v_proj.weight (2 tensors)
      model.norm.weight (BF16 [8])
      model.layers.0.input_layernorm.weight (BF16 [8])
      model.layers.0.mlp.down_proj.weight (BF16 [8, 16])
      model.layers.0.mlp.gate_proj.weight (BF16 [16, 8])
      model.layers.0.mlp.up_proj.weight (BF16 [16, 8])
      model.layers.0.post_attention_layernorm.weight (BF16 [8])
      model.layers.0.self_attn.k_proj.weight (BF16 [8, 8])
      model.layers.0.self_attn.o_proj.weight (BF16 [8, 8])
      model.layers.0.self_attn.q_proj.weight (BF16 [8, 8])
      model.layers.0.self_attn.v_proj.weight (BF16 [8, 8])
      model.layers.1.input_layernorm.weight (BF16 [8])
      model.layers.1.mlp.down_proj.weight (BF16 [8, 16])
      model.layers.1.mlp.gate_proj.weight (BF16 [16, 8])
      model.layers.1.mlp.up_proj.weight (BF16 [16, 8])
      model.layers.1.post_attention_layernorm.weight (BF16 [8])
      model.layers.1.self_attn.k_proj.weight (BF16 [8, 8])
      model.layers.1.self_attn.o_proj.weight (BF16 [8, 8])
      model.layers.1.self_attn.q_proj.weight (BF16 [8, 8])
      model.layers.1.self_attn.v_proj.weight (BF16 [8, 8])"
    `);
  });

  it('go on with a word', async () => {
    expect(await labels(`${rule}early ‸`)).toMatchInlineSnapshot(`"except"`);
  });
});

describe('rules', () => {
  it('set parameters by place, or take', async () => {
    expect(await labels('merge m = ties(base, [math]) {\n  at all { ‸')).toMatchInlineSnapshot(
      `"density weight scale combine elect trim rescale take"`,
    );
    expect(
      await labels('merge m = ties(base, [math]) {\n  at all { scale = 1, ‸ }\n}'),
    ).toMatchInlineSnapshot(`"density weight combine elect trim rescale take"`);
    expect(await labels('merge m = ties(base, [math]) {\n  ‸\n}')).toMatchInlineSnapshot(`"at"`);
  });

  it('take models of the step’s signature', async () => {
    const options = { models: { chat: { width: 16 } } };
    const shown = await labels('merge m = ties(base, [math]) {\n  at all { take ‸ }\n}', options);
    expect(shown.split(' ').slice(0, 4)).toMatchInlineSnapshot(`
      [
        "base",
        "math",
        "code",
        "average",
      ]
    `);
  });
});

describe('the rest', () => {
  it('knows ranges, measures and outputs', async () => {
    expect(await labels('param keep: Ratio = 40% ‸')).toMatchInlineSnapshot(`"in"`);
    expect(await labels('param keep: Ratio = 40% in ‸')).toMatchInlineSnapshot(
      `"0%..100% 10%..90%"`,
    );
    expect(await labels('param keep: ‸')).toMatchInlineSnapshot(
      `"Ratio Scalar Count Seed Curve Bool Choice"`,
    );
    expect((await labels('expect ‸')).split(' ').slice(0, 6)).toMatchInlineSnapshot(`
      [
        "gap",
        "distance",
        "cosine",
        "sign_conflict",
        "kept",
        "finite",
      ]
    `);
    expect(await labels('merge m = base\nexpect gap(‸')).toMatchInlineSnapshot(
      `"m base math code chat"`,
    );
    expect(await labels('merge m = base\nexpect gap(m, math, ‸')).toMatchInlineSnapshot(
      `"at base"`,
    );
    expect(
      await labels('merge m = base\nmerge n = base\noutput m to "./m"\noutput ‸'),
    ).toMatchInlineSnapshot(`"n m base math code chat"`);
    expect(await labels('output base to "./m" {\n  card = true\n  ‸\n}')).toMatchInlineSnapshot(
      `"dtype shards tokenizer tokens chat_template pad_vocabulary_to metadata"`,
    );
    expect(await labels('output base to "./m" { dtype = ‸ }')).toMatchInlineSnapshot(
      `"bf16 f16 f32 f64 f8_e4m3 f8_e5m2"`,
    );
    expect(await labels('model x = ‸')).toMatchInlineSnapshot(`""…" local hub"`);
    expect(await labels('adapter tone = lora("./tone", on: ‸')).toMatchInlineSnapshot(
      `"base math code chat"`,
    );
    expect(await labels('let g: ties = { density: 20%, ‸ }')).toMatchInlineSnapshot(
      `"weight scale combine elect trim rescale scope compat compute"`,
    );
  });

  it('offers nothing in comments, nor in texts of no meaning', async () => {
    expect(await labels('// mer‸')).toBe('');
    expect(await labels('merge m = base // ‸')).toBe('');
    expect(await labels('evaluate e = command("‸", metrics: ["a"])')).toBe('');
  });

  it('offers paths and cached ids inside quotes', async () => {
    const surroundings = {
      entriesOf: (folder: string) =>
        Promise.resolve(
          folder === './'
            ? [
                { name: 'checkpoints', isFolder: true },
                { name: 'one.safetensors', isFolder: false },
                { name: 'common.merge', isFolder: false },
              ]
            : [{ name: 'coder', isFolder: true }],
        ),
      hubIds: () => Promise.resolve(['Qwen/Qwen2.5-1.5B']),
    };
    const shown = async (text: string) =>
      (await completed(text, { surroundings })).map(({ label }) => label).join(' ');
    expect(await shown('model x = "‸"')).toMatchInlineSnapshot(
      `"./checkpoints ./one.safetensors Qwen/Qwen2.5-1.5B"`,
    );
    expect(await shown('model x = "./checkpoints/‸"')).toMatchInlineSnapshot(
      `"./checkpoints/coder"`,
    );
    expect(await shown('model x = hub("‸")')).toMatchInlineSnapshot(`"Qwen/Qwen2.5-1.5B"`);
    expect(await shown('use "‸')).toMatchInlineSnapshot(`"./checkpoints ./common.merge"`);
    expect(await shown('output base to "‸"')).toMatchInlineSnapshot(`"./checkpoints"`);
  });
});

describe('an item', () => {
  it('replaces the word at the cursor and has places to fill in', async () => {
    const items = await completed('merge m = sle‸');
    const slerp = items.find(({ label }) => label === 'slerp');
    expect(slerp).toMatchInlineSnapshot(`
      {
        "data": {
          "about": {
            "kind": "method",
            "name": "slerp",
          },
          "uri": "file:///recipes/test.merge",
        },
        "detail": "Spherical interpolation → Model or Delta",
        "insertTextFormat": 2,
        "kind": 3,
        "label": "slerp",
        "sortText": "0003",
        "textEdit": {
          "newText": "slerp(\${1:a}, \${2:b}, t: \${3:0.5})$0",
          "range": {
            "end": {
              "character": 13,
              "line": 4,
            },
            "start": {
              "character": 10,
              "line": 4,
            },
          },
        },
      }
    `);
  });

  it('has documentation for every kind of thing', async () => {
    const texts = [
      'merge m = ‸',
      'merge m = ties(base, [math], ‸',
      '‸',
      'merge m = ties(base, [math]) {\n  at ‸',
      'expect ‸',
      'output base to "./m" { ‸ }',
    ];
    for (const text of texts) {
      for (const item of await completed(text)) {
        const { data } = item;
        if (data !== undefined) {
          const { analysis } = check(text);
          expect(documentationOf(data.about, catalogue, analysis), item.label).toBeTruthy();
        }
      }
    }
  });
});

const recipes = readdirSync(new URL('../../test/fixtures/recipes/', import.meta.url))
  .filter((name) => name.endsWith('.merge'))
  .map((name) =>
    readFileSync(new URL(`../../test/fixtures/recipes/${name}`, import.meta.url), 'utf8'),
  );

describe('completion', () => {
  it('never proposes a syntax error', () => {
    fc.assert(
      fc.property(fc.constantFrom(...recipes), fc.nat(), fc.nat(), (recipe, at, choice) => {
        const { tokens } = lex(recipe);
        const before = tokens[at % tokens.length]!;
        const prefix = `${recipe.slice(0, endOf(before))} `;
        const analysis = analyse({ uri: testUri, version: 1, text: prefix, catalogue });
        const proposals = proposalsAt(cursorAt(analysis, prefix.length));
        if (proposals.length === 0) return;
        const { label, snippet = label } = proposals[choice % proposals.length]!;
        // What a snippet leaves open is filled in with something of every form.
        const written = plainText(
          snippet.replaceAll(/\$0/g, '').replaceAll('[$1]', '[a]').replaceAll('"$1"', '"a"'),
        );
        const { diagnostics } = parse(prefix + written);
        const end = prefix.length + written.trimEnd().length;
        expect(
          diagnostics.filter(({ start }) => start < end).map(({ message }) => message),
          `${prefix.slice(-60)}‸${written}`,
        ).toEqual(
          parse(prefix)
            .diagnostics.filter(({ start }) => start < before.startOffset)
            .map(({ message }) => message),
        );
      }),
      { numRuns: 600 },
    );
  });
});
