/** Forms that no configuration of the fixtures has: imported, exported and imported again they are the same recipe. */
import { expect, test } from 'vitest';
import { importYaml } from '../../grammar/mergekit/import.ts';
import { fateOf } from './count.ts';

const forms: readonly (readonly [string, string])[] = [
  [
    'slices of one module among several',
    `merge_method: slerp
base_model: org/a
modules:
  text_decoder:
    slices:
      - sources:
          - { model: org/a, layer_range: [0, 8] }
          - { model: org/b, layer_range: [0, 8] }
        parameters: { t: 0.5 }
      - sources:
          - { model: org/a, layer_range: [4, 12] }
          - { model: org/b, layer_range: [4, 12] }
        parameters:
          t:
            - { filter: layers.14., value: 0.4 }
            - { value: [0.1, 0.2] }
  vision_tower:
    models: [{ model: org/b }]
    parameters: { t: 0 }
`,
  ],
  [
    'slices of a module as they are',
    `merge_method: passthrough
modules:
  text_decoder:
    slices:
      - sources: [{ model: org/a, layer_range: [0, 8] }]
      - sources: [{ model: org/b, layer_range: [4, 12] }]
  vision_tower:
    models: [{ model: org/b }]
`,
  ],
  [
    'a bare number in a slice',
    `merge_method: passthrough
slices:
  - sources: [{ model: org/a, layer_range: [0, 8] }]
  - sources:
      - model: org/b
        layer_range: [8, 24]
        parameters:
          scale:
            - { filter: "12", value: 0.5 }
            - { filter: o_proj, value: 0.7 }
            - { value: 1 }
dtype: bfloat16
`,
  ],
  [
    'a bare number in the only slice',
    `merge_method: linear
slices:
  - sources:
      - { model: org/a, layer_range: [8, 16], parameters: { weight: 1 } }
      - model: org/b
        layer_range: [8, 16]
        parameters:
          weight:
            - { filter: .9., value: 0.5 }
            - { value: 1 }
`,
  ],
  [
    'a bare number for the method in slices that keep their places',
    `merge_method: slerp
base_model: org/a
slices:
  - sources:
      - { model: org/a, layer_range: [0, 8] }
      - { model: org/b, layer_range: [0, 8] }
  - sources:
      - { model: org/a, layer_range: [8, 16] }
      - { model: org/b, layer_range: [8, 16] }
parameters:
  t:
    - { filter: "1", value: 0.5 }
    - { filter: s.9., value: 0.25 }
    - { value: 0 }
`,
  ],
  [
    'a base of each slice’s own',
    `merge_method: slerp
slices:
  - base_model: org/a
    sources:
      - { model: org/a, layer_range: [0, 8] }
      - { model: org/b, layer_range: [0, 8] }
  - base_model: org/b
    sources:
      - { model: org/b, layer_range: [8, 16] }
      - { model: org/a, layer_range: [8, 16] }
parameters: { t: 0.2 }
`,
  ],
];

test.each(forms)('%s', (name, text) => {
  expect(fateOf({ name, text })).toEqual({ kind: 'round-tripped' });
});

test('such slices are written as a person would', () => {
  const text = (of: string): string => {
    const [, yaml] = forms.find(([name]) => name === of)!;
    return importYaml({ text: yaml, title: 'blend' }).recipe!.text;
  };
  expect(text('slices of a module as they are')).toMatchInlineSnapshot(`
    "model a = "org/a"
    model b = "org/b"

    merge merged_text = stack([a[0..7 & text], b[4..11 & text]])
    merge merged_vision = b
    merge merged = merged_text {
      at vision { take merged_vision }
    }

    output merged to "./out/blend"
    "
  `);
  expect(text('a bare number in a slice')).toMatchInlineSnapshot(`
    "model a = "org/a"
    model b = "org/b"

    merge merged_2 = scale(b, by: 1, compat: mergekit, compute: bf16) {
      at "*o_proj*" { by = 0.7 }
      at "*12*"     { by = 0.5 }
    }
    merge merged = stack([a[0..7], merged_2[8..23]])

    output merged to "./out/blend" { dtype = bf16 }
    "
  `);
  expect(text('a bare number in the only slice')).toMatchInlineSnapshot(`
    "model a = "org/a"
    model b = "org/b"

    merge merged_uncut = linear([a, b], weight: 1, compat: mergekit) {
      at "*.9.*" { weight.b = 0.5 }
    }
    merge merged = merged_uncut[8..15]

    output merged to "./out/blend"
    "
  `);
});

test.each([
  [
    'several slices of a tower that `stack` does not reach',
    `merge_method: passthrough
modules:
  text_decoder:
    models: [{ model: org/a }]
  vision_tower:
    slices:
      - sources: [{ model: org/b, layer_range: [0, 6] }]
      - sources: [{ model: org/b, layer_range: [6, 12] }]
`,
    'MW7017',
  ],
  [
    'slices of what has no layers',
    `merge_method: passthrough
modules:
  text_decoder:
    models: [{ model: org/a }]
  multi_modal_projector:
    slices:
      - sources: [{ model: org/b, layer_range: [0, 1] }]
`,
    'MW7017',
  ],
  [
    'a bare number where models have other ranges',
    `merge_method: linear
slices:
  - sources:
      - { model: org/a, layer_range: [0, 8], parameters: { weight: 1 } }
      - model: org/b
        layer_range: [8, 16]
        parameters: { weight: [{ filter: "12", value: 0.5 }, { value: 1 }] }
`,
    'MW7018',
  ],
  [
    'a bare number beside a gradient',
    `merge_method: passthrough
slices:
  - sources: [{ model: org/a, layer_range: [0, 8] }]
  - sources:
      - model: org/b
        layer_range: [8, 24]
        parameters: { scale: [{ filter: "12", value: 0.5 }, { value: [0, 1] }] }
`,
    'MW7018',
  ],
])('%s is refused', (name, text, code) => {
  expect(fateOf({ name, text })).toMatchObject({ kind: 'refused' });
  const { findings } = importYaml({ text, title: 'blend' });
  expect(findings.filter(({ severity }) => severity === 'error')).toMatchObject([{ code }]);
});
