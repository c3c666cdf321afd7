/** Models of several vocabularies become one: rows by rows, on every backend, with the files that say so. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { valueOf } from '../../engine/faults/fault.ts';
import { openRecipe } from '../../engine/recipe/open-recipe.ts';
import { plainRun, readOutput, runRecipe, testFolder } from '../kit/merge.ts';
import { base, chat, columns, math, rowOf, writeSpoken, type SpokenModel } from './models.ts';

const models = { base, chat, math };

interface Made {
  readonly folder: string;
  readonly digest: string;
  readonly embed: readonly number[][];
  readonly head: readonly number[][];
  json(file: string): Record<string, unknown>;
}

async function made(
  recipe: string,
  options: Parameters<typeof runRecipe>[1] = {},
  written: Readonly<Record<string, SpokenModel>> = models,
): Promise<Made> {
  const folder = testFolder().path;
  for (const [name, model] of Object.entries(written)) writeSpoken(folder, name, model);
  const sources = Object.keys(written).map((name) => `model ${name} = "./${name}"\n`);
  const path = join(folder, 'r.merge');
  writeFileSync(join(folder, 'own.jinja'), '{{ own }}');
  writeFileSync(path, `${sources.join('')}${recipe}\n`);
  const outcome = valueOf(await runRecipe(path, options));
  if (outcome.kind !== 'done') throw new Error(outcome.kind);
  const out = outcome.outputs[0]!.folder;
  const { tensors } = await readOutput(out);
  const matrix = (name: string): number[][] => {
    const values = tensors.get(name) ?? [];
    return Array.from({ length: values.length / columns }, (_, row) =>
      values.slice(row * columns, (row + 1) * columns),
    );
  };
  return {
    folder: out,
    digest: outcome.outputs[0]!.report.weightsDigest,
    embed: matrix('model.embed_tokens.weight'),
    head: matrix('lm_head.weight'),
    json: (file) => JSON.parse(readFileSync(join(out, file), 'utf8')) as Record<string, unknown>,
  };
}

const mean = (...rows: readonly number[][]): number[] =>
  rows[0]!.map((_, column) =>
    Math.fround(rows.reduce((sum, row) => sum + row[column]!, 0) / rows.length),
  );
/** The nearest number of bf16, ties to even. */
function toBf16(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer)[0]!;
  const rounded = ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) * 65536;
  return new Float32Array(Uint32Array.of(rounded).buffer)[0]!;
}

const half = (one: number[], other: number[]): number[] =>
  one.map((value, i) => Math.fround(Math.fround(0.5 * value) + Math.fround(0.5 * other[i]!)));

test('a union: own rows, the only holder’s, the base’s, and the mean of those that have a token', async () => {
  const { embed, head, json } = await made(`merge m = linear([base, chat, math], weight: [1, 0, 0])
output m to "./out" { tokenizer = union([base, chat, math]), pad_vocabulary_to = 4 }`);
  for (const kind of ['embed', 'head'] as const) {
    const own = ['a', 'b', 'c', 'd'].map((_, row) => rowOf(base, row, kind));
    // Only chat has x; chat and math have <s>, and the base has it not; only chat has <e>; math has no row for its last token.
    const x = rowOf(chat, 3, kind);
    const s = mean(rowOf(chat, 4, kind), rowOf(math, 5, kind));
    const e = rowOf(chat, 5, kind);
    const real = [...own, x, s, e];
    const rest = mean(...real);
    const late = rest;
    expect(kind === 'embed' ? embed : head).toEqual([...real, late]);
  }
  expect(json('config.json').vocab_size).toBe(8);
});

test('each model is brought to the rows before it is merged', async () => {
  const { embed } = await made(`merge m = linear([base, chat])
output m to "./out" { tokenizer = union([base, chat]) }`);
  expect(embed).toEqual([
    half(rowOf(base, 0), rowOf(chat, 0)),
    half(rowOf(base, 1), rowOf(chat, 2)),
    half(rowOf(base, 2), rowOf(chat, 1)),
    rowOf(base, 3),
    rowOf(chat, 3),
    rowOf(chat, 4),
    rowOf(chat, 5),
  ]);
});

test('a tokenizer of one model: its tokens in its order, and what others have besides is left', async () => {
  const { embed, json } = await made(`merge m = linear([base, chat], weight: [1, 0])
output m to "./out" { tokenizer = chat }`);
  expect(embed).toEqual([
    rowOf(base, 0),
    rowOf(base, 2),
    rowOf(base, 1),
    rowOf(chat, 3),
    rowOf(chat, 4),
    rowOf(chat, 5),
  ]);
  expect(json('tokenizer_config.json').model).toBe('chat');
  expect(json('config.json')).toMatchObject({ vocab_size: 6, bos_token_id: chat.seed });
});

test('rows of single tokens: of a model, of another token, forced, zero', async () => {
  const { embed } = await made(`merge m = linear([base, chat], weight: [1, 0])
output m to "./out" {
  tokenizer = base
  tokens = { "a": force(chat), "b": math, "c": force(row(chat, "x")), "<new>": zero, "<n2>": row(base, 3) }
}`);
  expect(embed).toEqual([
    rowOf(chat, 0),
    rowOf(base, 1),
    rowOf(chat, 3),
    rowOf(base, 3),
    [0, 0, 0, 0],
    rowOf(base, 3),
  ]);
});

test('a row that another model gives is rounded to the type of the one that gets it', async () => {
  const third: SpokenModel = { tokens: ['a', 'y'], seed: 3, dtype: 'BF16' };
  const fine: SpokenModel = { tokens: ['a', 'z', 'y'], seed: 4, dtype: 'F32', divisor: 3 };
  const { embed } = await made(
    `merge m = linear([third, fine], weight: [1, 0])
output m to "./out" { tokenizer = fine, dtype = f32, tokens = { "z": fine } }`,
    {},
    { third, fine },
  );
  const given = rowOf(fine, 1);
  expect(given.map(toBf16)).not.toEqual(given);
  expect(embed).toEqual([rowOf(third, 0), given.map(toBf16), rowOf(third, 1)]);
});

test('a tied head stays tied, and gives its rows to one that is not', async () => {
  const tied: SpokenModel = { ...base, tied: true };
  const both = await made(
    'merge m = linear([tied, too])\noutput m to "./out" { tokenizer = union([tied, too]) }',
    {},
    { tied, too: { ...chat, tied: true } },
  );
  expect(both.head).toEqual([]);
  expect(both.embed).toHaveLength(7);
});

const whole = `merge m = ties(base, [chat, math], density: 60%, scope: whole)
output m to "./out" { tokenizer = union([base, chat, math]), pad_vocabulary_to = 16 }`;

test.each([
  ['oracle', { backend: 'oracle' as const }],
  ['the GPU', { backend: 'gpu' as const, threads: 1 }],
  ['two threads', { backend: 'wasm' as const, threads: 2, memory: plainRun.memory }],
])('%s gives the same bytes', async (_, options) => {
  expect((await made(whole, options)).digest).toBe((await made(whole)).digest);
});

test('slices cut rows where they will', async () => {
  const many: SpokenModel = { tokens: Array.from({ length: 40_000 }, (_, i) => `t${i}`), seed: 1 };
  const turned: SpokenModel = { tokens: [...many.tokens].reverse(), seed: 2, dtype: 'BF16' };
  const recipe = `merge m = linear([many, turned])
output m to "./out" { tokenizer = many, pad_vocabulary_to = 1024 }`;
  const written = { many, turned };
  const one = await made(recipe, {}, written);
  expect((await made(recipe, { backend: 'oracle' }, written)).digest).toBe(one.digest);
  expect(one.embed).toHaveLength(40_960);
  for (const row of [0, 1, 16_383, 16_384, 39_999])
    expect(one.embed[row]).toEqual(half(rowOf(many, row), rowOf(turned, 39_999 - row)));
  const meanOf = (model: SpokenModel): number[] =>
    mean(...model.tokens.map((_, row) => rowOf(model, row)));
  const rest = half(meanOf(many), meanOf(turned).map(toBf16));
  for (const row of [40_000, 40_959]) expect(one.embed[row]).toEqual(rest);
});

describe('what stands beside', () => {
  test('the tokens that joined are in the tokenizer, and files that would not know them are left', async () => {
    const { json, folder } = await made(`merge m = linear([base, chat])
output m to "./out" { tokenizer = union([base, chat]) }`);
    expect(json('tokenizer.json')).toMatchObject({
      added_tokens: [
        { id: 5, content: '<s>', special: true },
        { id: 6, content: '<e>', special: true },
      ],
      model: { vocab: { a: 0, b: 1, c: 2, d: 3, x: 4 } },
    });
    expect(json('tokenizer_config.json').added_tokens_decoder).toMatchObject({
      5: { content: '<s>' },
    });
    expect(() => readFileSync(join(folder, 'vocab.json'))).toThrow('ENOENT');
  });

  test.each([
    ['chatml', 'chatml', (text: string) => text.includes('<|im_start|>')],
    ['a file', 'file("./own.jinja")', (text: string) => text === '{{ own }}'],
    ['the majority', 'majority', (text: string) => text === 'T2\n'],
  ])('a chat template: %s', async (_, setting, isRight) => {
    const { folder, json } = await made(`merge m = linear([math, chat, base], weight: [0, 0, 1])
output m to "./out" { tokenizer = base, chat_template = ${setting} }`);
    expect(readFileSync(join(folder, 'chat_template.jinja'), 'utf8')).toSatisfy(isRight);
    expect(json('tokenizer_config.json')).not.toHaveProperty('chat_template');
  });

  test('metadata of the author’s own', async () => {
    const { folder } = await made(
      `merge m = linear([base, base2])
output m to "./out" { metadata = { author: "the team", round: 3, final: true } }`,
      {},
      {
        base,
        base2: { ...base, seed: 9 },
      },
    );
    const file = readFileSync(join(folder, 'model.safetensors'));
    const header = JSON.parse(file.toString('utf8', 8, 8 + Number(file.readBigUInt64LE(0)))) as {
      __metadata__: unknown;
    };
    expect(header.__metadata__).toEqual({
      format: 'pt',
      author: 'the team',
      round: '3',
      final: 'true',
    });
  });
});

describe('what cannot be', () => {
  async function findings(recipe: string, change: (folder: string) => void = () => undefined) {
    using folder = testFolder();
    for (const [name, model] of Object.entries(models)) writeSpoken(folder.path, name, model);
    change(folder.path);
    const sources = Object.keys(models).map((name) => `model ${name} = "./${name}"\n`);
    const path = join(folder.path, 'r.merge');
    writeFileSync(path, `${sources.join('')}${recipe}\n`);
    const { checked } = valueOf(await openRecipe(path));
    return checked.diagnostics
      .filter(({ severity }) => severity === 'error')
      .map(({ code, message }) => `${code} ${message.replaceAll(folder.path, '<folder>')}`);
  }
  const union = 'output m to "./out" { tokenizer = union([base, chat]) }';

  test('unlike vocabularies without a tokenizer', async () => {
    expect(await findings('merge m = linear([base, chat])\noutput m to "./out"')).toEqual([
      'MW4110 `lm_head.weight` is [4, 4] in `base` and [6, 4] in `chat`: vocabularies of unlike size need a `tokenizer` in the output, such as `tokenizer = union([base, chat])`.',
    ]);
  });

  test('a model whose tokens are not known', async () => {
    const found = await findings(`merge m = linear([base, chat])\n${union}`, (folder) =>
      writeFileSync(join(folder, 'chat', 'tokenizer.json'), '{"model": {"vocab": [1]}}'),
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(
      /^MW4570 The vocabulary of chat cannot be read: .*tells no vocabulary/,
    );
  });

  test('a row of a token that its model has not', async () => {
    const found = await findings(`merge m = linear([base, chat])
output m to "./out" { tokenizer = chat, tokens = { "x": base } }`);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^MW4571 The row of "x" is to come from base, which has no token "x"/);
  });

  test('two outputs of two vocabularies', async () => {
    const found = await findings(
      `merge m = linear([base, chat])\nmerge n = linear([chat, base])\n${union}\noutput n to "./n"`,
    );
    expect(found).toEqual([
      'MW4118 This output has no tokenizer, and that of `m` brings all models to one: give both the same, or this one a recipe of its own.',
    ]);
  });
});
