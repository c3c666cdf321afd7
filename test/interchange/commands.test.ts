/** `import` and `export` from the command line. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mergewright } from '../kit/command.ts';
import { testFolder } from '../kit/merge.ts';
import { tensor, writeModel } from '../kit/model.ts';

const blend = `merge_method: linear
models:
  - model: models/a
    parameters: { weight: 0.5 }
  - model: ./models/b
    revision: main
    parameters: { weight: 1 }
dtype: float32
`;

function folderWith(files: Readonly<Record<string, string>>): ReturnType<typeof testFolder> {
  const folder = testFolder();
  for (const name of ['a', 'b']) {
    mkdirSync(join(folder.path, 'models'), { recursive: true });
    writeModel(join(folder.path, 'models', name), { w: tensor([1, 2]) });
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder.path, name), text);
  return folder;
}

describe('import', () => {
  test('prints a recipe that runs, and what mergekit ignores', async () => {
    using folder = folderWith({ 'blend.yml': blend });
    const { code, out, err } = await mergewright(['import', 'blend.yml'], { cwd: folder.path });
    expect(code).toBe(0);
    expect(out).toContain('model a = local("models/a")');
    expect(err).toBe(
      'blend.yml:6:5: warning MW7101: mergekit ignores `revision` here: it belongs behind the model’s name, as `name@revision`.\n',
    );
    writeFileSync(join(folder.path, 'blend.merge'), out);
    const ran = await mergewright(['run', 'blend.merge'], { cwd: folder.path });
    expect(ran.code).toBe(0);
    expect(existsSync(join(folder.path, 'out/blend/model.safetensors'))).toBe(true);
  });

  test('writes to a file, moves its paths, and never over another without being told', async () => {
    using folder = folderWith({ 'blend.yml': blend });
    mkdirSync(join(folder.path, 'recipes'));
    const args = ['import', 'blend.yml', '-o', 'recipes/blend.merge'];
    const first = await mergewright(args, { cwd: folder.path });
    expect(first.code).toBe(0);
    const recipe = join(folder.path, 'recipes/blend.merge');
    expect(readFileSync(recipe, 'utf8')).toContain('"../models/b"');
    const second = await mergewright(args, { cwd: folder.path });
    expect(second.code).toBe(1);
    expect(second.err).toContain(
      'error: recipes/blend.merge is there already; --overwrite replaces it',
    );
    expect((await mergewright([...args, '--overwrite'], { cwd: folder.path })).code).toBe(0);
  });

  test('reads the headers, to tell a slice from a whole model', async () => {
    const slices = `merge_method: slerp
base_model: ./models/tall
slices:
  - sources:
      - { model: ./models/tall, layer_range: [0, 2] }
      - { model: ./models/tall2, layer_range: [0, 2] }
parameters: { t: 0.5 }
`;
    using folder = folderWith({ 'slices.yml': slices });
    for (const name of ['tall', 'tall2']) {
      writeModel(join(folder.path, 'models', name), {
        'model.layers.0.mlp.up_proj.weight': tensor([1, 2]),
        'model.layers.1.mlp.up_proj.weight': tensor([3, 4]),
      });
    }
    const { out } = await mergewright(['import', 'slices.yml'], { cwd: folder.path });
    expect(out).toContain('slerp(tall, tall2, t: 0.5, compat: mergekit)');
    writeFileSync(join(folder.path, 'part.yml'), slices.replaceAll('[0, 2]', '[0, 1]'));
    const part = await mergewright(['import', 'part.yml'], { cwd: folder.path });
    expect(part.out).toContain('slerp(tall[0..0], tall2[0..0], t: 0.5, compat: mergekit)');
  });

  test('refuses with the place and the reason', async () => {
    using folder = folderWith({ 'wrong.yml': blend.replace('float32', 'float') });
    const { code, out, err } = await mergewright(['import', 'wrong.yml'], { cwd: folder.path });
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toContain('wrong.yml:8:8: error MW7010: `float` is no type that mergekit stores');
  });

  test('tells all of it as JSON', async () => {
    using folder = folderWith({ 'blend.yml': blend });
    const { out } = await mergewright(['import', 'blend.yml', '--json'], { cwd: folder.path });
    const told = JSON.parse(out) as {
      readonly recipe: string;
      readonly findings: readonly object[];
    };
    expect(told.recipe).toContain('merge merged = linear(');
    expect(told.findings).toMatchObject([{ code: 'MW7101', line: 6, column: 5 }]);
  });
});

describe('a method that runs later', () => {
  const later = `merge_method: karcher
models: [{ model: ./models/a }, { model: ./models/b }]
`;

  test('imports and checks, and run refuses it', async () => {
    using folder = folderWith({ 'later.yml': later });
    expect(
      (await mergewright(['import', 'later.yml', '-o', 'later.merge'], { cwd: folder.path })).code,
    ).toBe(0);
    const checked = await mergewright(['check', 'later.merge'], { cwd: folder.path });
    expect(checked.code).toBe(0);
    expect(checked.err).toContain('warning MW3901: `karcher`');
    const ran = await mergewright(['run', 'later.merge'], { cwd: folder.path });
    expect(ran.code).toBe(1);
    expect(ran.err).toContain('MW3902');
  });
});

describe('export', () => {
  const recipe = `model a = "org/a"
model b = "org/b"
merge m = slerp(a, b, t: 0.5, compat: mergekit)
output m to "./out"
`;

  test('writes YAML, also of models that are not here', async () => {
    using folder = folderWith({ 'm.merge': recipe });
    const { code, out } = await mergewright(['export', 'm.merge'], { cwd: folder.path });
    expect(code).toBe(0);
    expect(out).toBe(
      'merge_method: slerp\nbase_model: org/a\nmodels:\n  - model: org/b\nparameters:\n  t: 0.5\n',
    );
  });

  test('refuses at the place in the recipe', async () => {
    using folder = folderWith({ 'm.merge': recipe.replace('slerp', 'lerp') });
    const { code, err } = await mergewright(['export', 'm.merge'], { cwd: folder.path });
    expect(code).toBe(1);
    expect(err).toContain('m.merge:3:11: error MW7202: mergekit has no method like `lerp`.');
  });

  describe('a recipe that uses another', () => {
    const shared = `// What both recipes start from.

model a = "org/a"
model b = "org/b"

merge half = slerp(a[0..7], b[0..7], t: 0.5, compat: mergekit)
merge odd = lerp(
  a,
  b,
  t: 0.5,
)
`;
    const using = (step: string): string => `use "./shared.merge"
merge m = linear([${step}, a], compat: mergekit)
output m to "./out"
`;

    test('is written with the steps and the layers of that one', async () => {
      using folder = folderWith({ 'm.merge': using('half'), 'shared.merge': shared });
      const { code, out } = await mergewright(['export', 'm.merge'], { cwd: folder.path });
      expect(code).toBe(0);
      expect(out).toContain('name: half\n');
      expect(out).toContain('layer_range: [0, 8]\n');
    });

    test('is refused at the place in that one', async () => {
      using folder = folderWith({ 'm.merge': using('odd'), 'shared.merge': shared });
      const told = await mergewright(['export', 'm.merge'], { cwd: folder.path });
      expect(told.code).toBe(1);
      expect(told.err).toBe(
        'shared.merge:7:13: error MW7202: mergekit has no method like `lerp`.\n',
      );
      const json = await mergewright(['export', 'm.merge', '--json'], { cwd: folder.path });
      const { file, findings } = JSON.parse(json.out) as {
        readonly file: string;
        readonly findings: readonly object[];
      };
      expect(file).toBe(join(folder.path, 'm.merge'));
      expect(findings).toMatchObject([
        { file: join(folder.path, 'shared.merge'), code: 'MW7202', line: 7, column: 13 },
      ]);
    });
  });
});
