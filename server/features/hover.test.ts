import { describe, expect, it } from 'vitest';
import { answerFor, check, type CheckOptions, shownBelow } from '../test-kit.ts';
import { hoverAt } from './hover.ts';

/** The hover at the cursor, with the word it speaks of marked. */
function hovered(text: string, options: CheckOptions = {}): string {
  const { analysis, offset } = check(text, options);
  const found = hoverAt(analysis, offset);
  if (found === undefined) return 'nothing';
  return `${shownBelow(analysis, [found.span])}\n—\n${found.markdown}`;
}

const rules = `layers early = 0..1
merge m = ties(base, [math, code], density: 40%, weight: { math: 1, code: 0.5 }) {
  at early { scale = 0.5, weight.math = 2 }
  at "*.mlp.*" { density = 20% }
  at head { take code }
}`;

describe('hover', () => {
  it('tells of a method its signature, meaning, formula, parameters, example and paper', () => {
    expect(hovered('merge m = sle‸rp(base, math, t: 0.5)')).toMatchInlineSnapshot(`
      "merge m = ⟦slerp⟧(base, math, t: 0.5)
      —
      \`\`\`merge
      slerp(a, b, …) → Model or Delta
      \`\`\`

      **Spherical interpolation.** The point between two models on the arc, each tensor taken as one vector.

      \`cos Ω = ⟨a, b⟩ / ‖a‖‖b‖ · θ = sin((1 − t)Ω)/sin Ω · a + sin(tΩ)/sin Ω · b\`

      | parameter | type | default | holds | meaning |
      | --- | --- | --- | --- | --- |
      | \`t\` | \`Scalar\` | required | by place | Where between the two models: 0 gives the first, 1 the second. |
      | \`compat\` | \`paper \\| mergekit\` | paper | for the whole step | Whose conventions hold where papers and tools disagree. |
      | \`compute\` | \`storage \\| f32 \\| bf16 \\| f16\` | storage | for the whole step | The type that \`compat: mergekit\` computes in; without it arithmetic is f32. |

      \`\`\`merge
      merge arc = slerp(math, code, t: curve(0, 1))
      \`\`\`

      Shoemake, Animating rotation with quaternion curves, SIGGRAPH 1985"
    `);
  });

  it('tells of a parameter its type, range, default, meaning and its value here', () => {
    expect(hovered(rules.replace('density: 40%', 'den‸sity: 40%'))).toMatchInlineSnapshot(`
      "layers early = 0..1
      merge m = ties(base, [math, code], ⟦density⟧: 40%, weight: { math: 1, code: 0.5 }) {
        at early { scale = 0.5, weight.math = 2 }
        at "*.mlp.*" { density = 20% }
        at head { take code }
      }
      —
      \`\`\`merge
      density: Ratio
      \`\`\`

      The share of each task vector that is kept.

      range above 0%, to 100% · default 20% (mergekit: 100%) · by model and place

      **Here**, in \`m\`:

      | expert | value | set by | where |
      | --- | --- | --- | --- |
      |  | taken | line 9, \`at head\` | 1 tensor |
      | \`math\` | \`40%\` | line 6 | 26 tensors, layers 0..3 |
      | \`code\` | \`40%\` | line 6 | 26 tensors, layers 0..3 |
      | \`math\` | \`20%\` | line 8, \`at "*.mlp.*"\` | 12 tensors, layers 0..3 |
      | \`code\` | \`20%\` | line 8, \`at "*.mlp.*"\` | 12 tensors, layers 0..3 |"
    `);
  });

  it('tells within a rule what that rule’s tensors have, and which line set it', () => {
    expect(hovered(rules.replace('{ density', '{ den‸sity'))).toMatchInlineSnapshot(`
      "layers early = 0..1
      merge m = ties(base, [math, code], density: 40%, weight: { math: 1, code: 0.5 }) {
        at early { scale = 0.5, weight.math = 2 }
        at "*.mlp.*" { ⟦density⟧ = 20% }
        at head { take code }
      }
      —
      \`\`\`merge
      density: Ratio
      \`\`\`

      The share of each task vector that is kept.

      range above 0%, to 100% · default 20% (mergekit: 100%) · by model and place

      **Here**, in the 12 tensors of this rule:

      | expert | value | set by | where |
      | --- | --- | --- | --- |
      | \`math\` | \`20%\` | line 8, \`at "*.mlp.*"\` | 12 tensors, layers 0..3 |
      | \`code\` | \`20%\` | line 8, \`at "*.mlp.*"\` | 12 tensors, layers 0..3 |"
    `);
    expect(hovered(rules.replace('weight.math', 'wei‸ght.math'))).toMatchInlineSnapshot(`
      "layers early = 0..1
      merge m = ties(base, [math, code], density: 40%, weight: { math: 1, code: 0.5 }) {
        at early { scale = 0.5, ⟦weight⟧.math = 2 }
        at "*.mlp.*" { density = 20% }
        at head { take code }
      }
      —
      \`\`\`merge
      weight: Scalar
      \`\`\`

      How much of each expert goes in; negative weights push away from it.

      default 1 · by model and place

      **Here**, in the 18 tensors of this rule:

      | expert | value | set by | where |
      | --- | --- | --- | --- |
      | \`math\` | \`2\` | line 7, \`at early\` | 18 tensors, layers 0..1 |
      | \`code\` | \`0.5\` | line 6 | 18 tensors, layers 0..1 |"
    `);
  });

  it('tells of a parameter without headers what is known anyway', () => {
    expect(hovered('merge m = ties(base, [math], den‸sity: 40%)', { models: null }))
      .toMatchInlineSnapshot(`
      "merge m = ties(base, [math], ⟦density⟧: 40%)
      —
      \`\`\`merge
      density: Ratio
      \`\`\`

      The share of each task vector that is kept.

      range above 0%, to 100% · default 20% (mergekit: 100%) · by model and place"
    `);
  });

  it('tells of a trainer’s file where its weights are', () => {
    const plain = answerFor('base', {});
    if (plain.kind !== 'read') throw new Error(plain.kind);
    const files = plain.checkpoint.files.map((file) => ({ ...file, within: 'state_dict' }));
    const base = { ...plain, checkpoint: { ...plain.checkpoint, files } };
    expect(hovered('merge m = ba‸se', { models: { base } })).toContain(
      '1 file, 12.3 kB · tensors under `state_dict` · `/models/base`',
    );
  });

  it('tells of a model what its header says', () => {
    expect(hovered('merge m = ba‸se')).toMatchInlineSnapshot(`
      "merge m = ⟦base⟧
      —
      \`\`\`merge
      model base = "./base"
      \`\`\`

      llama · 39 tensors · 4 layers · 3,144 weights · bf16

      1 file, 12.3 kB · \`/models/base\`"
    `);
    expect(hovered('merge m = ba‸se', { models: null })).toMatchInlineSnapshot(`
      "merge m = ⟦base⟧
      —
      \`\`\`merge
      model base = "./base"
      \`\`\`

      Its header has not been read yet."
    `);
    const fault = {
      kind: 'fault',
      fault: {
        code: 'MW4501',
        severity: 'error',
        exit: 'input',
        message: 'There is nothing at ./base.',
        help: 'Check the path.',
      },
    } as const;
    expect(hovered('merge m = ba‸se', { models: { base: fault } })).toMatchInlineSnapshot(`
      "merge m = ⟦base⟧
      —
      \`\`\`merge
      model base = "./base"
      \`\`\`

      MW4501: There is nothing at ./base. Check the path."
    `);
    const withheld = { kind: 'withheld' } as const;
    expect(hovered('merge m = ba‸se', { models: { base: withheld } })).toMatchInlineSnapshot(`
      "merge m = ⟦base⟧
      —
      \`\`\`merge
      model base = "./base"
      \`\`\`

      Its header is read once the workspace is trusted."
    `);
  });

  it('tells of a step and a knob what they are', () => {
    expect(hovered('/// Softened.\nmerge soft = lerp(base, math, t: 0.5)\nmerge m = so‸ft'))
      .toMatchInlineSnapshot(`
        "/// Softened.
        merge soft = lerp(base, math, t: 0.5)
        merge m = ⟦soft⟧
        —
        \`\`\`merge
        merge soft = lerp(base, math, t: 0.5)
        \`\`\`

        Softened.

        a Model · 39 tensors · 4 layers · 3,144 weights · bf16"
      `);
    expect(
      hovered('param keep: Ratio = 40% in 10%..90%\nmerge m = ties(base, [math], density: ke‸ep)'),
    ).toMatchInlineSnapshot(`
      "param keep: Ratio = 40% in 10%..90%
      merge m = ties(base, [math], density: ⟦keep⟧)
      —
      \`\`\`merge
      param keep: Ratio = 40% in 10%..90%
      \`\`\`"
    `);
  });

  it('tells of parts, places, patterns and layers the tensors they hold', () => {
    expect(hovered('merge m = lerp(base, math, t: 0) {\n  at m‸lp { t = 1 }\n}'))
      .toMatchInlineSnapshot(`
      "merge m = lerp(base, math, t: 0) {
        at ⟦mlp⟧ { t = 1 }
      }
      —
      The feed-forward network of each layer.

      12 of 39 tensors, layers 0..3

      - \`*.mlp.down_proj.weight\` × 4
      - \`*.mlp.gate_proj.weight\` × 4
      - \`*.mlp.up_proj.weight\` × 4"
    `);
    expect(hovered(rules.replace('at early', 'at ea‸rly'))).toMatchInlineSnapshot(`
      "layers early = 0..1
      merge m = ties(base, [math, code], density: 40%, weight: { math: 1, code: 0.5 }) {
        at ⟦early⟧ { scale = 0.5, weight.math = 2 }
        at "*.mlp.*" { density = 20% }
        at head { take code }
      }
      —
      \`\`\`merge
      layers early = 0..1
      \`\`\`

      18 of 39 tensors, layers 0..1

      - \`*.input_layernorm.weight\` × 2
      - \`*.mlp.down_proj.weight\` × 2
      - \`*.mlp.gate_proj.weight\` × 2
      - \`*.mlp.up_proj.weight\` × 2
      - \`*.post_attention_layernorm.weight\` × 2
      - \`*.self_attn.k_proj.weight\` × 2
      - \`*.self_attn.o_proj.weight\` × 2
      - \`*.self_attn.q_proj.weight\` × 2
      - \`*.self_attn.v_proj.weight\` × 2"
    `);
    expect(hovered(rules.replace('*.mlp', '*.m‸lp'))).toMatchInlineSnapshot(`
      "layers early = 0..1
      merge m = ties(base, [math, code], density: 40%, weight: { math: 1, code: 0.5 }) {
        at early { scale = 0.5, weight.math = 2 }
        at ⟦"*.mlp.*"⟧ { density = 20% }
        at head { take code }
      }
      —
      12 of 39 tensors, layers 0..3

      - \`*.mlp.down_proj.weight\` × 4
      - \`*.mlp.gate_proj.weight\` × 4
      - \`*.mlp.up_proj.weight\` × 4"
    `);
    expect(hovered('merge m = lerp(base, math, t: 0) {\n  at layers 0‸..1 { t = 1 }\n}'))
      .toMatchInlineSnapshot(`
      "merge m = lerp(base, math, t: 0) {
        at ⟦layers 0..1⟧ { t = 1 }
      }
      —
      18 of 39 tensors, layers 0..1

      - \`*.input_layernorm.weight\` × 2
      - \`*.mlp.down_proj.weight\` × 2
      - \`*.mlp.gate_proj.weight\` × 2
      - \`*.mlp.up_proj.weight\` × 2
      - \`*.post_attention_layernorm.weight\` × 2
      - \`*.self_attn.k_proj.weight\` × 2
      - \`*.self_attn.o_proj.weight\` × 2
      - \`*.self_attn.q_proj.weight\` × 2
      - \`*.self_attn.v_proj.weight\` × 2"
    `);
  });

  it('evaluates curves at the layers they are laid over', () => {
    expect(hovered('merge m = lerp(base, math, t: cur‸ve(0, 1))')).toMatchInlineSnapshot(`
      "merge m = lerp(base, math, t: ⟦curve⟧(0, 1))
      —
      \`\`\`merge
      curve(0, 0.5, 1)
      \`\`\`

      A value that varies over depth, its knots evenly spaced from the first layer to the last.

      | layer | 0 | 1 | 2 | 3 |
      | --- | --- | --- | --- | --- |
      | value | 0 | 0.333333 | 0.666667 | 1 |"
    `);
    expect(hovered('merge m = lerp(base, math, t: 0) {\n  at layers 1..3 { t = cur‸ve(0, 1) }\n}'))
      .toMatchInlineSnapshot(`
      "merge m = lerp(base, math, t: 0) {
        at layers 1..3 { t = ⟦curve⟧(0, 1) }
      }
      —
      \`\`\`merge
      curve(0, 0.5, 1)
      \`\`\`

      A value that varies over depth, its knots evenly spaced from the first layer to the last.

      | layer | 1 | 2 | 3 |
      | --- | --- | --- | --- |
      | value | 0 | 0.5 | 1 |"
    `);
  });

  it('evaluates literals', () => {
    expect(hovered('merge m = ties(base, [math], density: 4‸0%)')).toMatchInlineSnapshot(`
      "merge m = ties(base, [math], density: ⟦40%⟧)
      —
      \`40%\` is 0.4"
    `);
    expect(hovered('output base to "./x" { shards = 5 G‸B }')).toMatchInlineSnapshot(`
      "output base to "./x" { shards = ⟦5 GB⟧ }
      —
      \`5 GB\` is 5,000,000,000 bytes"
    `);
  });

  it('tells of measures, words and statements', () => {
    expect(hovered('expect ga‸p(base, math) < 1')).toMatchInlineSnapshot(`
      "expect ⟦gap⟧(base, math) < 1
      —
      \`\`\`merge
      gap(step, a)
      \`\`\`

      How far the step is from a model: 0% is that model, 100% the base.

      \`‖m − a‖ / ‖τ_a‖\`

      Changes are taken from the base of the nearest step; \`base:\` says another."
    `);
    expect(hovered('merge m = ties(base, [math], combine: su‸m)')).toMatchInlineSnapshot(`
      "merge m = ties(base, [math], combine: ⟦sum⟧)
      —
      \`\`\`merge
      combine: sum
      \`\`\`

      Σ δ over the agreeing; made for a scale near 0.3"
    `);
    expect(hovered('out‸put base to "./x"')).toMatchInlineSnapshot(`
      "⟦output⟧ base to "./x"
      —
      \`\`\`merge
      output final to "./out/final"
      \`\`\`

      What is written, where and how."
    `);
    expect(hovered('output base to "./x" { sha‸rds = 5 GB }')).toMatchInlineSnapshot(`
      "output base to "./x" { ⟦shards⟧ = 5 GB }
      —
      \`\`\`merge
      shards = 5 GB
      \`\`\`

      The most that one file holds."
    `);
  });

  it('is silent where there is nothing to tell', () => {
    expect(hovered('merge m = base ‸')).toBe('nothing');
    expect(hovered('merge m = unk‸nown')).toBe('nothing');
    expect(hovered('merge m = ‸')).toBe('nothing');
  });

  it('takes nothing from a recipe as Markdown', () => {
    expect(
      hovered('/// [a](command:run) **b** `c` <img>\nmerge soft = base\nmerge m = so‸ft'),
    ).toContain(String.raw`\[a\](command:run) \*\*b\*\* \`c\` \<img\>`);
  });
});

describe('a pattern that names one tensor', () => {
  it('tells every value it has, and the line that sets it', () => {
    const text = rules.replace('at "*.mlp.*"', 'at "model.layers.0.mlp.u‸p_proj.weight"');
    expect(hovered(text)).toMatchInlineSnapshot(`
      "layers early = 0..1
      merge m = ties(base, [math, code], density: 40%, weight: { math: 1, code: 0.5 }) {
        at early { scale = 0.5, weight.math = 2 }
        at ⟦"model.layers.0.mlp.up_proj.weight"⟧ { density = 20% }
        at head { take code }
      }
      —
      1 of 39 tensors, layers 0

      - \`*.mlp.up_proj.weight\`

      |  | value, set by | before that |
      | --- | --- | --- |
      | \`density.math\` | \`20%\` line 8, \`at "model.layers.0.mlp.up_proj.weight"\` | \`40%\` line 6 · \`20%\` default |
      | \`density.code\` | \`20%\` line 8, \`at "model.layers.0.mlp.up_proj.weight"\` | \`40%\` line 6 · \`20%\` default |
      | \`weight.math\` | \`2\` line 7, \`at early\` | \`1\` line 6 · \`1\` default |
      | \`weight.code\` | \`0.5\` line 6 | \`1\` default |
      | \`scale\` | \`0.5\` line 7, \`at early\` | \`1\` default |
      | \`combine\` | \`mean\` default |  |
      | \`elect\` | \`mass\` default |  |
      | \`trim\` | \`count\` default |  |
      | \`rescale\` | \`none\` default |  |
      | \`scope\` | \`tensor\` default |  |
      | \`compat\` | \`paper\` default |  |
      | \`compute\` | \`storage\` default |  |"
    `);
    const taken = rules.replace('at head', 'at "lm_h‸ead.weight"');
    expect(hovered(taken)).toMatchInlineSnapshot(`
      "layers early = 0..1
      merge m = ties(base, [math, code], density: 40%, weight: { math: 1, code: 0.5 }) {
        at early { scale = 0.5, weight.math = 2 }
        at "*.mlp.*" { density = 20% }
        at ⟦"lm_head.weight"⟧ { take code }
      }
      —
      1 of 39 tensors

      - \`lm_head.weight\`

      taken from \`code\`, line 9, \`at "lm_head.weight"\`"
    `);
  });
});
