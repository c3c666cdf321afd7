/** Every finding of the checker, in tables: long, since each code has its rows. */
import { describe, expect, it } from 'vitest';
import { languageKinds } from '../diagnostics/registry.ts';
import { parse } from '../syntax/parse.ts';
import type { Signature } from '../places/signature.ts';
import { check } from './check.ts';
import type { Checked } from './checked.ts';
import { testCatalogue } from './test-catalogue.ts';
import { headersFor, llama, type LlamaShape } from './test-models.ts';

type Models = Readonly<Record<string, LlamaShape | Signature>>;

const names = ['base', 'math', 'code', 'chat'] as const;
const prelude = names.map((name) => `model ${name} = "./${name}"\n`).join('');

/** The text between ⟦ and ⟧ in reading order, and the text without the marks. */
function unmarked(marked: string): { text: string; ranges: { start: number; end: number }[] } {
  const ranges: { start: number; end: number }[] = [];
  let text = '';
  for (const letter of marked) {
    if (letter === '⟦') ranges.push({ start: text.length, end: text.length });
    else if (letter === '⟧') ranges.at(-1)!.end = text.length;
    else text += letter;
  }
  return { text, ranges };
}

function isSignature(of: LlamaShape | Signature): of is Signature {
  return 'tensors' in of;
}

function checked(text: string, models?: Models): Checked {
  const signatures =
    models === undefined
      ? undefined
      : Object.fromEntries(
          Object.entries({ base: {}, math: {}, code: {}, chat: {}, ...models }).map(
            ([name, of]): [string, Signature] => [name, isSignature(of) ? of : llama(of)],
          ),
        );
  return check({
    text,
    ...parse(text),
    catalogue: testCatalogue,
    ...(signatures === undefined ? {} : { headers: headersFor(signatures) }),
  });
}

/**
 * Checks a recipe under sources named base, math, code and chat.
 * Every finding must lie at a mark, in order, with its code and the start of its message; `→` names the text of its fix.
 */
function expectFindings(marked: string, findings: readonly string[], models?: Models): void {
  const { text, ranges } = unmarked(prelude + marked);
  const { diagnostics } = checked(text, models);
  // The prelude's models are there for all texts, whether or not one uses them.
  const isAsked = findings.some((of) => of.startsWith('MW2017'));
  const told = diagnostics.filter(({ code }) => isAsked || code !== 'MW2017');
  const shown = told.map(
    ({ code, message, fixes }) =>
      `${code} ${message}${fixes === undefined ? '' : ` → ${fixes[0]!.edits.map((edit) => edit.text).join('…')}`}`,
  );
  const isSaid = findings.map((of, i) => ((shown[i] ?? '').startsWith(of) ? of : shown[i]));
  expect({ said: isSaid, more: shown.slice(findings.length) }).toEqual({
    said: findings,
    more: [],
  });
  expect(told.map(({ start, end }) => text.slice(start, end))).toEqual(
    ranges.map(({ start, end }) => text.slice(start, end)),
  );
  expect(told.map(({ start }) => start)).toEqual(ranges.map(({ start }) => start));
  for (const { fixes = [] } of diagnostics) {
    for (const { edits } of fixes) {
      for (const edit of edits) expect(edit.end).toBeLessThanOrEqual(text.length);
    }
  }
}

const four: Models = {};

describe('names', () => {
  it.each<[string, string[]]>([
    [
      'merge m = linear([math, ⟦codex⟧])',
      ['MW2001 Nothing is called `codex`: did you mean `code`? → code'],
    ],
    [
      'merge m = ⟦tise⟧(base, [math, code])',
      ['MW2002 No function is called `tise`: did you mean `ties`? → ties'],
    ],
    [
      'merge m = ties(base, [math], ⟦densty⟧: 20%)',
      ['MW2003 `ties` has no parameter `densty`: did you mean `density`? → density'],
    ],
    [
      'merge m = slerp(math, code, ⟦tt⟧: 0.5)',
      ['MW2003 `slerp` has no parameter `tt`: did you mean `t`? → t'],
    ],
    [
      'merge m = ties(base, [math], combine: ⟦maen⟧)',
      ['MW2004 `combine` is one of `mean`, `sum`, `max`, not `maen`: did you mean `mean`? → mean'],
    ],
    [
      'merge m = ties(base, [math], combine: ⟦"mean"⟧)',
      ['MW3001 `combine` is one of `mean`, `sum`, `max`, not `"mean"`. → mean'],
    ],
    [
      'output math to "./out" { ⟦dtyp⟧ = bf16 }',
      ['MW2005 An output has no setting `dtyp`: did you mean `dtype`? → dtype'],
    ],
    [
      'output math to "./out" { dtype = ⟦b16⟧ }',
      [
        'MW2004 `dtype` is one of `bf16`, `f16`, `f32`, `f64`, `f8_e4m3`, `f8_e5m2`, not `b16`: did you mean `bf16`? → bf16',
      ],
    ],
    ['merge ⟦math⟧ = average([base, code])', ['MW2006 `math` is declared twice.']],
    [
      'merge m = linear([math, ⟦late⟧])\nmodel late = "./late"',
      ['MW2007 `late` is declared below'],
    ],
    ['merge m = linear([math, ⟦m⟧])', ['MW2007 `m` is used in its own declaration']],
    ['tensors ⟦attention⟧ = "*.attn.*"', ['MW2008 `attention` hides the part']],
    [
      'merge m = ties(base, [math, code], weight: { ⟦maths⟧: 0.6 })',
      ['MW2009 No expert of this call is called `maths`: did you mean `math`? → math'],
    ],
    [
      'merge m = ties(base, [math, code]) { at mlp { weight.⟦cod⟧ = 0.5 } }',
      ['MW2009 No expert of this call is called `cod`: did you mean `code`? → code'],
    ],
    [
      'expect ⟦gp⟧(math, code) < 120%',
      ['MW2010 No measure is called `gp`: did you mean `gap`? → gap'],
    ],
    [
      'let gentle: ⟦tise⟧ = { density: 20% }',
      ['MW2011 No type is called `tise`: did you mean `ties`? → ties'],
    ],
    [
      'let gentle: ties = { ⟦densty⟧: 20% }',
      ['MW2003 `ties` has no parameter `densty`: did you mean `density`? → density'],
    ],
    [
      'let house: output = { ⟦dtyp⟧: bf16 }',
      ['MW2005 An output has no setting `dtyp`: did you mean `dtype`? → dtype'],
    ],
    ['model m = ⟦"my models/coder/v2"⟧', ['MW2012 `"my models/coder/v2"` is neither a hub id']],
    [
      'merge m = lerp(math, code, t: 0.5) { at ⟦atention⟧ { t = 1 } }',
      ['MW2001 Nothing is called `atention`: did you mean `attention`? → attention'],
    ],
  ])('%s', (marked, findings) => expectFindings(marked, findings));

  it('looks no name up that an import may bring', () => {
    expectFindings('use "./common.merge"\nmerge m = linear([math, other])', []);
  });

  it('swallows what follows from a broken step', () => {
    expectFindings(
      'merge a = ⟦tise⟧(base, [math])\nmerge b = slerp(a, code, t: 0.5)\nexpect gap(b, math) < 1\noutput b to "./out"',
      ['MW2002 No function'],
    );
  });
});

describe('types and ranges', () => {
  it.each<[string, string[]]>([
    [
      'merge m = ties(base, [math, code], density: ⟦20⟧)',
      ['MW3002 `density` is 20; it must be a number from 0 to 1: did you mean `20%`? → 20%'],
    ],
    ['merge m = ties(base, [math, code], density: curve(0.2, ⟦20⟧))', ['MW3002 `density` is 20']],
    [
      'merge m = ties(base, [math { density: ⟦2.5⟧ }, code])',
      ['MW3002 `density` is 2.5; it must be a number from 0 to 1: did you mean `2.5%`? → 2.5%'],
    ],
    [
      'merge m = dare(math - base, seed: ⟦1.5⟧)\nmerge n = base + m',
      ['MW3002 `seed` is 1.5; it must be a whole number'],
    ],
    ['let d = 20\nmerge m = ties(base, [math, code], density: ⟦d⟧)', ['MW3002 `density` is 20']],
    ['param keep: Ratio = ⟦120%⟧ in 10%..90%', ['MW3002 `keep` is 1.2']],
    [
      'param keep = ⟦95%⟧ in 10%..90%',
      ['MW3002 The default of `keep` is 0.95, outside `10%..90%`'],
    ],
    [
      'merge m = lerp(math, code, t: ⟦"half"⟧)',
      ['MW3001 `"half"` is a text; here stands `t`, a number.'],
    ],
    [
      'merge m = lerp(math, code, t: ⟦base⟧)',
      ['MW3001 `base` is a Model; here stands `t`, a number.'],
    ],
    ['merge m = ⟦slerp⟧(math, code)', ['MW3003 `slerp` needs `t`']],
    [
      'merge m = ties(base, [math { ⟦weight⟧: 0.6 }, code], weight: { math: 0.5 })',
      ['MW3004 `weight` of `math` is given twice.'],
    ],
    ['merge m = ties(base, [math], weight: 1, ⟦weight⟧: 2)', ['MW3004 `weight` is given twice']],
    [
      'let gentle: ties = { weight: 3 }\nmerge m = ties(base, [math { weight: 0.6 }], ...gentle)',
      [],
    ],
    [
      'merge m = ⟦math + code⟧',
      [
        'MW3005 The shares of `math + code` add up to 2, a Model has 1: `average([math, code])`? → average([math, code])',
      ],
    ],
    [
      'merge m = ⟦0.7 * math + 0.4 * code⟧',
      [
        'MW3005 The shares of `0.7 * math + 0.4 * code` add up to 1.1, a Model has 1: `linear([math, code], weight: [0.7, 0.4])`?',
      ],
    ],
    [
      'merge m = ⟦2 * math⟧',
      [
        'MW3005 `2 * math` has a share of 2, a Model has 1: `scale(math, by: 2)`? → scale(math, by: 2)',
      ],
    ],
    ['let t = curve(0, 1)\nmerge m = t * math + (1 - t) * code', []],
    [
      'let t = curve(0, 1)\nmerge m = ⟦t * math + t * code⟧',
      ['MW3005 The shares of `t * math + t * code` add up to 0 at some layers'],
    ],
    ['merge m = math + code - base', []],
    ['merge m = (2 * math + code) / 3', []],
    [
      'merge m = linear([math, ⟦code - base⟧])',
      ['MW3006 `code - base` is a Delta and `math` a Model'],
    ],
    [
      'merge m = base { at mlp { take ⟦math - base⟧ } }',
      ['MW3006 `math - base` is a Delta, and this step gives a Model'],
    ],
    [
      'merge m = base + ties([⟦math⟧, code - base])',
      ['MW3007 Without a base `ties` takes Deltas, and `math` is a Model: `math - base`'],
    ],
    [
      'merge m = base + dare(⟦math⟧)',
      ['MW3007 `dare` takes a Delta, and `math` is a Model: `math - base`'],
    ],
    ['merge m = ⟦slerp(math, t: 0.5)⟧', ['MW3008 `slerp` takes 2 models']],
    [
      'merge m = linear(⟦math, code⟧)',
      ['MW3008 `linear` takes its models as one list: `linear([a, b])`. → […]'],
    ],
    [
      'merge m = task_arithmetic(⟦[math, code]⟧)',
      ['MW3008 `task_arithmetic` needs a base before its experts'],
    ],
    [
      'merge m = linear([math, code, ⟦math⟧])',
      ['MW3009 `math` is an expert of this `linear` twice'],
    ],
    [
      'merge m = linear([math, code], weight: ⟦[1, 2, 3]⟧)',
      ['MW3010 `weight` has 3 values for 2 experts.'],
    ],
    [
      'merge m = dare_ties(base, [math]) { at mlp { ⟦seed⟧ = 7 } }',
      ['MW3011 `seed` holds for the whole step'],
    ],
    [
      'merge m = base + 0.5 * (math - base) { at mlp { ⟦scale⟧ = 0.2 } }',
      ['MW3012 `base + 0.5 * (math - base)` is no call'],
    ],
    [
      'let d = ties([math - base])\nmerge m = d { at mlp { ⟦density⟧ = 0.2 } }',
      ['MW3012 `d` is no call'],
    ],
    ['merge m = (ties(base, [math])) { at mlp { density = 30% } }', []],
    [
      'merge m = ties(base, [math, code], scale: ⟦[1, 2]⟧)',
      ['MW3013 `scale` has one value for all'],
    ],
    [
      'merge m = ties(base, [math, code]) { at mlp { scale.⟦math⟧ = 2 } }',
      ['MW3013 `scale` has one value for all experts'],
    ],
    [
      'merge m = base + dare(math - base, seed: ⟦curve(0, 1)⟧)',
      ['MW3014 `seed` holds for the whole step'],
    ],
    ['merge m = ⟦math * code⟧', ['MW3015 `math` and `code` are both tensors']],
    ['merge m = math + ⟦0.5⟧', ['MW3015 `0.5` is a number']],
    [
      'merge m = linear([math, code], weight: ⟦[1, -1]⟧)',
      ['MW3016 The weights of this `linear` sum to 0'],
    ],
    [
      'merge m = math\noutput m to "./out"\noutput code to ⟦"out/code/"⟧',
      ['MW3017 The outputs to `"./out"` and `"out/code/"` lie one in the other.'],
    ],
    [
      'merge m = math\noutput m to "./out"\noutput code to ⟦"./x/../out"⟧',
      ['MW3017 Two outputs go to `"./x/../out"`.'],
    ],
    [
      '⟦let⟧ m = average([math, code])',
      [
        "MW3018 `average([math, code])` is a Model, which a `let` can't hold: `merge` declares it. → merge",
      ],
    ],
    [
      '⟦let⟧ early = 0..7',
      [
        "MW3018 `0..7` is a range of layers, which a `let` can't hold: `layers` declares it. → layers",
      ],
    ],
    [
      'layers early = ⟦7..0⟧',
      ['MW3019 `7..0` runs downwards; a range names its first layer first. → 0..7'],
    ],
    [
      'tensors qk = ⟦"*.{q,k_proj.*"⟧',
      ['MW3020 `"*.{q,k_proj.*"` is no pattern: a brace is not closed.'],
    ],
    [
      'merge m = lerp(math, code, t: 0.5) { at ⟦0..7⟧ { t = 1 } }',
      ['MW3021 A place says what its numbers are: `layers 0..7`. → layers 0..7'],
    ],
    [
      'merge m = lerp(math, code, t: 0.5) { at ⟦math⟧ { t = 1 } }',
      ['MW3021 `math` is a model, not a place.'],
    ],
    [
      'merge m = ties(base, [math], scope: whole, density: ⟦curve(0.1, 0.3)⟧)',
      ['MW3023 Under `scope: whole` a density holds for the whole step'],
    ],
    [
      'merge m = ties(base, [math], scope: ⟦whole⟧, compat: mergekit)',
      ['MW3023 `compat: mergekit` has no `scope: whole`'],
    ],
    [
      'merge m = ties(base, [math], scope: whole) { at mlp { ⟦density = 10%⟧ } }',
      ['MW3023 Under `scope: whole` there is one threshold'],
    ],
    ['let third = 1 / ⟦0⟧', ['MW3024 `1` is divided by 0.']],
    [
      'expect ⟦gap(math, code, base: base)⟧',
      ['MW3025 `gap(math, code, base: base)` is no condition'],
    ],
    ['expect ⟦1 < 2⟧', ['MW3025 `1 < 2` compares no measure']],
    [
      'merge m = linear([⟦"./a"⟧, math])',
      ['MW3026 Sources have a statement of their own: `model name = "./a"`.'],
    ],
    [
      'output math to ⟦"./math"⟧',
      ['MW3027 The output to `"./math"` would lie over the source `math`'],
    ],
    ['merge d = math - base\noutput ⟦d⟧ to "./out"', ['MW3028 `d` is a Delta']],
    [
      'merge m = ties(base, [code - math], weight: { ⟦code⟧: 1 })',
      ['MW3030 `code` names no expert'],
    ],
    [
      [
        'let d0 = math - base',
        ...Array.from({ length: 8 }, (_, i) => `let d${i + 1} = d${i} + d${i}`),
        'let d9 = ⟦d8 + d8⟧',
        'let d10 = d9 + d9',
      ].join('\n'),
      ['MW3031 `d8 + d8` is made of more than 2000 pieces.'],
    ],
  ])('%s', (marked, findings) => expectFindings(marked, findings));
});

describe('what the field knows', () => {
  it.each<[string, string[]]>([
    [
      'merge m = linear([math, code], weight: ⟦0.6⟧, normalize: false)',
      ['MW3101 The weights of this `linear` sum to 1.2'],
    ],
    ['merge m = linear([math, code], weight: 0.5, normalize: false)', []],
    ['merge m = ⟦task_arithmetic(base, [math, code])⟧', ['MW3102 Weights times scale sum to 2']],
    [
      'merge m = ties(base, [math, code], density: ⟦100%⟧)',
      ['MW3103 With `100%` `ties` trims nothing'],
    ],
    [
      'merge m = ties(base, [math, code], combine: ⟦sum⟧)',
      ['MW3104 A `scale` of 1 was found for the mean'],
    ],
    ['merge m = ties(base, [math, code], combine: sum, scale: 0.3)', []],
    [
      'merge m = ties(base, [math, code], scale: ⟦0.3⟧)',
      ['MW3104 A `scale` of 0.3 was found for the sum'],
    ],
    [
      'let a = dare(math - base)\nlet b = ⟦dare⟧(code - base)\nmerge m = ties(base, [a, b])',
      ['MW3105 `dare` draws with seed 0'],
    ],
    [
      'let a = dare(math - base)\nlet b = dare(code - base, seed: 1)\nmerge m = ties(base, [a, b])',
      [],
    ],
    ['merge m = ties(base, [dare(math - base), dare(code - base)])', []],
    [
      'merge m = ties(base, [⟦base⟧, math])',
      ['MW3106 `base` is the base of this `ties` and one of its experts'],
    ],
    [
      'merge m = lerp(math, code, t: 0) { at attention | mlp ⟦except⟧ "*.bias" { t = 1 } }',
      ['MW3107 `except` takes away'],
    ],
    ['merge m = lerp(math, code, t: 0) { at (attention | mlp) except "*.bias" { t = 1 } }', []],
  ])('%s', (marked, findings) => expectFindings(marked, findings));

  it('is silenced on its line, or on the next by a comment alone, and no error is', () => {
    expectFindings(
      'merge m = ties(base, [math, code], density: 100%)  // allow MW3103: on purpose',
      [],
    );
    expectFindings(
      '// allow MW3103: on purpose\nmerge m = ties(base, [math, code], density: 100%)',
      [],
    );
    expectFindings(
      '// allow ⟦MW3103⟧: on purpose\n\nmerge m = ties(base, [math], density: ⟦100%⟧)',
      ['MW2019', 'MW3103'],
    );
    expectFindings('merge m = ties(base, [math], density: ⟦20⟧)  // allow ⟦MW3002⟧: no', [
      'MW3002',
      'MW2018 MW3002, “A number outside its range”, is an error',
    ]);
  });
});

describe('what headers say', () => {
  it.each<[string, string[], Models?]>([
    [
      'merge m = lerp(math, code, t: 0) { at layers ⟦2..5⟧ { t = 1 } }',
      ['MW4101 `m` has no layer 5: its 4 layers are 0 to 3. → 2..3'],
    ],
    [
      'merge m = lerp(math, code, t: 0) { at layers ⟦-5⟧ { t = 1 } }',
      ['MW4101 `m` has no layer -5'],
    ],
    ['layers late = ⟦4..9⟧', ['MW4101 `base` has no layer 4']],
    [
      'layers late = ⟦3..9⟧\nmerge m = lerp(math, code, t: 0) { at late { t = 1 } }\nmerge n = lerp(math, code, t: 0) { at late { t = 1 } }',
      ['MW4101 `m` has no layer 9'],
    ],
    ['merge m = math[⟦0..7⟧]', ['MW4101 `math` has no layer 7']],
    [
      'merge m = stack([math[0..3], code[0..3]]) { at layers 4..7 { take stack([code, math]) } }',
      [],
    ],
    ['merge m = lerp(math, code, t: curve({ 0: 0, ⟦9⟧: 1 }))', ['MW4101 `lerp` has no layer 9']],
    ['merge m = lerp(math, code, t: curve({ 0: 0, -1: 1 }))', []],
    [
      'merge m = lerp(math, code, t: 0) { at ⟦"*.slf_attn.*"⟧ { t = 1 } }',
      ['MW4102 No tensor of `m` lies in `"*.slf_attn.*"`.'],
    ],
    [
      'merge m = linear([math, ⟦code⟧])',
      ['MW4104 `lm_head.weight` is [32, 8] in `math` and [32, 16] in `code`'],
      { code: { width: 16 } },
    ],
    [
      'merge m = linear([math, ⟦code⟧])',
      ['MW4106 `code` has 6 layers and `math` 4'],
      { code: { layers: 6 } },
    ],
    [
      'merge m = ties(base, [⟦math⟧])',
      ['MW4107 `math` has a head of its own'],
      { base: { tied: true }, code: { tied: true } },
    ],
    ['merge m = ties(base, [math])', [], { math: { tied: true } }],
    [
      'merge m = linear([math, code])\noutput ⟦m⟧ to "./out"',
      ['MW4108 `math` in bf16 and `code` in f16 meet in `m`'],
      { code: { dtype: 'F16' } },
    ],
    [
      'merge m = linear([math, code])\noutput m to "./out" { dtype = f16 }',
      [],
      { code: { dtype: 'F16' } },
    ],
    [
      'merge m = math { at layers 2..3 { take ⟦code⟧ } }',
      ['MW4109 `code` has no `model.layers.2'],
      { code: { layers: 2 } },
    ],
    ['merge m = math { at layers 0..1 { take code } }', [], { code: { layers: 2 } }],
    [
      'merge m = linear([math, ⟦code⟧])',
      ['MW4110 `lm_head.weight` is [32, 8] in `math` and [40, 8] in `code`: vocabularies'],
      { code: { vocabulary: 40 } },
    ],
    [
      'merge m = ties(base, [math], density: ⟦10%⟧, compat: mergekit, compute: f32)',
      [
        'MW4111 A `density` of 0.1 keeps none of the 8 elements of `model.layers.0.input_layernorm.weight` in `math`',
      ],
    ],
    [
      'merge m = ties(base, [math], density: 10%, compat: mergekit, compute: f32) { at norms | final_norm { density = 100% } }',
      [],
    ],
    [
      'merge m = lerp(math, code, t: 0) {\n at mlp { ⟦t = 0.2⟧ }\n at all { t = 0.5 }\n}',
      ['MW4112 `t = 0.2` wins nowhere'],
    ],
    [
      'merge m = ties(base, [math, code]) {\n at mlp { weight = 0.2 }\n at all { weight.math = 0.5 }\n}',
      [],
    ],
    [
      'merge m = ties(base, [math, code]) {\n at mlp { ⟦weight = 0.2⟧ }\n at all { weight = { math: 0.5, code: 1 } }\n}',
      ['MW4112'],
    ],
    [
      'merge m = lerp(math, code, t: 0) {\n at mlp { take code }\n at mlp { ⟦t = 0.2⟧ }\n}',
      ['MW4113 `t = 0.2` does nothing'],
    ],
    [
      'merge m = ties(base, [math, code]) { at layers 0..2 { density = ⟦curve(0.2, 0.8) + 0.3⟧ } }',
      ['MW3002 `density` is 1.1 at layer 2'],
    ],
    [
      'merge m = linear([math, code], weight: ⟦[1, curve(-1, 1)]⟧)',
      ['MW3016 The weights of this `linear` sum to 0'],
    ],
    [
      'merge m = linear([math, code], weight: [1, curve(-1, 1)]) {\n  at layers 0 | embeddings { weight.code = 1 }\n}',
      [],
    ],
  ])('%s', (marked, findings, models = four) => expectFindings(marked, findings, models));

  it('says a fault of reading at the source, and nothing that follows', () => {
    const text = `${prelude}merge m = ties(base, [math, code]) { at layers 90 { density = 30% } }\noutput m to "./out"`;
    const { diagnostics, reached } = check({
      text,
      ...parse(text),
      catalogue: testCatalogue,
      headers: new Map([
        ...headersFor({ math: llama(), code: llama(), chat: llama() }),
        ['base', { kind: 'fault', code: 'MW4001', message: 'There is no folder ./base.' }],
      ]),
    });
    expect(diagnostics.map(({ code, start, end }) => [code, text.slice(start, end)])).toEqual([
      ['MW4001', '"./base"'],
    ]);
    expect(reached).toBe('text');
  });
});

it('tells four errors in four statements, each with its suggestion, and nothing twice', () => {
  const marked = `merge a = ⟦tise⟧(base, [math, code])
merge b = ties(base, [math, code], density: ⟦20⟧)
merge c = linear([math, ⟦codex⟧])
merge d = lerp(math, code, t: 0.5) {
  at layers ⟦2..31⟧ { t = 1 }
}
merge e = linear([a, b, c, d])
output e to "./out"`;
  expectFindings(
    marked,
    [
      'MW2002 No function is called `tise`: did you mean `ties`? → ties',
      'MW3002 `density` is 20; it must be a number from 0 to 1: did you mean `20%`? → 20%',
      'MW2001 Nothing is called `codex`: did you mean `code`? → code',
      'MW4101 `d` has no layer 31: its 4 layers are 0 to 3. → 2..3',
    ],
    four,
  );
});

it('finds nothing that the registry does not know, once each', () => {
  const codes = languageKinds.map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes).toEqual([...codes].sort());
});
