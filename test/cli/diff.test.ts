import { truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { main } from '../../client/cli/main.ts';
import type { Terminal } from '../../client/cli/terminal.ts';
import { valueOf } from '../../engine/faults/fault.ts';
import { runRecipe } from '../kit/merge.ts';
import { tensor, words, writeModel, type TestModel } from '../kit/model.ts';
import { smallModel, sources, workspace, type Workspace } from '../kit/workspace.ts';

interface Told {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function command(...args: readonly string[]): Promise<Told> {
  const out: string[] = [];
  const err: string[] = [];
  const terminal: Terminal = {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    isInteractive: false,
    columns: 100,
  };
  const code = await main(args, terminal);
  return { code, out: out.join(''), err: err.join('') };
}

/** Two models as `a` and `b` of a folder, and what `diff` says of them. */
async function diffOf(
  a: TestModel,
  b: TestModel,
  options: { readonly args?: readonly string[]; readonly configs?: readonly unknown[] } = {},
): Promise<Told & { readonly json: Readonly<Record<string, unknown>> }> {
  using folder = workspace();
  const [left, right] = options.configs ?? [];
  writeModel(folder.at('a'), a, left === undefined ? {} : { config: left });
  writeModel(folder.at('b'), b, right === undefined ? {} : { config: right });
  const sides = [folder.at('a'), folder.at('b'), ...(options.args ?? [])];
  const text = await command('diff', ...sides);
  const json = await command('diff', ...sides, '--json');
  expect(json.code).toBe(text.code);
  return {
    ...text,
    out: folder.plain(text.out),
    json: JSON.parse(json.out) as Readonly<Record<string, unknown>>,
  };
}

const ones = (count: number): number[] => new Array<number>(count).fill(1);

describe('two models', () => {
  test('that are the same to the last byte', async () => {
    const { code, out, json } = await diffOf(smallModel(), smallModel());
    expect(out).toMatchInlineSnapshot(`
      "a  <folder>/a
      b  <folder>/b
      9 tensors equal to the last byte
      "
    `);
    expect(code).toBe(0);
    expect(json).toMatchObject({ isEqual: true, tensors: [], config: [], totals: { equal: 9 } });
  });

  test('in everything that may differ', async () => {
    const a = {
      'gone.weight': tensor([1, 2]),
      'shape.weight': tensor([1, 2, 3, 4], 'BF16', [2, 2]),
      'same.weight': tensor(ones(8)),
      'wider.weight': tensor([1, 2, 3, 4], 'BF16'),
      'far.weight': tensor([3, 0, 0, 0]),
      'near.weight': tensor([...ones(99), 2]),
      'step.count': { dtype: 'I32', shape: [3], words: Uint32Array.of(1, 2, 3) },
      'kind.count': { dtype: 'I32', shape: [1], words: Uint32Array.of(1) },
    } satisfies TestModel;
    const b = {
      'shape.weight': tensor([1, 2, 3, 4], 'BF16', [4]),
      'same.weight': tensor(ones(8)),
      'wider.weight': tensor([1, 2, 3, 4], 'F32'),
      'far.weight': tensor([0, 4, 0, 0]),
      'near.weight': tensor([...ones(99), 2.5]),
      'step.count': { dtype: 'I32', shape: [3], words: Uint32Array.of(1, 2, 4) },
      'kind.count': tensor([1]),
      'new.weight': tensor([1], 'F16'),
    } satisfies TestModel;
    const configs = [
      { model_type: 'llama', text_config: { layers: 2, heads: 4 } },
      { model_type: 'llama', text_config: { layers: 3, heads: 4 }, dtype: 'f32' },
    ];
    const { code, out, json } = await diffOf(a, b, { configs });
    expect(out).toMatchInlineSnapshot(`
      "a  <folder>/a
      b  <folder>/b
      1 tensor equal to the last byte, 3 changed, 1 with the same values in other bytes, 1 of types that are not compared, 1 of another shape, 1 only in a, 1 only in b
      3.33 % of the values differ; over the tensors that changed ‖B − A‖/‖A‖ 47.5 %, max |B − A| 4, cosine 0.892449

      tensor                                     differ  ‖B−A‖/‖A‖  max |B−A|    cosine
      gone.weight   only in a: F32 [2]
      new.weight    only in b: F16 [1]
      shape.weight  BF16 [2, 2] → BF16 [4]
      kind.count    I32 → F32
      far.weight    F32                            50 %      167 %          4         0
      near.weight   F32                             1 %     4.93 %        0.5  0.998858
      step.count    I32                          33.3 %
      wider.weight  BF16 → F32, the same values     0 %

      config.json
        dtype  (none) → "f32"
        text_config.layers  2 → 3
      "
    `);
    expect(code).toBe(1);
    const compared = json.tensors as readonly { readonly name: string; readonly kind: string }[];
    expect(compared.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'gone.weight only',
      'new.weight only',
      'shape.weight other-shape',
      'kind.count other-type',
      'far.weight changed',
      'near.weight changed',
      'step.count changed',
      'wider.weight same-values',
    ]);
    expect(compared[4]).toEqual({
      name: 'far.weight',
      kind: 'changed',
      dtypes: ['F32', 'F32'],
      shape: [4],
      elements: 4,
      differing: 2,
      figures: { relative: 5 / 3, largest: 4, cosine: 0 },
    });
  });

  test('values that are no finite numbers have no figures, and are told first', async () => {
    const { out } = await diffOf(
      { 'a.weight': tensor([1, 2, 3]), 'b.weight': tensor([1, 1]), 'c.weight': tensor([0, 0]) },
      {
        'a.weight': tensor([1, Number.NaN, 3]),
        'b.weight': tensor([1, 1.5]),
        'c.weight': tensor([0, 1]),
      },
    );
    expect(out).toMatchInlineSnapshot(`
      "a  <folder>/a
      b  <folder>/b
      0 tensors equal to the last byte, 3 changed
      42.9 % of the values differ; over the tensors that changed ‖B − A‖/‖A‖ –, max |B − A| –, cosine –

      tensor         differ  ‖B−A‖/‖A‖  max |B−A|    cosine
      a.weight  F32  33.3 %          –          –         –
      c.weight  F32    50 %          –          1         –
      b.weight  F32    50 %     35.4 %        0.5  0.980581
      "
    `);
  });

  test('another NaN, and a zero of the other sign', async () => {
    const bits = (...of: readonly number[]) => words(Uint32Array.from(of), 'F32');
    const { json } = await diffOf(
      { 'nan.weight': bits(0x7fc00000), 'zero.weight': bits(0, 0x3f800000) },
      { 'nan.weight': bits(0x7fc00001), 'zero.weight': bits(0x80000000, 0x3f800000) },
    );
    expect(json.tensors).toMatchObject([
      { name: 'zero.weight', kind: 'changed', differing: 1, figures: { relative: 0, largest: 0 } },
      { name: 'nan.weight', kind: 'same-values' },
    ]);
  });
});

describe('what is asked for', () => {
  test('some tensors alone', async () => {
    const args = ['--tensors', '*.mlp.*'];
    const configs = [{ a: 1 }, { a: 2 }];
    const { json } = await diffOf(smallModel(), smallModel(1), { args, configs });
    const names = (json.tensors as { name: string }[]).map(({ name }) => name).sort();
    expect(names).toEqual([
      'model.layers.0.mlp.up_proj.weight',
      'model.layers.1.mlp.up_proj.weight',
    ]);
    expect(json.config).toEqual([]);
  });

  test('those that differ most', async () => {
    const { out, json } = await diffOf(smallModel(), smallModel(1), { args: ['--top', '2'] });
    expect(json.tensors).toHaveLength(2);
    expect(out).toContain('and 7 more: --top 9');
  });

  test.each([
    [['--top', '0'], 'Write a whole number from 1 on.'],
    [['--tensors', '{a'], 'is no pattern of tensor names: unclosed brace'],
    [['--memory', 'much'], 'Write a size'],
  ])('misused: %j', async (args, message) => {
    using folder = workspace();
    const { code, err } = await command('diff', folder.at('base'), folder.at('math'), ...args);
    expect(err).toContain(message);
    expect(code).toBe(2);
  });
});

describe('what cannot be read is neither equal nor different', () => {
  async function faulty(spoil: (folder: Workspace) => string): Promise<Told> {
    using folder = workspace();
    return await command('diff', folder.at('base'), folder.at(spoil(folder)));
  }

  test('a model that is not there', async () => {
    const { code, err } = await faulty(() => 'nowhere.safetensors');
    expect(err).toContain('MW4501');
    expect(code).toBe(2);
  });

  test('a file that was cut short', async () => {
    const { code, err } = await faulty((folder) => {
      truncateSync(folder.at('math/model.safetensors'), 900);
      return 'math';
    });
    expect(err).toContain('MW4506');
    expect(code).toBe(2);
  });

  test('a report that is none', async () => {
    using folder = workspace({ 'm.merge': `${sources}output base to "./out"\n` });
    valueOf(await runRecipe(folder.at('m.merge')));
    writeFileSync(folder.at('out/mergewright.json'), '{"mark": 1}');
    const { code, err } = await command('diff', folder.at('out'), folder.at('out'));
    expect(err).toContain('MW6107');
    expect(code).toBe(2);
  });
});

describe('two runs', () => {
  const recipe = (weight: string): string =>
    `${sources}merge m = task_arithmetic(base, [math { weight: ${weight} }, code { weight: 20% }])\n`;

  test('their recipes, inputs and engines', async () => {
    using folder = workspace({
      'm.merge': `${recipe('50%')}output m to "./first"\n`,
      'n.merge': `${recipe('60%')}output m to "./second"\n`,
    });
    valueOf(await runRecipe(folder.at('m.merge')));
    writeModel(folder.at('code'), smallModel(3), { config: { torch_dtype: 'bfloat16' } });
    valueOf(await runRecipe(folder.at('n.merge'), { engineVersion: 'later' }));
    const { code, out } = await command('diff', folder.at('first'), folder.at('second'));
    expect(folder.plain(out.slice(out.indexOf('runs\n')))).toMatchInlineSnapshot(`
      "runs
        engine  test → later
        weights  <hash> → <hash>
        input code  other files: <folder>/code
        - 5: merge m = task_arithmetic(base, [math { weight: 50% }, code { weight: 20% }])
        - 6: output m to "./first"
        + 5: merge m = task_arithmetic(base, [math { weight: 60% }, code { weight: 20% }])
        + 6: output m to "./second"
      "
    `);
    expect(code).toBe(1);
  });

  test('of one recipe are equal, wherever they stand', async () => {
    const outputs = 'output m to "./first"\noutput m to "./second"\n';
    using folder = workspace({ 'm.merge': `${recipe('50%')}${outputs}` });
    valueOf(await runRecipe(folder.at('m.merge')));
    const { code, out } = await command('diff', folder.at('first'), folder.at('second'));
    expect(out).toContain('of the same recipe, inputs and engine');
    expect(code).toBe(0);
  });
});
