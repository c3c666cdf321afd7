import { describe, expect, it } from 'vitest';
import { check } from '../test-kit.ts';
import { planText } from './plan-text.ts';

/** The lines of some tensors. */
function plan(text: string, ...tensors: readonly string[]): string {
  const lines = planText(check(text).analysis).split('\n');
  return lines
    .filter((line) => line.startsWith('//') || tensors.some((name) => line.includes(`"${name}"`)))
    .join('\n');
}

describe('the expanded plan', () => {
  it('tells of each tensor what it is computed from, with every value', () => {
    const text = `layers early = 0..1
merge m = ties(base, [math, code], density: 40%, weight: [2, 1]) {
  at early { density.math = 90% }
  at head { take chat }
}
output m to "./out/m"
`;
    expect(
      plan(
        text,
        'model.layers.0.mlp.up_proj.weight',
        'model.layers.3.mlp.up_proj.weight',
        'lm_head.weight',
      ),
    ).toMatchInlineSnapshot(`
      "// m: 39 tensors, written to ./out/m
      "lm_head.weight" bf16 [32, 8] = chat  // taken, line 8, at head
      "model.layers.0.mlp.up_proj.weight" bf16 [16, 8] = ties(base, [math, code], density: [90%, 40%], weight: [2, 1], scale: 1, combine: mean, elect: mass, trim: count, rescale: none, scope: tensor)
      "model.layers.3.mlp.up_proj.weight" bf16 [16, 8] = ties(base, [math, code], density: 40%, weight: [2, 1], scale: 1, combine: mean, elect: mass, trim: count, rescale: none, scope: tensor)"
    `);
  });

  it('has the steps that an output reads before it, each by its name', () => {
    const text = `merge first = lerp(base, math, t: 0.25)
merge unused = lerp(base, math, t: 0.5)
merge last = first + 0.5 * (code - base)
output last to "./out"
`;
    expect(plan(text, 'lm_head.weight')).toMatchInlineSnapshot(`
      "// first: 39 tensors
      "lm_head.weight" bf16 [32, 8] = lerp(base, math, t: 0.25)
      // last: 39 tensors, written to ./out
      "lm_head.weight" bf16 [32, 8] = first + 0.5 * (code - base)"
    `);
  });

  it('says why there is none', () => {
    expect(planText(check('merge m = ties(base, [nobody])').analysis)).toMatchInlineSnapshot(`
      "// 1 error in the recipe: there is no plan yet.
      "
    `);
    const adapted = 'adapter tone = lora("./tone", on: base)\nmerge m = base + tone';
    expect(planText(check(adapted).analysis)).toMatchInlineSnapshot(`
      "// m: its tensors are known once the headers of its models are read.
      "
    `);
    expect(planText(check('').analysis)).toMatchInlineSnapshot(`
      "// The recipe has no step yet.
      "
    `);
    expect(planText(check('merge m = ties(base, [math])', { models: null }).analysis))
      .toMatchInlineSnapshot(`
      "// m: its tensors are known once the headers of its models are read.
      "
    `);
  });
});
