/** What export writes, and what it refuses. */
import { describe, expect, test } from 'vitest';
import { exportYaml } from '../../grammar/mergekit/export.ts';
import { importYaml } from '../../grammar/mergekit/import.ts';
import { lineMap } from '../../grammar/syntax/lines.ts';
import { checkedAsText, checkedOver, errorsIn } from './configurations.ts';

const prelude = `model base = "org/base"
model math = "org/math"
model code = hub("org/code", revision: "v2")
`;

function exportOf(body: string): ReturnType<typeof exportYaml> {
  const text = prelude + body;
  const checked = checkedOver(text);
  expect(errorsIn(checked.diagnostics)).toEqual([]);
  return exportYaml({ text, checked });
}

/** The YAML, which imports without errors. */
function yamlOf(body: string): string {
  const { yaml, findings } = exportOf(body);
  expect(errorsIn(findings)).toEqual([]);
  expect(errorsIn(importYaml({ text: yaml!, title: 'again' }).findings)).toEqual([]);
  return yaml!;
}

function said(body: string): readonly string[] {
  const lines = lineMap(prelude + body);
  return exportOf(body).findings.map(({ start, code, message }) => {
    const { line, column } = lines.positionAt(start);
    return `${line - 3}:${column} ${code} ${message}`;
  });
}

describe('writes', () => {
  test('a recipe of our own rules with every default that mergekit has otherwise', () => {
    expect(
      yamlOf(`merge m = ties(base, [math, code], weight: { math: 0.6 })
output m to "./out" { dtype = bf16 }`),
    ).toMatchInlineSnapshot(`
      "merge_method: ties
      base_model: org/base
      models:
        - model: org/math
          parameters:
            density: 0.2
            weight: 0.6
        - model: org/code@v2
          parameters:
            density: 0.2
            weight: 1
      dtype: float32
      out_dtype: bfloat16
      "
    `);
  });

  test('rules as filters, the last line first', () => {
    expect(
      yamlOf(`let mixed = curve(0, 0.5, 1)
merge m = slerp(base, math, t: mixed, compat: mergekit) {
  at "*mlp*" { t = 0.25 }
  at "*q_proj*" | "*k_proj*" { t = 1 }
}
output m to "./out"`),
    ).toMatchInlineSnapshot(`
      "merge_method: slerp
      base_model: org/base
      models:
        - model: org/math
      parameters:
        t:
          - filter: k_proj
            value: 1
          - filter: q_proj
            value: 1
          - filter: mlp
            value: 0.25
          - value: [0, 0.5, 1]
      "
    `);
  });

  test('sums of models as linear', () => {
    expect(
      yamlOf(`merge m = base + 0.5 * (math - base) - 0.25 * (code - base)
output m to "./out"`),
    ).toMatchInlineSnapshot(`
      "merge_method: linear
      models:
        - model: org/base
          parameters:
            weight: 0.75
        - model: org/math
          parameters:
            weight: 0.5
        - model: org/code@v2
          parameters:
            weight: -0.25
      parameters:
        normalize: false
      dtype: float32
      "
    `);
  });

  test('a stack of layers, some of a step with a method of its own', () => {
    expect(
      yamlOf(`merge middle = slerp(base[8..15], math[8..15], t: 0.5, compat: mergekit)
merge tower = stack([base[0..7], middle, scale(code[16..23], by: 0.5, compat: mergekit)])
output tower to "./out"`),
    ).toMatchInlineSnapshot(`
      "name: middle
      merge_method: slerp
      base_model: org/base
      slices:
        - sources:
            - model: org/base
              layer_range: [8, 16]
            - model: org/math
              layer_range: [8, 16]
      parameters:
        t: 0.5
      ---
      merge_method: passthrough
      slices:
        - sources:
            - model: org/base
              layer_range: [0, 8]
        - sources:
            - model: middle
              layer_range: [0, 8]
        - sources:
            - model: org/code@v2
              layer_range: [16, 24]
              parameters:
                scale: 0.5
      "
    `);
  });

  test('an average as linear with equal weights', () => {
    expect(yamlOf('merge m = average([base, math], compat: mergekit)\noutput m to "./out"'))
      .toMatchInlineSnapshot(`
        "merge_method: linear
        models:
          - model: org/base
            parameters:
              weight: 1
          - model: org/math
            parameters:
              weight: 1
        "
      `);
  });

  test('a curve at a place as the numbers of its layers', () => {
    expect(
      yamlOf(`merge m = slerp(base, math, t: 0.5) {
  at layers 0..2 { t = curve(0, 1) }
}
output m to "./out"`),
    ).toMatchInlineSnapshot(`
      "merge_method: slerp
      base_model: org/base
      models:
        - model: org/math
      parameters:
        t:
          - filter: layers.0.
            value: 0
          - filter: layers.1.
            value: 0.5
          - filter: layers.2.
            value: 1
          - value: 0.5
      dtype: float32
      "
    `);
  });

  test('tensors taken from another model as linear, which has one weight that counts', () => {
    expect(
      yamlOf(`// words from one, thoughts from the other
merge m = base {
  // the newest
  at embeddings | head { take math }
  at layers 0..1 & mlp { take code }
}
output m to "./out" { dtype = bf16 }`),
    ).toMatchInlineSnapshot(`
      "# words from one, thoughts from the other
      merge_method: linear
      base_model: org/base
      models:
        - model: org/base
          parameters:
            weight:
              - filter: layers.0.mlp
                value: 0
              - filter: layers.1.mlp
                value: 0
              - filter: embed_tokens
                value: 0
              - filter: lm_head
                value: 0
              - value: 1
        - model: org/code@v2
          parameters:
            weight:
              - filter: layers.0.mlp
                value: 1
              - filter: layers.1.mlp
                value: 1
              - value: 0
        - model: org/math
          parameters:
            weight:
              - filter: layers.0.mlp
                value: 0
              - filter: layers.1.mlp
                value: 0
              # the newest
              - filter: embed_tokens
                value: 1
              - filter: lm_head
                value: 1
              - value: 0
      out_dtype: bfloat16
      "
    `);
  });

  test('comments', () => {
    expect(
      yamlOf(`// above the step
merge m = ties(
  base,
  [
    math { weight: 1, density: 0.5 },  // the newest
    code { weight: 0.5, density: 0.2 },
  ],
  scale: 0.9,  // a little less
  compat: mergekit,
)
output m to "./out" {
  dtype = bf16  // small
}`),
    ).toMatchInlineSnapshot(`
      "# above the step
      merge_method: ties
      base_model: org/base
      models:
        - model: org/math  # the newest
          parameters:
            density: 0.5
            weight: 1
        - model: org/code@v2
          parameters:
            density: 0.2
            weight: 0.5
      parameters:
        lambda: 0.9  # a little less
      out_dtype: bfloat16  # small
      "
    `);
  });

  test('an adapter at a revision, and rows of tokens', () => {
    expect(
      yamlOf(`adapter tone = lora("org/tone", revision: "v1", on: math)
merge tuned = math + tone
merge m = slerp(base, tuned, t: 0.5, compat: mergekit)
output m to "./out" {
  tokenizer = base
  tokens = {
    "<x>": row(math, 7),
    "<y>": force(row(math, "</s>")),
    "<z>": force(math),
  }
}`),
    ).toMatchInlineSnapshot(`
      "merge_method: slerp
      base_model: org/base
      models:
        - model: org/math+org/tone@v1
      parameters:
        t: 0.5
      tokenizer:
        source: org/base
        tokens:
          "<x>":
            source:
              kind: model_token
              model: org/math
              token_id: 7
          "<y>":
            source:
              kind: model_token
              model: org/math
              token: "</s>"
            force: true
          "<z>":
            source: org/math
            force: true
      "
    `);
  });

  test('names that YAML would read as something else, in quotes', () => {
    const text =
      'model one = "./1e5"\nmodel two = "./a: b"\nmerge m = linear([one, two], compat: mergekit)\noutput m to "./out"\n';
    const { yaml } = exportYaml({ text, checked: checkedOver(text) });
    const { recipe } = importYaml({ text: yaml!, title: 'again' });
    expect(recipe!.text).toContain('"./1e5"');
    expect(recipe!.text).toContain('"./a: b"');
  });
});

describe('says where mergekit computes it otherwise', () => {
  test('a paper’s rules, and a curve’s end', () => {
    expect(said('merge m = slerp(base, math, t: curve(0, 1))\noutput m to "./out"'))
      .toMatchInlineSnapshot(`
      [
        "1:11 MW7301 Without \`compat: mergekit\` \`slerp\` computes in f32 by its paper’s rules; mergekit rounds and counts its own way.",
        "1:32 MW7301 mergekit lays a gradient over all layers, and gives the final norm and the head its first value; \`compat: mergekit\` in the recipe does the same.",
      ]
    `);
  });
});

describe('before there are headers', () => {
  const asText = (body: string): readonly string[] => {
    const source = prelude + body;
    const lines = lineMap(source);
    const { yaml, findings } = exportYaml({ text: source, checked: checkedAsText(source) });
    expect(yaml).toBeUndefined();
    return findings
      .filter(({ severity }) => severity === 'error')
      .map(({ start, code }) => {
        const { line, column } = lines.positionAt(start);
        return `${line - 3}:${column} ${code}`;
      });
  };

  test.each([
    ['layers', 'slerp(base, math, t: 0.5) {\n  at layers 0..3 { t = 1 }\n}', '2:13 MW7203'],
    ['parts', 'base {\n  at mlp { take code }\n}', '2:6 MW7203'],
    ['knots at layers', 'slerp(base, math, t: curve({ 0: 0, -1: 1 }))', '1:32 MW7201'],
  ])('%s are refused, at their place', (_, value, place) => {
    expect(asText(`merge m = ${value}\noutput m to "./out"`)).toEqual([place]);
  });

  test('patterns are said', () => {
    const source = `${prelude}merge m = base {\n  at "*mlp*" { take code }\n}\noutput m to "./out"\n`;
    const { yaml } = exportYaml({ text: source, checked: checkedAsText(source) });
    expect(yaml).toMatchInlineSnapshot(`
      "merge_method: linear
      base_model: org/base
      models:
        - model: org/base
          parameters:
            weight:
              - filter: mlp
                value: 0
              - value: 1
        - model: org/code@v2
          parameters:
            weight:
              - filter: mlp
                value: 1
              - value: 0
      "
    `);
  });
});

test('documents have names that are no model\u2019s and no method\u2019s', () => {
  const yaml = yamlOf(`model small = hub("tiny")
merge ties = linear([base, math], compat: mergekit)
merge tiny = linear([ties, small], compat: mergekit)
merge m = slerp(tiny, code, t: 0.5, compat: mergekit)
output m to "./out"`);
  expect(yaml.match(/^name: .*$/gm)).toEqual(['name: ties_2', 'name: tiny_2']);
});

test.each([
  [
    'what is taken by a method that is not there',
    'merge m = base {\n  at "*mlp*" { take lerp(base, code, t: 0.5) }\n}\noutput m to "./out"',
    '2:21 MW7202',
  ],
  [
    'a method that is not there',
    'merge m = lerp(base, math, t: 0.5)\noutput m to "./out"',
    '1:11 MW7202',
  ],
  [
    'a way to elect that is not there',
    'merge m = ties(base, [math], elect: count)\noutput m to "./out"',
    '1:37 MW7202',
  ],
  [
    'two outputs',
    'merge m = base\nmerge n = math\noutput m to "./out/m"\noutput n to "./out/n"',
    '4:1 MW7204',
  ],
  [
    'a type that mergekit does not store',
    'merge m = average([base, math])\noutput m to "./out" { dtype = f8_e4m3 }',
    '2:31 MW7201',
  ],
  [
    'an expert that is no model',
    'merge m = linear([slerp(base, math, t: 0.5), code])\noutput m to "./out"',
    '1:19 MW7201',
  ],
])('%s is refused, at its place', (_, body, place) => {
  const { yaml } = exportOf(body);
  expect(yaml).toBeUndefined();
  expect(said(body).map((line) => line.slice(0, place.length))).toContain(place);
});
