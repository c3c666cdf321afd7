/** What the field knows, code by code: long, since each lint has a text that gives it and one beside it that does not. */
import { describe, expect, it } from 'vitest';
import { parse } from '../syntax/parse.ts';
import { check } from './check.ts';
import { allowing } from './suppress.ts';
import { testCatalogue } from './test-catalogue.ts';
import { headersFor, llama, type LlamaShape, signatureOf } from './test-models.ts';

const sources = ['base', 'math', 'code', 'chat', 'a', 'b', 'c', 'd'];

function said(text: string, models?: Readonly<Record<string, LlamaShape>>): string[] {
  const used = sources.filter((name) => new RegExp(`\\b${name}\\b`).test(text));
  const prelude = used.map((name) => `model ${name} = "./models/${name}"\n`).join('');
  const whole = prelude + text;
  const { diagnostics } = check({
    text: whole,
    ...parse(whole),
    catalogue: testCatalogue,
    ...(models === undefined
      ? {}
      : {
          headers: headersFor(
            Object.fromEntries(used.map((name) => [name, llama(models[name] ?? {})])),
          ),
        }),
  });
  return diagnostics
    .filter(({ code }) => code !== 'MW3901')
    .map(({ code, start, end }) => `${code} ${whole.slice(start, end)}`);
}

const token = (row: string): string =>
  `merge m = lerp(a, b, t: 0)\noutput m to "./o" { tokenizer = a, tokens = { "<x>": ${row} } }`;

describe.each<[string, readonly [text: string, ...findings: string[]][]]>([
  [
    'names of other tools',
    [
      ['merge m = ties(base, [math], lambda: 0.5)', 'MW2016 lambda'],
      ['merge m = ties(base, [math], int8_mask: true)', 'MW2016 int8_mask'],
      ['merge m = dare_ties(base, [math], drop_rate: 0.9)', 'MW2016 drop_rate'],
      ['merge m = sce(base, [math, code], select_topk: 0.5)', 'MW2016 select_topk'],
      ['merge m = ties(base, [math]) { at mlp { lambda = 0.5 } }', 'MW2016 lambda'],
      ['let g: ties = { lambda: 0.5 }', 'MW2016 lambda'],
      ['merge m = ties(base, [math], scael: 0.5)', 'MW2003 scael'],
    ],
  ],
  [
    'names that nothing reads',
    [
      ['let x = 1\nmerge m = linear([math, code])\noutput m to "./o"', 'MW2017 x'],
      ['let x = 1\nmerge m = linear([math, code], weight: [x, 1])\noutput m to "./o"'],
      ['let x = 1\nmerge m = linear([math, code])'],
      ['let x = 1\nmerge m = linear([math, coed])\noutput m to "./o"', 'MW2001 coed'],
    ],
  ],
  [
    'weights',
    [
      [
        'merge m = ties(base, [math, code], weight: { math: 1, code: 0 })',
        'MW3108 { math: 1, code: 0 }',
      ],
      ['merge m = ties(base, [math { weight: 1 }, code { weight: 0 }])', 'MW3108 0'],
      ['merge m = ties(base, [math, code], weight: [1, 0]) { at mlp { weight.code = 1 } }'],
      ['merge m = ties(base, [math, code], weight: [1, curve(0, 1)])'],
      ['merge m = linear([math, code], weight: [1, -0.9])', 'MW3113 [1, -0.9]'],
      ['merge m = linear([math, code], weight: [1, -0.3])'],
      ['merge m = task_arithmetic(base, [math, code], scale: 0.5)', 'MW3112 0.5'],
      ['merge m = task_arithmetic(base, [math, code], weight: [0.6, 0.4])'],
    ],
  ],
  [
    'drops',
    [
      [
        'merge m = ties(base, [dare(math - base, density: 10%)], density: 20%)',
        'MW3109 dare(math - base, density: 10%)',
      ],
      ['merge m = ties(base, [dare(math - base)], density: 20%)'],
      ['merge m = dare_ties(base, [dare(math - base), code])', 'MW3116 dare(math - base)'],
      ['merge m = sce(base, [math], density: 50%)', 'MW3124 50%'],
      ['merge m = sce(base, [math, code], density: 50%)'],
      ['merge m = della_linear(base, [math, code], density: 90%)', 'MW3033 90%'],
      ['merge m = della_linear(base, [math, code { density: 5% }])', 'MW3033 5%'],
      ['merge m = della_linear(base, [math, code], density: 80%)'],
      ['merge m = della_linear(base, [math, code], density: 100%)'],
    ],
  ],
  [
    'interpolations',
    [
      ['merge m = slerp(a, b, t: 1.2)', 'MW3110 1.2'],
      ['merge m = lerp(a, b, t: curve(0, -0.1, 1))', 'MW3110 curve(0, -0.1, 1)'],
      ['merge m = lerp(a, b, t: 0.5) { at mlp { t = 1.5 } }', 'MW3110 1.5'],
      ['merge m = lerp(a, b, t: curve(0, 1))'],
    ],
  ],
  [
    'settings without effect',
    [
      ['merge m = dare_linear(base, [math, code], density: 100%, seed: 3, scale: 0.3)', 'MW3114 3'],
      ['merge m = dare_linear(base, [math, code], seed: 3, scale: 0.3)'],
      ['merge m = ties(base, [math], elect: count)', 'MW3114 count'],
      ['merge m = ties(base, [math, code], compute: f32)', 'MW3114 f32'],
      ['merge m = ties(base, [math, code], compute: f32, compat: mergekit)'],
      ['merge m = ties(base, [math, code], elect: count, compat: mergekit)', 'MW3115 count'],
      ['merge m = linear([math], weight: 0.5)', 'MW3114 0.5'],
      ['merge m = moe(base, [math, code], gate: random, shared_scale: 0.1)', 'MW3114 0.1'],
      ['merge m = lerp(a, b, t: 0)\noutput m to "./o" { tokens = { "<x>": a } }', 'MW3114 tokens'],
    ],
  ],
  [
    'rows of tokens',
    [
      [token('row(a, 40)')],
      [token('force(row(a, 128009))')],
      [token('row(a, "</s>")')],
      [token('row(a, -1)'), 'MW3002 -1'],
      [token('row(a, 0.5)'), 'MW3002 0.5'],
      [token('row(a, true)'), 'MW3001 true'],
      [token('force(force(a))'), 'MW2002 force'],
    ],
  ],
  [
    'mixtures',
    [
      ['merge m = moe(base, [math, code { prompts: ["a"] }])', 'MW3034 math'],
      ['merge m = moe(base, [math { prompts: ["a"] }, code { prompts: ["a"] }])', 'MW3117 ["a"]'],
      ['merge m = moe(base, [math, code], gate: random, experts_per_token: 3)', 'MW3002 3'],
      ['merge m = moe(base, [math], copies: 8, gate: random, experts_per_token: 3)'],
      ['merge m = moe(base, [base, math, math], gate: random)'],
      ['merge m = moe(base, [math, code, chat, a, b, c, d, base], gate: random)'],
      ['merge m = della_linear(base, [math, base], weight: 0.5)', 'MW3106 base'],
      ['merge m = della_linear(base, [math, math], weight: 0.5)', 'MW3009 math'],
    ],
  ],
  [
    'rules',
    [
      ['merge m = lerp(a, b, t: 0) { at mlp { } }', 'MW3119 { }'],
      ['merge m = lerp(a, b, t: 0) { at mlp { t = 0.1, t = 0.2 } }', 'MW3120 t = 0.1'],
      ['merge m = linear([a, b]) { at mlp { weight.a = 1, weight.b = 2 } }'],
    ],
  ],
  [
    'sources',
    [
      ['model x = "./m/a"\nmodel y = "./m/./a/"\nmerge m = linear([x, y])', 'MW3118 "./m/./a/"'],
      ['model x = "o/a"\nmodel y = hub("o/a", revision: "2")\nmerge m = linear([x, y])'],
      [
        'stats f = fisher("./f.safetensors", of: math)\nstats g = fisher("./g.safetensors", of: code)\nmerge m = fisher_average([math, code], fisher: [g, f])',
        'MW3125 g',
        'MW3125 f',
      ],
      [
        'stats f = fisher("./f.safetensors", of: math)\nstats g = fisher("./g.safetensors", of: code)\nmerge m = fisher_average([math, code], fisher: [f, g])',
      ],
    ],
  ],
  [
    'conditions',
    [
      [
        'merge m = ties(base, [math, code])\nexpect cosine(m, math, code) < 2',
        'MW3123 cosine(m, math, code) < 2',
      ],
      ['merge m = ties(base, [math, code])\nexpect 0 > gap(m, code)', 'MW3123 0 > gap(m, code)'],
      [
        'merge m = ties(base, [math, code])\nexpect kept(m, code) <= 100%',
        'MW3123 kept(m, code) <= 100%',
      ],
      ['merge m = ties(base, [math, code])\nexpect gap(m, code) < 300%'],
    ],
  ],
  [
    'knobs',
    [
      ['param k = 0.5\nmerge m = lerp(a, b, t: k)\nsweep s = grid(m, turn: [k])', 'MW3032 k'],
      [
        'param k = 0.5 in 0..1\nmerge m = lerp(a, b, t: k)\nsweep s = grid(m, turn: [k])',
        'MW3032 k',
      ],
      ['param k = 0.5 in 0..1\nmerge m = lerp(a, b, t: k)\nsweep s = random(m, turn: [k])'],
      [
        'param k = 0.5 in [0, 0.5]\nmerge m = lerp(a, b, t: 0)\nsweep s = grid(m, turn: [k])',
        'MW3121 k',
      ],
      [
        'param k = 0.5 in [0, 0.5]\nlet line = curve(0, k)\nmerge x = lerp(a, b, t: line)\nmerge m = linear([x, a])\nsweep s = grid(m, turn: [k])',
      ],
      [
        'param k = 0.5 in 0..1 step 0.0001\nmerge m = lerp(a, b, t: k)\nsweep s = grid(m, turn: [k])',
        'MW3122 [k]',
      ],
    ],
  ],
  [
    'allowances',
    [
      ['merge m = ties(base, [math], density: 100%)  // allow MW3103: so it is'],
      ['merge m = ties(base, [math])  // allow MW3103: so it was', 'MW2019 MW3103'],
      ['merge m = ties(base, [math])  // allow MW1234, MW4102: what', 'MW2018 MW1234'],
    ],
  ],
])('%s', (_, cases) => {
  it.each(cases)('%s', (text, ...findings) => expect(said(text)).toEqual(findings));
});

it('counts more than six experts', () => {
  const experts = sources.filter((name) => name !== 'base');
  expect(said(`merge m = task_arithmetic(base, [${experts.join(', ')}], scale: 0.1)`)).toEqual([
    'MW3111 d',
  ]);
});

describe('with headers', () => {
  it('tells bf16 differences of mergekit', () => {
    const text = 'merge m = ties(base, [math], density: 50%, compat: mergekit)';
    expect(said(text, {})).toEqual(['MW4115 mergekit']);
    expect(said(text, { base: { dtype: 'F32' }, math: { dtype: 'F32' } })).toEqual([]);
  });

  it('tells architectures apart by their names', () => {
    const text = 'model x = "./x"\nmodel y = "./y"\nmerge m = linear([x, y])';
    const { tensors } = llama();
    const headers = headersFor({
      x: signatureOf(tensors, { modelType: 'llama' }),
      y: signatureOf(tensors, { modelType: 'mistral' }),
    });
    const { diagnostics } = check({ text, ...parse(text), catalogue: testCatalogue, headers });
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'MW4114 `y` is a `mistral` and `x` a `llama`: the same tensors may be used in another way.',
    ]);
  });
});

describe('an allowance', () => {
  const edited = (text: string, at: string): string => {
    const start = text.indexOf(at);
    const fix = allowing(text, { code: 'MW3103', severity: 'warning', start })!;
    const [{ start: from, end, text: by }] = fix.edits as [(typeof fix.edits)[number]];
    return text.slice(0, from) + by + text.slice(end);
  };

  it('is written behind the line, above one with a comment, or into one that allows already', () => {
    expect(edited('merge m = x\nlet y = 1', 'x')).toBe(
      'merge m = x  // allow MW3103: as intended\nlet y = 1',
    );
    expect(edited('  merge m = x // why', 'x')).toBe(
      '  // allow MW3103: as intended\n  merge m = x // why',
    );
    expect(edited('merge m = x // allow MW3101: so', 'x')).toBe(
      'merge m = x // allow MW3101, MW3103: so',
    );
  });

  it('silences what it was made for', () => {
    const text = 'merge m = ties(base, [math], density: 100%)';
    expect(said(edited(text, '100%'))).toEqual([]);
  });

  it('may be a setting', () => {
    const text =
      'model base = "./b"\nmodel math = "./m"\nmerge m = ties(base, [math], density: 100%)';
    const allow = new Set(['MW3103']);
    const { diagnostics } = check({ text, ...parse(text), catalogue: testCatalogue, allow });
    expect(diagnostics).toEqual([]);
  });
});
