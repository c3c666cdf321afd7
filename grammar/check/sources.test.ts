import { expect, it } from 'vitest';
import { parse } from '../syntax/parse.ts';
import { check } from './check.ts';
import { sourcesOf } from './sources.ts';
import { testCatalogue } from './test-catalogue.ts';

it.each<[string, unknown, ('model' | 'adapter')?]>([
  ['"./math"', { kind: 'path', path: './math' }],
  ['"../math"', { kind: 'path', path: '../math' }],
  ['"/models/math"', { kind: 'path', path: '/models/math' }],
  ['"~/math"', { kind: 'path', path: '~/math' }],
  ['"G:/models/math"', { kind: 'path', path: 'G:/models/math' }],
  ['"weights/math.safetensors"', { kind: 'path', path: 'weights/math.safetensors' }],
  ['"Qwen/Qwen2.5-1.5B"', { kind: 'hub', id: 'Qwen/Qwen2.5-1.5B' }],
  ['"gpt2"', { kind: 'hub', id: 'gpt2' }],
  ['local("math")', { kind: 'path', path: 'math' }],
  [
    'hub("Qwen/Qwen2.5-1.5B", revision: "4a83ca6")',
    { kind: 'hub', id: 'Qwen/Qwen2.5-1.5B', revision: '4a83ca6' },
  ],
  ['lora("org/tone", on: base)', { kind: 'hub', id: 'org/tone' }, 'adapter'],
  [
    'lora("org/tone", on: base, revision: "v2")',
    { kind: 'hub', id: 'org/tone', revision: 'v2' },
    'adapter',
  ],
  ['lora("./tone", on: base, revision: "v2")', { kind: 'path', path: './tone' }, 'adapter'],
])('%s', (text, reference, kind = 'model') => {
  const recipe = `${kind} m = ${text}`;
  const [mention] = sourcesOf(parse(recipe).recipe);
  expect(mention).toMatchObject({ name: 'm', kind, reference });
  expect(recipe.slice(mention!.span.start, mention!.span.end)).toBe(text);
});

it('gives adapters and statistics the model they belong to', () => {
  const text = `model base = "./base"
adapter tone = lora("./tone", on: base)
stats f = fisher("./f.safetensors", of: base)`;
  const parsed = parse(text);
  expect(sourcesOf(parsed.recipe).map(({ name, kind }) => [name, kind])).toEqual([
    ['base', 'model'],
    ['tone', 'adapter'],
    ['f', 'stats'],
  ]);
  const { sources } = check({ text, ...parsed, catalogue: testCatalogue });
  expect(sources.map(({ name, on }) => [name, on])).toEqual([
    ['base', undefined],
    ['tone', 'base'],
    ['f', 'base'],
  ]);
});

it.each<[string, string, string]>([
  ['model a = "./a"\nmodel m = average([a])', 'MW3001', 'average([a])'],
  ['model m = locl("./a")', 'MW2002', 'locl'],
  ['model m = hub("a/b", revison: "x")', 'MW2003', 'revison'],
  ['adapter m = lora("./a")', 'MW3008', 'lora'],
  ['model a = "./a"\nadapter m = lora("./t", on: a, revision: "v2")', 'MW3001', '"v2"'],
  ['model a = "./a"\nadapter m = lora("o/t", on: a, revision: 2)', 'MW3001', '2'],
  ['model a = "./a"\nadapter m = lora("o/t", on: a, revison: "v2")', 'MW2003', 'revison'],
  ['adapter m = lora("./a", on: bse)\nmodel base = "./b"', 'MW2001', 'bse'],
])('%s', (text, code, at) => {
  const { diagnostics } = check({ text, ...parse(text), catalogue: testCatalogue });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  expect(errors.map(({ code: of, start, end }) => [of, text.slice(start, end)])).toEqual([
    [code, at],
  ]);
});
