/** What stands beside an output's weights: configuration, carried files, code, the model card. */
import { readdirSync, rmSync, symlinkSync, truncateSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { describe, expect, test } from 'vitest';
import { valueOf } from '../../engine/faults/fault.ts';
import { readReport } from '../../engine/output/report.ts';
import { hubCache, type HubCache } from '../kit/hub-cache.ts';
import { told } from '../kit/in-process.ts';
import { writeModel } from '../kit/model.ts';
import { smallModel, sources, workspace, type Workspace } from '../kit/workspace.ts';

const commits = ['a'.repeat(40), 'b'.repeat(40)] as const;
const config = JSON.stringify({ model_type: 'llama', num_hidden_layers: 2, vocab_size: 8 });

const card = (matter: string): string => `---\n${matter}\n---\n\n# Model\n`;

function ofHub(cache: HubCache, licences: readonly [string, string]): void {
  cache.add('org/base', commits[0], smallModel(), {
    'config.json': config,
    'README.md': card(licences[0]),
  });
  cache.add('org/math', commits[1], smallModel(1), {
    'config.json': config,
    'README.md': card(licences[1]),
  });
}

const hubRecipe = `model base = "org/base"
model math = hub("org/math", revision: "main")
merge m = base + dare(math - base, density: 50%, seed: 7)
output m to "./out/m" {
  card = true
}
`;

async function made(folder: Workspace, ...args: readonly string[]) {
  const ended = await folder.run([
    'run',
    'm.merge',
    '--backend',
    'wasm',
    '--threads',
    '1',
    ...args,
  ]);
  expect(ended).toMatchObject({ code: 0 });
  return ended;
}

/** A recipe over sentence encoders, whose parts lie in folders. */
function encoder(): Workspace {
  const folder = workspace({
    'm.merge': `${sources}merge m = average([base, math])\noutput m to "./out/m"\n`,
    'n.merge': 'model m = "./out/m"\nmerge n = m\noutput n to "./out/n"\n',
  });
  listModules(folder, { '1_Pooling': 'Pooling', '2_Dense': 'Dense', '3_Normalize': 'Normalize' });
  folder.write('base/1_Pooling/config.json', '{"pool":1}');
  folder.write('base/2_Dense/config.json', '{}');
  folder.write('base/2_Dense/model.safetensors', 'weights');
  return folder;
}

function listModules(folder: Workspace, modules: Readonly<Record<string, string>>): void {
  const all = Object.entries({ '': 'Transformer', ...modules }).map(([path, type], idx) => ({
    idx,
    name: String(idx),
    path,
    type: `sentence_transformers.models.${type}`,
  }));
  folder.write('base/modules.json', JSON.stringify(all));
}

describe('a model card', () => {
  test('tells where the model comes from, for the hub and for a reader', async () => {
    using cache = hubCache();
    using folder = workspace({ 'm.merge': hubRecipe });
    ofHub(cache, ['license: apache-2.0', 'license: Apache-2.0']);
    await made(folder);
    expect(valueOf(await readReport(folder.at('out/m')))).toMatchObject({
      seeds: [{ method: 'dare', seed: 7 }],
      inputs: [
        { name: 'base', hub: 'org/base', revision: commits[0], licence: 'apache-2.0' },
        { name: 'math', hub: 'org/math', revision: commits[1], licence: 'apache-2.0' },
      ],
    });
    expect(folder.plain(folder.read('out/m/README.md'))).toMatchInlineSnapshot(`
      "---
      base_model:
      - org/base
      - org/math
      base_model_relation: merge
      library_name: transformers
      license: apache-2.0
      tags:
      - merge
      - mergewright
      ---

      # m

      A merge of 2 models, made by Mergewright: 9 tensors, 408 parameters, in BF16.

      ## Recipe

      \`\`\`merge
      model base = "org/base"
      model math = hub("org/math", revision: "main")
      merge m = base + dare(math - base, density: 50%, seed: 7)
      output m to "./out/m" {
        card = true
      }
      \`\`\`

      ## Models

      | name | model | revision | licence |
      | --- | --- | --- | --- |
      | \`base\` | \`org/base\` | \`aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\` | apache-2.0, by its README.md |
      | \`math\` | \`org/math\` | \`bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\` | apache-2.0, by its README.md |

      ## Methods

      - \`dare\`, Drop and rescale: \`τ̂ = m ⊙ τ / d, m ~ Bernoulli(d)\`. Yu et al., Language models are Super Mario, ICML 2024

      ## How it was made

      |  |  |
      | --- | --- |
      | engine | Mergewright 0.1.0 |
      | backend | wasm |
      | seeds | 7 (dare) |
      | weights digest | \`<hash>\` |

      ## Checks

      - holds: finite
      - holds: changed, 9 of 9 computed tensors differ from base by 47.5 % of its norm, all read
      - holds: unlike its inputs
      - holds: changes arrived
      - holds: inputs differ
      - holds: norms
      - holds: no zero tensor
      - holds: in its type’s range

      ## Weights of the inputs

      | name | file | size | SHA-256 |
      | --- | --- | --- | --- |
      | \`base\` | \`model.safetensors\` | 1.66 kB | \`<hash>\` |
      | \`math\` | \`model.safetensors\` | 1.66 kB | \`<hash>\` |
      "
    `);
  });

  test('is the same for every run of one plan, wherever it goes', async () => {
    using cache = hubCache();
    using folder = workspace({ 'm.merge': hubRecipe });
    ofHub(cache, ['license: mit', 'license: mit']);
    await made(folder, '--out', folder.at('one'));
    await made(folder, '--out', folder.at('two'), '--threads', '2');
    expect(folder.read('one/README.md')).toBe(folder.read('two/README.md'));
    expect(folder.read('one/README.md')).not.toContain(folder.path);
  });

  test('is written only where it is asked for, and listed among the output’s files', async () => {
    using folder = workspace({ 'm.merge': `${sources}merge m = linear([math, code])\n` });
    const recipe = folder.read('m.merge');
    folder.write('m.merge', `${recipe}output m to "./out/m"\n`);
    await made(folder);
    expect(folder.has('out/m/README.md')).toBe(false);
    folder.write('m.merge', `${recipe}output m to "./out/m" {\n  card = true\n}\n`);
    const refused = await told('run', folder.at('m.merge'));
    expect(refused.err).toContain('MW6103');
    await made(folder, '--overwrite');
    const report = JSON.parse(folder.read('out/m/mergewright.json')) as {
      readonly files: readonly { readonly name: string }[];
    };
    expect(report.files.map(({ name }) => name)).toContain('README.md');
    expect(folder.read('out/m/README.md')).not.toMatch(/base_model|library_name: [^t]/);
  });

  test('names no path of the author’s machine', async () => {
    const home = homedir();
    const { username } = userInfo();
    using folder = workspace();
    folder.write(
      `work/${username}/m.merge`,
      `// Found in ${home}/models and /mnt/store/models, see https://example.org/a/b.
model base = "${folder.at('base')}"
model math = "../../math"
merge m = linear([base, math])  // 1 / 2 of each
output m to "${folder.at('out/m')}" { card = true }
`,
    );
    const recipe = folder.at('work', username, 'm.merge');
    expect(await folder.run(['run', recipe, '--threads', '1'])).toMatchObject({ code: 0 });
    const text = folder.read('out/m/README.md');
    expect(text).not.toContain(folder.path);
    expect(text).not.toContain(home);
    expect(text).not.toContain('/mnt/store');
    expect(text).toContain('model base = "…/base"');
    expect(text).toContain('model math = "../../math"');
    expect(text).toContain('see https://example.org/a/b.');
    expect(text).toContain('// 1 / 2 of each');
  });

  test('tells the recipes that the recipe uses', async () => {
    using folder = workspace({
      'shared.merge': 'let keep = 30%\n',
      'm.merge': `use "./shared.merge"\n${sources}merge m = ties(base, [math, code], density: keep)
output m to "./out/m" { card = true }\n`,
    });
    await made(folder);
    const text = folder.read('out/m/README.md');
    expect(text).toContain('It uses `shared.merge`:\n\n```merge\nlet keep = 30%\n```');
  });
});

describe('licences', () => {
  const check = (folder: Workspace) => told('check', folder.at('m.merge'));

  test('that differ are a warning where the output is, and `other` in the card', async () => {
    using cache = hubCache();
    using folder = workspace({ 'm.merge': hubRecipe });
    ofHub(cache, ['license: apache-2.0', 'license: cc-by-nc-4.0']);
    const { code, err } = await check(folder);
    expect(code).toBe(0);
    expect(err).toContain(
      'm.merge:4:8: warning MW4117: The models of this output have different licences: `base` apache-2.0, `math` cc-by-nc-4.0.\n',
    );
    expect((await told('plan', folder.at('m.merge'))).err).toContain('MW4117');
    await made(folder);
    const text = folder.read('out/m/README.md');
    expect(text).toContain('\nlicense: other\n');
    expect(text).toContain('**The licences differ.**');
    folder.write('m.merge', hubRecipe.replace(' {', ' {  // allow MW4117: for us alone'));
    expect((await check(folder)).err).toBe('');
  });

  test('that some models do not tell are unknown, and said as such', async () => {
    using cache = hubCache();
    using folder = workspace({ 'm.merge': hubRecipe });
    ofHub(cache, ['license: apache-2.0', 'language: en']);
    expect((await check(folder)).err).toBe('');
    await made(folder);
    const text = folder.read('out/m/README.md');
    expect(text).toContain('\nlicense: unknown\n');
    expect(text).toContain('| `math` | `org/math` | `bbbb');
    expect(text).toContain('| unknown |');
  });

  test('with a name of their own keep it where all models have it', async () => {
    using cache = hubCache();
    using folder = workspace({ 'm.merge': hubRecipe });
    const own =
      'license: other\nlicense_name: house-terms\nlicense_link: https://example.org/terms';
    ofHub(cache, [own, own]);
    await made(folder);
    expect(folder.read('out/m/README.md')).toContain(
      '\nlicense: other\nlicense_name: house-terms\nlicense_link: "https://example.org/terms"\n',
    );
  });
});

describe('files beside the weights', () => {
  const recipe = `${sources}merge m = ties(base, [math, code])\noutput m to "./out/m"\n`;
  const carried = [
    'LICENSE',
    'added_tokens.json',
    'chat_template.jinja',
    'generation_config.json',
    'merges.txt',
    'preprocessor_config.json',
    'processor_config.json',
    'special_tokens_map.json',
    'spiece.model',
    'tokenizer.json',
    'tokenizer.model',
    'tokenizer_config.json',
    'vocab.json',
    'vocab.txt',
  ];

  test('come along from the base, and nothing else does', async () => {
    using folder = workspace({ 'm.merge': recipe });
    for (const name of [...carried, 'README.md', 'optimizer.pt', 'tokenizer.py', 'training.txt'])
      folder.write(`base/${name}`, name);
    await made(folder);
    expect(readdirSync(folder.at('out/m')).sort()).toEqual(
      [...carried, 'config.json', 'mergewright.json', 'model.safetensors'].sort(),
    );
    for (const name of carried) expect(folder.read(`out/m/${name}`)).toBe(name);
  });

  test('that are code come along only when asked for, and the configuration says the same', async () => {
    using folder = workspace({ 'm.merge': recipe });
    const map = { AutoModel: 'modeling_own.OwnModel' };
    folder.write('base/config.json', JSON.stringify({ ...JSON.parse(config), auto_map: map }));
    folder.write('base/modeling_own.py', 'raise SystemExit\n');
    const plan = await told('plan', folder.at('m.merge'));
    expect(plan.out).toContain('note    code of the model’s own was left behind (modeling_own.py)');
    await made(folder);
    expect(folder.has('out/m/modeling_own.py')).toBe(false);
    expect(JSON.parse(folder.read('out/m/config.json'))).not.toHaveProperty('auto_map');
    expect(folder.read('out/m/mergewright.json')).toContain('modeling_own.py');
    await made(folder, '--carry-code', '--overwrite');
    expect(folder.read('out/m/modeling_own.py')).toBe('raise SystemExit\n');
    expect(JSON.parse(folder.read('out/m/config.json'))).toMatchObject({ auto_map: map });
  });

  test('that lie in folders come along as their list names them', async () => {
    using folder = encoder();
    folder.write('base/1_Pooling/pool.py', 'raise SystemExit\n');
    folder.write('base/1_Pooling/more/config.json', '{}');
    folder.write('base/3_Other/config.json', '{}');
    await made(folder);
    const inside = folder.list().filter((name) => name.startsWith('out/m/'));
    expect(inside.filter((name) => /\d_|modules/.test(name))).toEqual([
      'out/m/1_Pooling',
      'out/m/1_Pooling/config.json',
      'out/m/2_Dense',
      'out/m/2_Dense/config.json',
      'out/m/2_Dense/model.safetensors',
      'out/m/modules.json',
    ]);
    expect(folder.read('out/m/1_Pooling/config.json')).toBe('{"pool":1}');
    // It is whole, and may be an input, or replaced.
    expect((await told('run', folder.at('m.merge'))).out).toContain('up to date');
    const next = await told('plan', folder.at('n.merge'));
    expect(next.code).toBe(0);
    expect(next.out).toContain(
      'note    weights in folders are copied from one model, not merged (2_Dense/model.safetensors)',
    );
    folder.write('out/m/1_Pooling/config.json', '{"pool":22}');
    expect((await told('run', folder.at('m.merge'))).err).toContain('was changed or removed since');
    await made(folder, '--overwrite');
    expect(folder.read('out/m/1_Pooling/config.json')).toBe('{"pool":1}');
    expect(folder.list().filter((name) => /old|part/.test(name))).toEqual([]);
  });

  test('and what somebody added to such a folder is not deleted', async () => {
    using folder = encoder();
    await made(folder);
    folder.write('out/m/1_Pooling/mine.txt', 'kept');
    const { code, err } = await told('run', folder.at('m.merge'), '--overwrite');
    expect(err).toContain('"1_Pooling/mine.txt"');
    expect(code).toBe(1);
    expect(folder.read('out/m/1_Pooling/mine.txt')).toBe('kept');
  });

  test.runIf(process.platform !== 'win32')('nor what such a folder leads to', async () => {
    using folder = encoder();
    await made(folder);
    folder.write('elsewhere/config.json', '{"pool":1}');
    rmSync(folder.at('out/m/1_Pooling'), { recursive: true });
    symlinkSync(folder.at('elsewhere'), folder.at('out/m/1_Pooling'));
    const { code, err } = await told('run', folder.at('m.merge'), '--overwrite');
    expect(err).toContain('"1_Pooling"');
    expect(code).toBe(1);
    expect(folder.read('elsewhere/config.json')).toBe('{"pool":1}');
  });

  test.each<readonly [string, (folder: Workspace) => void, string]>([
    ['no list', (folder) => folder.write('base/modules.json', '{}'), 'is no list of modules'],
    [
      'a folder elsewhere',
      (folder) => listModules(folder, { '../math': 'Pooling' }),
      '"../math" is no folder',
    ],
    [
      'a folder that is missing',
      (folder) => listModules(folder, { '4_Dense': 'Dense' }),
      '4_Dense is missing',
    ],
    [
      'a second model',
      (folder) => listModules(folder, { '1_Pooling': 'Transformer' }),
      'a Transformer lies in 1_Pooling',
    ],
    [
      'a hidden folder',
      (folder) => {
        folder.write('base/.git/config.json', '{}');
        listModules(folder, { '.git': 'Pooling' });
      },
      '".git" is no folder',
    ],
    [
      'the same folder twice',
      (folder) => {
        const part = { path: '1_Pooling', type: 'sentence_transformers.models.Pooling' };
        folder.write('base/modules.json', JSON.stringify([part, part]));
      },
      'names a folder twice',
    ],
    [
      'too many parts',
      (folder) => {
        const names = Array.from({ length: 33 }, (_, index) => `${index}_Normalize`);
        listModules(folder, Object.fromEntries(names.map((name) => [name, 'Normalize'])));
      },
      'is no list of modules',
    ],
    [
      'too many files',
      (folder) => {
        for (let index = 0; index < 200; index++)
          folder.write(`base/1_Pooling/${index}.json`, '{}');
      },
      'more than 200 files',
    ],
    [
      // As it is where pickles are not downloaded.
      'a part without its weights',
      (folder) => rmSync(folder.at('base/2_Dense/model.safetensors')),
      '2_Dense holds no weights in safetensors',
    ],
    [
      'a program',
      (folder) => folder.write('base/modules.json', '[{"path":"1_Pooling","type":"own.Pool"}]'),
      '"own.Pool" is a program',
    ],
    [
      'a pickle',
      (folder) => {
        rmSync(folder.at('base/2_Dense/model.safetensors'));
        folder.write('base/2_Dense/pytorch_model.bin', 'x');
      },
      '2_Dense/pytorch_model.bin is a pickle',
    ],
    [
      'too much',
      (folder) => truncateSync(folder.at('base/2_Dense/model.safetensors'), 300_000_000),
      'more than the 256.0 MB',
    ],
  ])('a list with %s is left, and said', async (_, change, why) => {
    using folder = encoder();
    change(folder);
    const { out } = await told('plan', folder.at('m.merge'), '--json');
    expect(JSON.parse(out)).toMatchObject({
      outputs: [
        { carried: [], notes: [expect.stringMatching(/^modules\.json and .* left behind: /)] },
      ],
    });
    expect(out).toContain(JSON.stringify(why).slice(1, -1));
  });

  test.runIf(process.platform !== 'win32')(
    'a part that leads out of the folder is refused',
    async () => {
      using folder = encoder();
      folder.write('secret.json', '{}');
      rmSync(folder.at('base/1_Pooling/config.json'));
      symlinkSync(folder.at('secret.json'), folder.at('base/1_Pooling/config.json'));
      const { code, err } = await told('run', folder.at('m.merge'));
      expect(err).toContain('MW4534');
      expect(code).toBe(1);
    },
  );

  test.runIf(process.platform !== 'win32')(
    'a part’s folder that leads out is refused, whatever it holds',
    async () => {
      using folder = encoder();
      folder.write('elsewhere/notes', '');
      rmSync(folder.at('base/1_Pooling'), { recursive: true });
      symlinkSync(folder.at('elsewhere'), folder.at('base/1_Pooling'));
      const { code, err } = await told('run', folder.at('m.merge'));
      expect(err).toContain('MW4534');
      expect(code).toBe(1);
    },
  );

  test.runIf(process.platform !== 'win32')('that lead out of the folder are refused', async () => {
    using folder = workspace({ 'm.merge': recipe, 'secret.txt': 'secret' });
    symlinkSync(folder.at('secret.txt'), folder.at('base', 'tokenizer.json'));
    const { code, err } = await told('run', folder.at('m.merge'));
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('MW4534') });
    expect(folder.has('out')).toBe(false);
  });
});

test('a stack of models with and without a head says in its configuration which it is', async () => {
  using folder = workspace({
    'm.merge': `model tied = "./tied"
model math = "./math"
merge m = stack([tied[0..1], math[1]])
merge n = stack([math[0..1], tied[1]])
output m to "./out/m"
output n to "./out/n"
`,
  });
  const headless = Object.fromEntries(
    Object.entries(smallModel()).filter(([name]) => name !== 'lm_head.weight'),
  );
  const tied = { ...(JSON.parse(config) as object), tie_word_embeddings: true };
  writeModel(folder.at('tied'), headless, { config: tied });
  await made(folder);
  const configOf = (output: string): unknown =>
    JSON.parse(folder.read(`out/${output}/config.json`));
  expect(configOf('m')).toMatchObject({ num_hidden_layers: 3, tie_word_embeddings: false });
  expect(configOf('n')).toMatchObject({ num_hidden_layers: 3, tie_word_embeddings: true });
});

test('positions that are encoded otherwise are a warning', async () => {
  using folder = workspace({
    'm.merge': `${sources}merge m = ties(base, [math, code])\noutput m to "./out/m"\n`,
  });
  folder.write('math/config.json', JSON.stringify({ ...JSON.parse(config), rope_theta: 1000000 }));
  const { code, err } = await told('check', folder.at('m.merge'));
  expect(code).toBe(0);
  expect(err).toContain('warning MW4116: `math` encodes positions by rope_theta 1000000');
});
