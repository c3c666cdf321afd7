/** What import writes, form by form. */
import { describe, expect, test } from 'vitest';
import { importYaml } from '../../grammar/mergekit/import.ts';
import type { Surroundings } from '../../grammar/mergekit/into/source.ts';
import { lineMap } from '../../grammar/syntax/lines.ts';
import { checkedOver, errorsIn } from './configurations.ts';

function recipeOf(yaml: string, surroundings?: Surroundings): string {
  const { recipe, findings } = importYaml({
    text: yaml,
    title: 'blend',
    ...(surroundings === undefined ? {} : { surroundings }),
  });
  expect(errorsIn(findings)).toEqual([]);
  expect(errorsIn(checkedOver(recipe!.text).diagnostics)).toEqual([]);
  return recipe!.text;
}

function said(yaml: string): readonly string[] {
  const lines = lineMap(yaml);
  return importYaml({ text: yaml, title: 'blend' }).findings.map(({ start, code, message }) => {
    const { line, column } = lines.positionAt(start);
    return `${line}:${column} ${code} ${message}`;
  });
}

describe('scopes', () => {
  test('the nearest scope with a value wins, and filters fall through to the next', () => {
    expect(
      recipeOf(`merge_method: ties
base_model: org/base
models:
  - model: org/a
    parameters:
      weight:
        - filter: mlp
          value: 0.5
  - model: org/b
    parameters: { weight: 0.25 }
parameters:
  weight: 1
  lambda: 0.8
`),
    ).toMatchInlineSnapshot(`
      "model base = "org/base"
      model a = "org/a"
      model b = "org/b"

      merge merged = ties(base, [a, b], weight: { a: 1, b: 0.25 }, scale: 0.8, compat: mergekit) {
        at "*mlp*" { weight.a = 0.5 }
      }

      output merged to "./out/blend"
      "
    `);
  });

  test('filters of a list are written last entry first', () => {
    const recipe = recipeOf(`merge_method: slerp
base_model: org/a
models: [{ model: org/b }]
parameters:
  t:
    - { filter: self_attn, value: 0.1 }
    - { filter: mlp, value: 0.2 }
    - { filter: norm, value: 0.2 }
    - { value: 0.5 }
`);
    expect(recipe).toContain(`{
  at "*norm*" | "*mlp*" { t = 0.2 }
  at "*self_attn*"      { t = 0.1 }
}`);
  });

  test('a filter with the signs of a pattern fits nothing there', () => {
    const yaml = `merge_method: slerp
base_model: org/a
models: [{ model: org/b }]
parameters:
  t:
    - { filter: "*.mlp.*", value: 0.2 }
    - { value: 0.5 }
`;
    expect(recipeOf(yaml)).toContain('merge merged = slerp(a, b, t: 0.5, compat: mergekit)\n');
    expect(said(yaml)).toEqual([
      '6:17 MW7103 The filter `*.mlp.*` of `t` fits no tensor: a filter is a plain text here, and no tensor’s name holds these signs.',
    ]);
  });
});

describe('slices', () => {
  const slices = `merge_method: linear
slices:
  - sources:
      - { model: org/a, layer_range: [0, 8], parameters: { weight: 1 } }
      - model: org/b
        layer_range: [4, 12]
        parameters:
          weight:
            - { filter: layers.5.mlp, value: 0.25 }
            - { filter: layers.1, value: 0.5 }
            - { value: 1 }
  - sources:
      - { model: org/a, layer_range: [8, 16], parameters: { weight: 1 } }
      - { model: org/b, layer_range: [8, 16], parameters: { weight: 0 } }
    parameters:
      normalize:
        - { filter: layers.9., value: false }
        - { value: true }
`;

  test('each is a step, and layer numbers in filters move with it', () => {
    expect(recipeOf(slices)).toMatchInlineSnapshot(`
      "model a = "org/a"
      model b = "org/b"

      merge merged_part = b[4..11]
      merge merged_1 = linear([a[0..7], merged_part], weight: 1, compat: mergekit) {
        at "*layers.{6,7}.*" { weight.merged_part = 0.5 }
        at "*layers.1.mlp*"  { weight.merged_part = 0.25 }
      }
      merge merged_2 = linear(
        [a[8..15] { weight: 1 }, b[8..15] { weight: 0 }],
        normalize: true,
        compat: mergekit,
      ) {
        at "*layers.1.*" { normalize = false }
      }
      merge merged = stack([merged_1, merged_2])

      output merged to "./out/blend"
      "
    `);
  });

  test('one slice of all layers has no brackets, if the headers agree', () => {
    const whole = `merge_method: slerp
base_model: org/a
slices:
  - sources:
      - { model: org/a, layer_range: [0, 24] }
      - { model: org/b, layer_range: [0, 24] }
parameters: { t: 0.5 }
`;
    expect(recipeOf(whole)).toContain('slerp(a[0..23], b[0..23], t: 0.5, compat: mergekit)');
    expect(recipeOf(whole, { layersOf: () => 24 })).toContain(
      'slerp(a, b, t: 0.5, compat: mergekit)',
    );
    expect(recipeOf(whole, { layersOf: () => 32 })).toContain('slerp(a[0..23], b[0..23],');
  });

  test('modules are steps, and the first takes the others’ parts', () => {
    expect(
      recipeOf(`merge_method: slerp
base_model: org/a
modules:
  text_decoder:
    models: [{ model: org/b }]
    parameters: { t: 0.5 }
  vision_tower:
    models: [{ model: org/b }]
    parameters: { t: 0 }
`),
    ).toMatchInlineSnapshot(`
      "model a = "org/a"
      model b = "org/b"

      merge merged_text = slerp(a, b, t: 0.5, compat: mergekit)
      merge merged_vision = slerp(a, b, t: 0, compat: mergekit)
      merge merged = merged_text {
        at vision { take merged_vision }
      }

      output merged to "./out/blend"
      "
    `);
  });
});

describe('models', () => {
  const one = (reference: string): string => `merge_method: passthrough
models:
  - model: ${reference}
`;

  test.each([
    ['org/name', 'model name = "org/name"'],
    ['org/name@v2', 'model name = hub("org/name", revision: "v2")'],
    ['plain', 'model plain = hub("plain")'],
    ['./some/model', 'model some_model = "./some/model"'],
    ['C:\\\\Models\\\\4k-Merge', 'model m4k_merge = "C:/Models/4k-Merge"'].map((text) =>
      text.replaceAll('\\\\', '\\'),
    ),
    [
      '/cache/models--org--name/snapshots/0a1b2c',
      'model name = hub("org/name", revision: "0a1b2c")',
    ],
    ['org/layers', 'model org_layers = "org/layers"'],
  ])('%s', (reference, declaration) => {
    expect(recipeOf(one(reference!)).split('\n')[0]).toBe(declaration);
  });

  test('a folder beside the file is no id', () => {
    const isFolder = (path: string): boolean => path === 'models/cat' || path === 'plain';
    expect(recipeOf(one('models/cat'), { isFolder })).toContain('= local("models/cat")');
    expect(recipeOf(one('plain'), { isFolder })).toContain('= local("plain")');
  });

  test('paths move with the recipe', () => {
    const moved = (path: string): string => `../there/${path.replace('./', '')}`;
    expect(recipeOf(one('./some/model'), { moved })).toContain('"../there/some/model"');
    expect(recipeOf(one('/some/model'), { moved })).toContain('"/some/model"');
  });

  test('an adapter lies on its model in a step, rounded as mergekit stores it', () => {
    expect(
      recipeOf(`merge_method: linear
models:
  - model: org/a+org/tone
    parameters: { weight: 1 }
dtype: float16
`),
    ).toMatchInlineSnapshot(`
      "model a = "org/a"
      adapter tone = lora("org/tone", on: a)
      merge a_tone = cast(a + tone, to: f16)

      merge merged = linear([a_tone], weight: 1, compat: mergekit, compute: f16)

      output merged to "./out/blend" { dtype = f16 }
      "
    `);
  });
});

describe('adapters', () => {
  const adapter = (lora: string, surroundings?: Surroundings): string => {
    const yaml = `merge_method: passthrough\nmodels:\n  - model: org/a+${lora}\n`;
    return recipeOf(yaml, surroundings).split('\n')[1]!;
  };

  test.each([
    ['org/tone', 'adapter tone = lora("org/tone", on: a)'],
    ['org/tone@v2', 'adapter tone = lora("org/tone", revision: "v2", on: a)'],
    ['plain', 'adapter plain = lora("plain", on: a)'],
    ['plain@v2', 'adapter plain = lora("plain", revision: "v2", on: a)'],
    ['./some/tone', 'adapter tone = lora("./some/tone", on: a)'],
    [
      '/cache/models--org--tone/snapshots/0a1b2c',
      'adapter tone = lora("org/tone", revision: "0a1b2c", on: a)',
    ],
  ])('%s', (lora, declaration) => {
    expect(adapter(lora)).toBe(declaration);
  });

  test('a folder beside the file is a path', () => {
    const isFolder = (path: string): boolean => path === 'tone';
    expect(adapter('tone', { isFolder })).toBe('adapter tone = lora("./tone", on: a)');
  });
});

describe('documents', () => {
  test('stand below what they use, and store what others read', () => {
    expect(
      recipeOf(`merge_method: linear
models:
  - model: 2nd-stage
    parameters: { weight: [0.2, 0.4, 0.2] }
---
name: 2nd-stage
merge_method: slerp
base_model: org/a
models: [{ model: org/b }]
parameters:
  t:
    - { filter: mlp, value: 1 }
    - { value: 0.5 }
dtype: bfloat16
`),
    ).toMatchInlineSnapshot(`
      "model a = "org/a"
      model b = "org/b"

      merge m2nd_stage_computed = slerp(a, b, t: 0.5, compat: mergekit, compute: bf16) {
        at "*mlp*" { t = 1 }
      }
      merge m2nd_stage = cast(m2nd_stage_computed, to: bf16)

      merge final = linear([m2nd_stage], weight: curve(0.2, 0.4, 0.2), compat: mergekit)

      output final to "./out/blend"
      "
    `);
  });

  test('each random call has a seed of its own', () => {
    const recipe = recipeOf(`name: one
merge_method: dare_linear
base_model: org/base
models: [{ model: org/a, parameters: { weight: 1, density: 0.5 } }]
---
merge_method: dare_linear
base_model: org/base
models: [{ model: one, parameters: { weight: 1, density: 0.5 } }]
`);
    expect(recipe.match(/seed: \d/g)).toEqual(['seed: 1']);
  });
});

describe('output', () => {
  test('a tokenizer with its tokens, and a template of its own in a file', () => {
    const yaml = `merge_method: slerp
base_model: org/a
models: [{ model: org/b }]
parameters: { t: 0.5 }
tokenizer:
  source: base
  tokens:
    <x>: { source: org/donor, force: true }
    <y>: { source: { kind: model_token, model: org/b, token: "</s>" } }
    <z>: { source: { kind: model_token, model: org/b, token_id: 0 }, force: true }
  pad_to_multiple_of: 64
chat_template: "{% for m in messages %}{{ m.content }}{% endfor %}"
out_dtype: bfloat16
`;
    expect(recipeOf(yaml)).toMatchInlineSnapshot(`
      "model a = "org/a"
      model b = "org/b"
      model donor = "org/donor"

      merge merged = slerp(a, b, t: 0.5, compat: mergekit)

      output merged to "./out/blend" {
        dtype = bf16
        tokenizer = a
        tokens = {
          "<x>": force(donor),
          "<y>": row(b, "</s>"),
          "<z>": force(row(b, 0)),
        }
        pad_vocabulary_to = 64
        chat_template = file("./blend.jinja")
      }
      "
    `);
    expect(importYaml({ text: yaml, title: 'blend' }).recipe!.files).toEqual([
      { name: 'blend.jinja', text: '{% for m in messages %}{{ m.content }}{% endfor %}' },
    ]);
  });
});

describe('comments', () => {
  test('stay with what they are about', () => {
    expect(
      recipeOf(`# a blend of two
merge_method: ties # with signs
base_model: org/base
models:
  # writes well
  - model: org/a # the newest
    parameters:
      weight: 0.5 # half
      density: 0.5
  # - model: org/c
  #   parameters:
  #     weight: 1
  - model: org/b
    parameters:
      weight: 0.7
      density: 0.3
  # - model: org/d
parameters:
  lambda: 0.9 # a little less
dtype: bfloat16 # to save space
`),
    ).toMatchInlineSnapshot(`
      "// a blend of two

      model base = "org/base"
      // writes well
      model a = "org/a"  // the newest
      // - model: org/c
      //   parameters:
      //     weight: 1
      model b = "org/b"

      // with signs
      merge merged = ties(
        base,
        [
          a { density: 0.5, weight: 0.5 },  // half
          b { density: 0.3, weight: 0.7 },
          // - model: org/d
        ],
        scale: 0.9,                         // a little less
        compat: mergekit,
        compute: bf16,
      )

      output merged to "./out/blend" {
        dtype = bf16  // to save space
      }
      "
    `);
  });
});

describe('aliases', () => {
  test('are followed, merged keys too', () => {
    const recipe = recipeOf(`shared: &shared
  weight: 0.5
  density: 0.4
merge_method: ties
base_model: org/base
models:
  - model: org/a
    parameters:
      <<: *shared
      weight: 1
  - model: org/b
    parameters: *shared
`);
    expect(recipe).toContain('weight: { a: 1, b: 0.5 }, density: 0.4,');
    expect(recipe).not.toContain('ignores');
  });

  test('that have no end are refused, as are those that unfold without measure', () => {
    expect(said('a: &a [*a]\nmerge_method: linear\n')[0]).toContain(
      'MW7001 The alias `*a` leads nowhere.',
    );
    const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let n = 1; n < 8; n++)
      bomb.push(
        `a${n}: &a${n} [${Array(10)
          .fill(`*a${n - 1}`)
          .join(', ')}]`,
      );
    expect(said(`${bomb.join('\n')}\nmerge_method: linear\n`)[0]).toContain('MW7001');
  });
});

test.each([
  [
    'a base without layers in a slice',
    `merge_method: ties
base_model: org/base
slices:
  - sources: [{ model: org/a, layer_range: [0, 4], parameters: { weight: 1 } }]
`,
    '4:5 MW7004',
  ],
  [
    'a base that passthrough would add',
    `merge_method: passthrough
base_model: org/b
models: [{ model: org/a }]
`,
    '2:13 MW7009',
  ],
  [
    'documents in a ring',
    `name: a
merge_method: passthrough
models: [{ model: b }]
---
name: b
merge_method: passthrough
models: [{ model: a }]
`,
    '1:7 MW7014',
  ],
  [
    'a document with the name of a method',
    `name: linear
merge_method: linear
models: [{ model: org/a, parameters: { weight: 1 } }]
---
merge_method: passthrough
models: [{ model: linear }]
`,
    '1:7 MW7014',
  ],
  [
    'a filter list that leaves tensors without a value',
    `merge_method: slerp
base_model: org/a
models: [{ model: org/b }]
parameters:
  t: [{ filter: mlp, value: 1 }]
`,
    '5:3 MW7007',
  ],
  [
    'a flag that is neither',
    `merge_method: linear
models: [{ model: org/a, parameters: { weight: 1 } }]
parameters: { normalize: 0.5 }
`,
    '3:26 MW7003',
  ],
])('%s is refused', (_, yaml, place) => {
  expect(importYaml({ text: yaml, title: 'blend' }).recipe).toBeUndefined();
  expect(said(yaml).some((line) => line.startsWith(place))).toBe(true);
});
