/** What export writes means the same: every value at every tensor, read back from mergekit's YAML. */
import { describe, expect, test } from 'vitest';
import { catalogue } from '../../engine/methods/catalogue.ts';
import { check } from '../../grammar/check/check.ts';
import type { Checked, HeaderAnswer } from '../../grammar/check/checked.ts';
import { termFor } from '../../grammar/check/settle.ts';
import { sourcesOf } from '../../grammar/check/sources.ts';
import type { TensorTerm } from '../../grammar/check/term.ts';
import { llama, signatureOf } from '../../grammar/check/test-models.ts';
import { exportYaml } from '../../grammar/mergekit/export.ts';
import { importYaml } from '../../grammar/mergekit/import.ts';
import { foreignOf } from '../../grammar/mergekit/methods.ts';
import type { Signature } from '../../grammar/places/signature.ts';
import { parse } from '../../grammar/syntax/parse.ts';
import { errorsIn } from './configurations.ts';

const text = llama({ layers: 13 });

/** A network that sees: the same text tower, and one of vision with a projector. */
const seeing: Signature = signatureOf([
  ...text.tensors.map((header) => ({ ...header, name: `language_model.${header.name}` })),
  ...[0, 1, 2].flatMap((layer) =>
    ['q_proj', 'k_proj'].map((name) => ({
      name: `vision_tower.vision_model.encoder.layers.${layer}.self_attn.${name}.weight`,
      shape: [4, 4],
      dtype: 'BF16' as const,
    })),
  ),
  { name: 'multi_modal_projector.linear_1.weight', shape: [8, 4], dtype: 'BF16' },
]);

function checked(recipe: string, signature: Signature): Checked {
  const parsed = parse(recipe);
  const headers = new Map<string, HeaderAnswer>(
    sourcesOf(parsed.recipe).map(({ name }) => [name, { kind: 'signature', signature }]),
  );
  const answer = check({ text: recipe, ...parsed, catalogue, headers });
  expect(errorsIn(answer.diagnostics)).toEqual([]);
  return answer;
}

/** A term with its models by what they refer to; `linear` with one weight of 1 and else 0 is that model. */
function meaning(term: TensorTerm, of: Checked): unknown {
  switch (term.kind) {
    case 'tensor': {
      const source = of.sources.find(({ name }) => name === term.source)!;
      return [source.reference, term.name];
    }
    case 'step':
      return meaning(term.term, of);
    case 'call': {
      const weights = term.perInput.weight ?? [];
      const inputs = term.inputs.map((input) => meaning(input, of));
      const one = weights.indexOf(1);
      const isTaken = weights.every((weight, index) => weight === (index === one ? 1 : 0));
      if (term.method === 'linear' && one >= 0 && isTaken) return inputs[one];
      const ours = foreignOf.get(term.method)!.parameters.flatMap((of) => of.ours ?? []);
      const values = (from: Readonly<Record<string, unknown>>): unknown =>
        ours.flatMap((name) => (name in from ? [[name, plain(from[name])]] : []));
      return {
        method: term.method,
        base: term.base && meaning(term.base, of),
        inputs,
        settings: values(term.settings),
        perInput: values(term.perInput),
      };
    }
    default:
      throw new Error(`${term.kind} is not expected here`);
  }
}

/** To the last digit but one: a gradient is read by another formula than a curve. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === 'number' ? Number(value.toPrecision(14)) : value;
}

function meanings(of: Checked): unknown {
  const { step } = of.outputs[0]!;
  return step.value.signature!.tensors.map(({ name }) => [name, meaning(termFor(step, name), of)]);
}

const prelude = `model base = "org/base"
model math = "org/math"
model code = "org/code"
`;

function comesBack(body: string, signature: Signature = text): string {
  const recipe = prelude + body;
  const first = checked(recipe, signature);
  const { yaml, findings } = exportYaml({ text: recipe, checked: first });
  expect(errorsIn(findings)).toEqual([]);
  const again = importYaml({ text: yaml!, title: 'again' });
  expect(errorsIn(again.findings)).toEqual([]);
  expect(meanings(checked(again.recipe!.text, signature))).toEqual(meanings(first));
  return yaml!;
}

describe('places that are no patterns', () => {
  test.each([
    ['layers', 'at layers 2..4 { t = 1 }'],
    ['every other layer', 'at layers 0..12 step 2 { t = 1 }'],
    ['a part', 'at attention { t = 1 }\n  at head { t = 0.25 }'],
    ['embeddings and the final norm', 'at embeddings | final_norm { t = 1 }'],
    ['layers of a part', 'at layers 3..5 & mlp { t = 1 }'],
    ['all but some', 'at mlp except "*down_proj*" { t = 1 }'],
    ['a pattern that is more than a text', 'at "model.layers.1?.mlp.*" { t = 1 }'],
    [
      'a later line over one above',
      'at layers 2..8 { t = 0.75 }\n  at mlp { t = 0.25 }\n  at layers 4 { t = 1 }',
    ],
  ])('%s', (_, rules) => {
    comesBack(
      `merge m = slerp(base, math, t: 0.5, compat: mergekit) {\n  ${rules}\n}\noutput m to "./out"`,
    );
  });

  test('a rule for one expert', () => {
    comesBack(`merge m = ties(base, [math, code], weight: 1, density: 0.5, compat: mergekit) {
  at layers 0..3 { weight.math = 0.5, density = 0.25 }
  at norms { weight.code = 0 }
}
output m to "./out"`);
  });

  test('in a slice, where layers have other numbers', () => {
    comesBack(`merge part = slerp(base[4..9], math[4..9], t: 0.5, compat: mergekit) {
  at layers 1..2 & mlp { t = 1 }
}
merge other = slerp(base[2..8], math[2..8], t: 0.25, compat: mergekit) {
  at layers 6 { t = 1 }
}
merge m = stack([part, other])
output m to "./out"`);
  });
});

describe('curves', () => {
  test.each([
    ['knots at layers', 't: curve({ 0: 0, 4: 1, -1: 0.5 })'],
    ['knots at the ends', 't: curve({ 0: 0.25, -1: 0.75 })'],
    ['a smooth one', 't: curve(0, 1, ease: smooth)'],
    ['one that holds', 't: curve(0, 1, 0.5, ease: hold)'],
    ['calculated', 't: 1 - 0.5 * curve(0, 1, 0)'],
  ])('%s', (_, argument) => {
    comesBack(`merge m = slerp(base, math, ${argument})\noutput m to "./out"`);
    comesBack(`merge m = slerp(base, math, ${argument}, compat: mergekit)\noutput m to "./out"`);
  });

  test('at a place, over its own layers', () => {
    const yaml = comesBack(`merge m = slerp(base, math, t: 0.5) {
  at layers 4..8 { t = curve(0, 1) }
  at layers 9..12 & mlp { t = curve(0.25, 0.5, 0.25) }
}
output m to "./out"`);
    expect(yaml).toContain('filter: layers.4.');
    comesBack(`merge m = ties(base, [math, code], density: 0.5) {
  at attention { density.math = curve(0.1, 0.9, ease: smooth), weight = curve({ 3: 0, 9: 1 }) }
}
output m to "./out"`);
  });

  test('with values of their own outside the layers', () => {
    const yaml = comesBack(
      'merge m = slerp(base, math, t: curve({ 2: 0, 9: 1 }))\noutput m to "./out"',
    );
    expect(yaml).toContain('filter: lm_head');
  });
});

describe('tensors taken from other models', () => {
  test.each([
    ['by layers', 'base { at layers 0..5 { take math } }'],
    ['by parts', 'base { at embeddings | head { take math }\n  at mlp { take code } }'],
    [
      'the last line outranks',
      'base { at layers 0..8 { take math }\n  at mlp { take base }\n  at layers 3 { take code } }',
    ],
    ['everything', 'base { at all { take math } }'],
    [
      'over a call with rules of its own',
      'slerp(base, math, t: 0.5, compat: mergekit) { at mlp { t = 1 }\n  at head { take code } }',
    ],
    [
      'computed for it',
      'base { at layers 2..3 { take slerp(base, math, t: 0.5, compat: mergekit) } }',
    ],
  ])('%s', (_, value) => {
    comesBack(`merge m = ${value}\noutput m to "./out"`);
  });

  test('towers are modules', () => {
    const yaml = comesBack(
      `merge words = slerp(base, math, t: 0.5, compat: mergekit)
merge eyes = slerp(base, math, t: 0.25, compat: mergekit) { at layers 1 & vision { t = 1 } }
merge m = words { at vision { take eyes } }
output m to "./out"`,
      seeing,
    );
    expect(yaml).toContain('  text_decoder:\n');
    expect(yaml).toContain('  multi_modal_projector:\n');
    expect(yaml).toContain('  vision_tower:\n');
  });

  test('slices of one module among several', () => {
    comesBack(
      `merge words = stack([base[0..7 & text], math[5..12 & text]])
merge m = words { at vision { take code } }
output m to "./out"`,
      seeing,
    );
  });

  test('a slice of a tower that is not the main one', () => {
    const yaml = comesBack(
      `merge words = base
merge m = words { at vision { take code[0..2 & vision] } }
output m to "./out"`,
      seeing,
    );
    expect(yaml).toContain('layer_range: [0, 3]');
  });

  test('towers that are made in other ways are no modules', () => {
    const yaml = comesBack(
      `merge words = slerp(base, math, t: 0.5, compat: mergekit)
merge m = words { at vision { take code } }
output m to "./out"`,
      seeing,
    );
    expect(yaml).not.toContain('modules');
  });
});
