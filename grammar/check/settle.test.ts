/** What a tensor of a step comes to: long, since names, settings, curves and rules are settled together. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ParameterValue } from '../catalogue.ts';
import { anatomyOf } from '../places/anatomy.ts';
import { tensorsIn } from '../places/evaluate.ts';
import type { Signature } from '../places/signature.ts';
import { parse } from '../syntax/parse.ts';
import { check } from './check.ts';
import type { Checked, Step } from './checked.ts';
import { takenBy, tensorTerm, termFor, traceOf } from './settle.ts';
import type { CallTerm, TensorTerm } from './term.ts';
import { testCatalogue } from './test-catalogue.ts';
import { headersFor, llama, type LlamaShape, signatureOf } from './test-models.ts';

type Models = Readonly<Record<string, LlamaShape | Signature>>;

/** The last step of a recipe under sources named base, math and code; it must be free of errors. */
function stepOf(text: string, models: Models = {}): { step: Step; checked: Checked } {
  const all: Models = { base: {}, math: {}, code: {}, ...models };
  const prelude = Object.keys(all)
    .map((name) => `model ${name} = "./${name}"\n`)
    .join('');
  const whole = prelude + text;
  const checked = check({
    text: whole,
    ...parse(whole),
    catalogue: testCatalogue,
    headers: headersFor(
      Object.fromEntries(
        Object.entries(all).map(([name, of]) => [name, 'tensors' in of ? of : llama(of)]),
      ),
    ),
  });
  expect(checked.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return { step: checked.steps.at(-1)!, checked };
}

function callOf(term: TensorTerm): CallTerm {
  if (term.kind !== 'call') throw new Error(`a ${term.kind}, not a call`);
  return term;
}

/** The value of `t` at a tensor. */
function t(step: Step, tensor: string): ParameterValue | undefined {
  return callOf(termFor(step, tensor)).settings['t'];
}

const up = (layer: number): string => `model.layers.${layer}.mlp.up_proj.weight`;
const q = (layer: number): string => `model.layers.${layer}.self_attn.q_proj.weight`;

/** A term in short: `base + 0.5 * (math - base)`, with the tensor's name where it is another. */
function shown(term: TensorTerm, tensor: string): string {
  switch (term.kind) {
    case 'tensor':
      return term.name === tensor ? term.source : `${term.source}:${term.name}`;
    case 'zero':
      return '0';
    case 'sum':
      return `(${term.terms.map(({ negative, term: of }, i) => `${negative ? '- ' : i > 0 ? '+ ' : ''}${shown(of, tensor)}`).join(' ')})`;
    case 'scaled':
      return `${term.by} ${term.divide ? '\\' : '*'} ${shown(term.term, tensor)}`;
    case 'negated':
      return `-${shown(term.term, tensor)}`;
    case 'step':
      return `<${term.step} ${shown(term.term, tensor)}>`;
    case 'call':
      return `${term.method}(${[...(term.base === undefined ? [] : [term.base]), ...term.inputs].map((of) => shown(of, tensor)).join(', ')})`;
  }
}

describe('names followed back to the sources', () => {
  it.each<[string, string, string, Models?]>([
    ['merge m = base + 0.5 * (math - base)', up(1), '(base + 0.5 * (math - base))'],
    ['merge m = -(base - math) + base', up(1), '(-(base - math) + base)'],
    ['let d = math - base\nmerge m = base + d / 2', up(1), '(base + 2 \\ (math - base))'],
    [
      'merge a = average([base, math])\nmerge m = slerp(a, code, t: 0.5)',
      up(1),
      'slerp(<a average(base, math)>, code)',
    ],
    ['merge m = math[2..3]', up(0), `math:${up(2)}`],
    ['merge m = math[0 | 2..3][-1]', up(0), `math:${up(3)}`],
    ['merge m = math[2..3]', 'lm_head.weight', 'math'],
    ['merge m = stack([math[0..1], code[1..3], base])', up(4), `code:${up(3)}`],
    ['merge m = stack([math[0..1], code[1..3], base])', up(8), `base:${up(3)}`],
    ['merge m = stack([math[0..1], code])', 'model.embed_tokens.weight', 'math'],
    ['merge m = stack([math[0..1], code])', 'lm_head.weight', 'code'],
    ['merge m = stack([math[0..1], code])', 'model.norm.weight', 'code'],
    ['merge a = stack([math, code])\nmerge m = a[3..4]', up(1), `<a code:${up(0)}>`],
    ['merge m = math { at mlp { take code } }', up(2), 'code'],
    ['merge m = math { at mlp { take code } }', q(2), 'math'],
    [
      'merge m = math { at mlp { take code } at layers 2 { take 0.5 * math + 0.5 * code } at layers 0 { take base } }',
      up(2),
      '(0.5 * math + 0.5 * code)',
    ],
    [
      'merge m = ties(base, [math])',
      'lm_head.weight',
      'ties(base, math:model.embed_tokens.weight)',
      { math: { tied: true } },
    ],
  ])('%s at %s', (text, tensor, expected, models) => {
    expect(shown(termFor(stepOf(text, models).step, tensor), tensor)).toBe(expected);
  });

  it('copies integers from the model that names come from', () => {
    const withBuffer = (value: number): Signature =>
      signatureOf([
        { name: 'h.0.w', dtype: 'F32', shape: [2] },
        { name: 'h.0.positions', dtype: 'I64', shape: [value] },
      ]);
    const { step } = stepOf('merge m = 0.3 * math + 0.7 * code { at "*w" { take base } }', {
      base: withBuffer(1),
      math: withBuffer(2),
      code: withBuffer(3),
    });
    expect(termFor(step, 'h.0.positions')).toEqual({
      kind: 'tensor',
      source: 'math',
      name: 'h.0.positions',
      dtype: 'I64',
    });
    expect(shown(termFor(step, 'h.0.w'), 'h.0.w')).toBe('base');
  });

  it('counts what a Delta leaves out as zero, and what a Model leaves out as a fault', () => {
    const weights = (...names: readonly string[]): Signature =>
      signatureOf(names.map((name) => ({ name, dtype: 'F32', shape: [2] })));
    const models: Models = {
      base: weights('h.0.w', 'h.0.b'),
      math: weights('h.0.w'),
      code: weights('h.0.w'),
    };
    const { step } = stepOf('merge m = ties(base, [math - code])', models);
    expect(shown(termFor(step, 'h.0.w'), 'h.0.w')).toBe('ties(base, (math - code))');
    expect(shown(termFor(step, 'h.0.b'), 'h.0.b')).toBe('ties(base, 0)');
    expect(() => stepOf('merge m = ties(base, [math])', models)).toThrow('MW4105');
  });

  it('gives the type of the base, else of the first operand with share 1', () => {
    const models: Models = {
      base: { dtype: 'F32' },
      math: { dtype: 'BF16' },
      code: { dtype: 'F16' },
    };
    const dtypeOf = (text: string): string => termFor(stepOf(text, models).step, up(0)).dtype;
    expect(dtypeOf('merge m = ties(base, [math, code])')).toBe('F32');
    expect(dtypeOf('merge m = linear([code, math])')).toBe('F16');
    expect(dtypeOf('merge m = 0.5 * (math - base) + code')).toBe('F16');
    expect(dtypeOf('merge m = 0.5 * math + 0.5 * code')).toBe('BF16');
  });

  it('settles one tensor once, for all that read it', () => {
    const { step } = stepOf('merge a = average([base, math])\nmerge m = slerp(a, a[0..3], t: 0.5)');
    const [left] = callOf(termFor(step, up(0))).inputs;
    if (left?.kind !== 'step' || step.value.kind !== 'call') throw new Error('no step');
    const upstream = step.value.call.inputs[0]!.value;
    expect(tensorTerm(upstream, up(0))).toMatchObject({ term: left.term });
    expect(termFor(step, up(0))).toBe(termFor(step, up(0)));
  });
});

describe('settings', () => {
  it('fills in defaults by compat, and every value by input', () => {
    const { step } = stepOf(
      'merge m = ties(base, [math { weight: 2 }, code], density: { code: 40% }, scale: 0.7, compat: mergekit) { at norms | final_norm { density = 100% } at mlp { weight.code = 3 } }',
    );
    expect(callOf(termFor(step, up(0)))).toMatchObject({
      settings: { scale: 0.7, combine: 'mean', elect: 'mass', scope: 'tensor', compat: 'mergekit' },
      perInput: { weight: [2, 3], density: [1, 0.4] },
      compat: 'mergekit',
    });
    expect(callOf(termFor(step, q(0))).perInput).toEqual({ weight: [2, 1], density: [1, 0.4] });
  });

  it('keys draws by the statement the call is written in, and names calls', () => {
    const { step } = stepOf(
      'let one = dare(math - base, seed: 3)\nlet two = dare(code - base, seed: 4)\nmerge m = base + one + 0.5 * dare(two) + dare(math - base, seed: 9)',
    );
    const term = termFor(step, up(0));
    if (term.kind !== 'sum') throw new Error('no sum');
    const calls = term.terms
      .slice(1)
      .map(({ term: of }) => callOf(of.kind === 'scaled' ? of.term : of));
    expect(calls.map(({ call, drawSlot, settings }) => [call, drawSlot, settings['seed']])).toEqual(
      [
        ['one.1', 1, 3],
        ['m.1', 1, 0],
        ['m.2', 2, 9],
      ],
    );
    expect(callOf(calls[1]!.inputs[0]!)).toMatchObject({ call: 'two.1', drawSlot: 1 });
  });

  it('draws by the name in the call’s own result', () => {
    const { step } = stepOf('merge a = dare_ties(base, [math])\nmerge m = a[2..3]');
    const term = termFor(step, up(1));
    if (term.kind !== 'step') throw new Error('no step');
    expect(callOf(term.term).tensor).toBe(up(3));
  });

  it('tells who set a value, and what it was before', () => {
    const { step, checked } = stepOf(
      'merge m = ties(base, [math, code], density: curve(0.1, 0.4)) { at mlp { density = 50% } at layers 0..1 { density.code = 60% } }',
    );
    const text = `model base = "./base"\nmodel math = "./math"\nmodel code = "./code"\nmerge m = ties(base, [math, code], density: curve(0.1, 0.4)) { at mlp { density = 50% } at layers 0..1 { density.code = 60% } }`;
    const trace = traceOf(step, up(1))
      .filter(({ parameter }) => parameter === 'density')
      .map(({ expert, steps }) => [
        expert,
        ...steps.map(
          ({ by, span, value }) =>
            `${by} ${span === undefined ? '' : text.slice(span.start, span.end)} ${value}`,
        ),
      ]);
    expect(trace).toEqual([
      ['math', 'default  0.2', 'call curve(0.1, 0.4) 0.2', 'rule 50% 0.5'],
      ['code', 'default  0.2', 'call curve(0.1, 0.4) 0.2', 'rule 50% 0.5', 'rule 60% 0.6'],
    ]);
    expect(checked.reached).toBe('headers');
  });
});

describe('curves', () => {
  /** The law, in its plainest form. */
  function lawOf(knots: readonly number[], index: number, count: number): number {
    if (count === 1) return knots[0]!;
    const quotient = Math.floor((index * (knots.length - 1)) / (count - 1));
    const f = ((index * (knots.length - 1)) % (count - 1)) / (count - 1);
    return f === 0 ? knots[quotient]! : (1 - f) * knots[quotient]! + f * knots[quotient + 1]!;
  }

  it('follow the law over all layers, and over those of a rule', () => {
    const knot = fc.integer({ min: 0, max: 100 }).map((of) => of / 100);
    const knots = fc.array(knot, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(
        knots,
        knots,
        fc.integer({ min: 1, max: 9 }),
        fc.nat(),
        fc.nat(),
        (all, some, layers, a, b) => {
          const [from, to] = [a % layers, b % layers].sort((one, other) => one - other) as [
            number,
            number,
          ];
          const { step } = stepOf(
            `merge m = lerp(base, math, t: curve(${all.join(', ')})) { at layers ${from}..${to} & mlp { t = curve(${some.join(', ')}) } }`,
            { base: { layers }, math: { layers }, code: { layers } },
          );
          for (let layer = 0; layer < layers; layer++) {
            expect(t(step, q(layer))).toBe(lawOf(all, layer, layers));
            const isInside = layer >= from && layer <= to;
            expect(t(step, up(layer))).toBe(
              isInside ? lawOf(some, layer - from, to - from + 1) : lawOf(all, layer, layers),
            );
          }
          expect(t(step, 'model.embed_tokens.weight')).toBe(all[0]);
          expect(t(step, 'lm_head.weight')).toBe(all.at(-1));
          expect(t(step, 'model.norm.weight')).toBe(all.at(-1));
        },
      ),
      { numRuns: 60 },
    );
  });

  const at = (text: string, tensor: string, layers = 5): ParameterValue | undefined =>
    t(
      stepOf(`merge m = lerp(base, math, t: ${text})`, {
        base: { layers },
        math: { layers },
        code: { layers },
      }).step,
      tensor,
    );

  it.each<[string, string, number, number?]>([
    ['curve({ 1: 0.2, 3: 0.8, -1: 0 })', up(0), 0.2],
    ['curve({ 1: 0.2, 3: 0.8, -1: 0 })', up(2), 0.5],
    ['curve({ 1: 0.2, 3: 0.8, -1: 0 })', up(4), 0],
    ['curve({ 1: 0.2, 3: 0.8 })', 'lm_head.weight', 0.8],
    ['curve({ -1: 1, 0: 0 })', up(1), 0.25],
    ['curve(0, 1, ease: hold)', up(3), 0],
    ['curve(0, 1, ease: smooth)', up(1), 3 * 0.25 ** 2 - 2 * 0.25 ** 3],
    ['curve(0.3, 0.9)', up(0), 0.3, 1],
    ['1 - 0.5 * curve(0, 1)', up(2), 0.75],
    ['max(curve(0, 1), 0.6)', up(1), 0.6],
  ])('%s at %s', (text, tensor, expected, layers) => {
    expect(at(text, tensor, layers)).toBeCloseTo(expected, 15);
  });

  it('follow mergekit where a step says so', () => {
    const settled = (layers: number, tensor: string): ParameterValue | undefined =>
      t(
        stepOf(
          'merge m = slerp(base, math, t: curve(0.1, 0.3, 0.7), compat: mergekit) { at "*q_proj*" { t = curve(0, 1) } }',
          { base: { layers }, math: { layers }, code: { layers } },
        ).step,
        tensor,
      );
    expect(settled(1, up(0))).toBe(0.7);
    expect(settled(4, 'lm_head.weight')).toBe(0.1);
    expect(settled(4, 'model.norm.weight')).toBe(0.1);
    const x = (1 / 3) * 2;
    expect(settled(4, up(1))).toBe((1 - x) * 0.1 + x * 0.3);
    expect(settled(4, q(2))).toBe((1 - 2 / 3) * 0 + (2 / 3) * 1);
  });

  it('are laid over the layers of the innermost call’s own result', () => {
    const { step } = stepOf(
      'merge m = stack([lerp(base, math, t: curve(0, 1))[0..1], lerp(base[2..3], math[2..3], t: curve(0, 1))])',
    );
    expect([0, 1, 2, 3].map((layer) => t(step, up(layer)))).toEqual([0, 1 / 3, 0, 1]);
  });
});

describe('later lines win', () => {
  const places = [
    'all',
    'mlp',
    'attention',
    'layers 0..1',
    'layers 1..2 & mlp',
    '"*q_proj*"',
    'norms',
    'layers -1',
    'head',
  ];
  const action = fc.oneof(
    fc.record({ kind: fc.constant('all' as const), value: fc.integer({ min: 0, max: 9 }) }),
    fc.record({
      kind: fc.constantFrom('math' as const, 'code' as const),
      value: fc.integer({ min: 0, max: 9 }),
    }),
    fc.record({ kind: fc.constant('map' as const), value: fc.integer({ min: 0, max: 9 }) }),
    fc.record({
      kind: fc.constantFrom('take math' as const, 'take code' as const),
      value: fc.constant(0),
    }),
  );
  const rule = fc.record({
    place: fc.constantFrom(...places),
    actions: fc.array(action, { minLength: 1, maxLength: 2 }),
  });

  const written = ({ kind, value }: { kind: string; value: number }): string => {
    if (kind === 'all') return `weight = ${value}`;
    if (kind === 'map') return `weight = { code: ${value} }`;
    return kind.startsWith('take') ? kind : `weight.${kind} = ${value}`;
  };

  it('as a plain reading of the rules has it', () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 5 }), (rules) => {
        const body = rules
          .map(({ place, actions }) => `at ${place} {\n${actions.map(written).join('\n')}\n}`)
          .join('\n');
        const { step } = stepOf(`merge m = ties(base, [math, code], weight: [2, 3]) {\n${body}\n}`);
        const signature = step.value.signature!;
        for (const { name } of signature.tensors) {
          let weights = [2, 3];
          let taken: string | undefined;
          rules.forEach(({ actions }, i) => {
            if (!tensorsIn(step.rules[i]!.place, signature).tensors.has(name)) return;
            for (const { kind, value } of actions) {
              if (kind === 'all') weights = [value, value];
              else if (kind === 'math') weights = [value, weights[1]!];
              else if (kind === 'code' || kind === 'map') weights = [weights[0]!, value];
              else taken = kind.slice('take '.length);
            }
          });
          const term = termFor(step, name);
          expect(takenBy(step, name) !== undefined).toBe(taken !== undefined);
          if (taken === undefined) expect(callOf(term).perInput['weight']).toEqual(weights);
          else expect(term).toMatchObject({ kind: 'tensor', source: taken, name });
        }
      }),
      { numRuns: 80 },
    );
  });
});

it('settles 300 tensors of 10 steps in milliseconds', () => {
  const layers = 33;
  const steps = Array.from(
    { length: 9 },
    (_, i) =>
      `merge s${i + 1} = ties(s${i}, [math, code], density: curve(0.1, 0.4)) { at mlp { weight.math = 2 } at layers 3..9 & attention { density = 50% } }`,
  );
  const { checked } = stepOf(['merge s0 = slerp(base, math, t: 0.5)', ...steps].join('\n'), {
    base: { layers },
    math: { layers },
    code: { layers },
  });
  const names = [...anatomyOf(checked.steps[0]!.value.signature!).places.keys()];
  expect(names).toHaveLength(300);
  const start = performance.now();
  for (const step of checked.steps) for (const name of names) termFor(step, name);
  expect(performance.now() - start).toBeLessThan(1000);
});
