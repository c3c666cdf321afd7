import { describe, expect, test } from 'vitest';
import { main } from '../../client/cli/main.ts';
import { valueOf } from '../../engine/faults/fault.ts';
import { readReport } from '../../engine/output/report.ts';
import type { Terminal } from '../../client/cli/terminal.ts';
import { sources, workspace, type Workspace } from '../kit/workspace.ts';

const one = `${sources}merge m = ties(base, [math, code], density: 30%)
output m to "./out/m"
`;

const two = `${sources}merge first = average([math, code])
merge second = slerp(math, code, t: 0.5)
output first to "./out/first"
output second to "./out/second"
output second to "./out/wide" { dtype = f32 }
`;

function digestOf(folder: Workspace, output: string): string {
  const report = JSON.parse(folder.read(`${output}/mergewright.json`)) as {
    readonly weightsDigest: string;
  };
  return report.weightsDigest;
}

describe('a run', () => {
  test('says what it wrote, and is silent about progress in a pipe', async () => {
    using folder = workspace({ 'm.merge': one });
    const { code, out, err } = await folder.run(['run', 'm.merge', '--backend', 'wasm']);
    expect(folder.plain(out)).toMatchInlineSnapshot(`
      "m to out/m: 1.81 kB in <time> by wasm (9 slices)
        holds finite, unlike its inputs, changes arrived, inputs differ, norms, no zero tensor, in its type’s range
        holds changed: 9 of 9 computed tensors differ from base by 35 % of its norm, all read
        weights <hash>
        report  out/m/mergewright.json
      "
    `);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(folder.list().filter((name) => name.startsWith('out'))).toEqual([
      'out',
      'out/m',
      'out/m/config.json',
      'out/m/mergewright.json',
      'out/m/model.safetensors',
    ]);
    expect(out).toContain(digestOf(folder, 'out/m'));
  });

  test('shows progress on a terminal, on one line that is gone at the end', async () => {
    using folder = workspace({ 'm.merge': one });
    const err: string[] = [];
    const terminal: Terminal = {
      out: () => undefined,
      err: (text) => err.push(text),
      isInteractive: true,
      columns: 100,
    };
    expect(await main(['run', folder.at('m.merge'), '--backend', 'wasm'], terminal)).toBe(0);
    expect(err.join('')).toMatch(/9 of 9 tensors {2}\d+ % {2}.*\/s/);
    expect(err.at(-1)).toBe('\r\u001b[2K');
    expect(err.join('')).not.toContain('\n');
  });

  test('as JSON', async () => {
    using folder = workspace({ 'm.merge': one });
    const { out } = await folder.run(['run', 'm.merge', '--json', '--backend', 'wasm']);
    expect(JSON.parse(out)).toMatchObject({
      kind: 'done',
      outputs: [
        {
          step: 'm',
          folder: folder.at('out/m'),
          upToDate: false,
          report: { weightsDigest: digestOf(folder, 'out/m'), backends: [{ backend: 'wasm' }] },
        },
      ],
    });
  });

  test('is kept when nothing changed, a comment aside, and says so', async () => {
    using folder = workspace({ 'm.merge': one });
    await folder.run(['run', 'm.merge']);
    const before = folder.read('out/m/mergewright.json');
    folder.write('m.merge', `// The same.\n${one}`);
    expect(await folder.run(['run', 'm.merge'])).toMatchObject({
      code: 0,
      out: 'm is up to date in out/m\n',
      err: '',
    });
    expect(folder.read('out/m/mergewright.json')).toBe(before);
    const json = await folder.run(['run', 'm.merge', '--json']);
    expect(JSON.parse(json.out)).toMatchObject({ kind: 'done', outputs: [{ upToDate: true }] });
  });

  test('replaces another recipe’s output only with --overwrite', async () => {
    using folder = workspace({ 'm.merge': one });
    await folder.run(['run', 'm.merge']);
    const before = digestOf(folder, 'out/m');
    folder.write('m.merge', one.replace('30%', '60%'));
    const refused = await folder.run(['run', 'm.merge']);
    expect(folder.plain(refused.err)).toMatchInlineSnapshot(`
      "error MW6103: <folder>/out/m is there already, made from another recipe, other inputs or another version.
        Add --overwrite to replace it, or give another folder with --out.
      "
    `);
    expect(refused.code).toBe(1);
    expect(digestOf(folder, 'out/m')).toBe(before);
    expect((await folder.run(['run', 'm.merge', '--overwrite'])).code).toBe(0);
    expect(digestOf(folder, 'out/m')).not.toBe(before);
    expect(folder.list().filter((name) => /\.(old|part|lock)/.test(name))).toEqual([]);
  });
});

describe('a recipe that uses another', () => {
  const recipes = {
    'shared/common.merge': 'use "./limits.merge"\nlet keep = 30%\n',
    'shared/limits.merge': '// Found by trying.\nlet most = 300%\n',
    'm.merge': `use "./shared/common.merge" as team
use "./shared/limits.merge"
${one.replace('30%', 'team.keep')}expect gap(m, code) < most
`,
  };

  test('is remembered with it', async () => {
    using folder = workspace(recipes);
    expect(await folder.run(['run', 'm.merge'])).toMatchObject({ code: 0, err: '' });
    const report = valueOf(await readReport(folder.at('out/m')));
    expect(report.recipe).toEqual({
      path: folder.at('m.merge'),
      text: recipes['m.merge'],
      imports: [
        { path: 'shared/common.merge', text: recipes['shared/common.merge'] },
        { path: 'shared/limits.merge', text: recipes['shared/limits.merge'] },
      ],
    });
  });

  test('is another merge once that one says something else', async () => {
    using folder = workspace(recipes);
    await folder.run(['run', 'm.merge']);
    const again = async (name: keyof typeof recipes, from: string, to: string): Promise<string> => {
      folder.write(name, recipes[name].replace(from, to));
      const { code, err } = await folder.run(['run', 'm.merge']);
      folder.write(name, recipes[name]);
      return code === 0 ? 'up to date' : /MW\d+/.exec(err)![0];
    };
    expect(await again('shared/limits.merge', 'trying', 'trying hard')).toBe('up to date');
    expect(await again('shared/common.merge', '30%', '60%')).toBe('MW6103');
    expect(await again('shared/limits.merge', '300%', '1%')).toBe('MW6103');
    expect(await again('shared/common.merge', 'let keep', 'let kept = 1\nlet keep')).toBe(
      'up to date',
    );
  });
});

describe('where outputs go', () => {
  test('recipes name paths from their own folder, the command line from where it stands', async () => {
    using folder = workspace({
      'recipes/m.merge': one.replaceAll('"./', '"../'),
      'elsewhere/note.txt': '',
    });
    const cwd = folder.at('elsewhere');
    const inRecipe = await folder.run(['run', '../recipes/m.merge'], { cwd });
    expect(inRecipe.code).toBe(0);
    expect(folder.has('out/m/model.safetensors')).toBe(true);
    const onLine = await folder.run(['run', '../recipes/m.merge', '--out', 'mine'], { cwd });
    expect(onLine.code).toBe(0);
    expect(onLine.out).toContain('m to mine:');
    expect(folder.has('elsewhere/mine/model.safetensors')).toBe(true);
  });

  test('--out is a folder for all outputs where there are several', async () => {
    using folder = workspace({ 'two.merge': two });
    expect((await folder.run(['run', 'two.merge', '--out', 'all'])).code).toBe(0);
    expect(folder.has('out')).toBe(false);
    for (const name of ['first', 'second', 'wide'])
      expect(folder.has(`all/${name}/mergewright.json`)).toBe(true);
  });

  test('two outputs that would meet there are refused', async () => {
    using folder = workspace({
      'two.merge': two.replace('./out/second', './other/first').replace('./out/wide', './wide'),
    });
    const { code, err } = await folder.run(['run', 'two.merge', '--out', 'all']);
    expect(folder.plain(err)).toBe('error: two outputs would go to <folder>/all/first\n');
    expect(code).toBe(2);
    expect(folder.has('all')).toBe(false);
  });

  test('--only takes the step’s name or the last part of the folder', async () => {
    using folder = workspace({ 'two.merge': two });
    expect((await folder.run(['run', 'two.merge', '--only', 'first'])).code).toBe(0);
    expect((await folder.run(['run', 'two.merge', '--only', 'wide'])).code).toBe(0);
    expect(folder.list().filter((name) => /^out\/\w+$/.test(name))).toEqual([
      'out/first',
      'out/wide',
    ]);
    expect(await folder.run(['run', 'two.merge', '--only', 'third'])).toMatchObject({
      code: 2,
      err: 'error: no output is called third; there are first, second, second\n',
    });
  });

  test('--only of a name that two outputs have is a wrong use', async () => {
    using folder = workspace({
      'two.merge': two.replace('./out/second', './out/middle'),
    });
    expect(await folder.run(['run', 'two.merge', '--only', 'second'])).toMatchObject({
      code: 2,
      err: "error: second could be 2 outputs; name the last part of one's folder\n",
    });
  });
});

describe('what computes', () => {
  test('every backend writes the same weights', async () => {
    using folder = workspace({ 'm.merge': one });
    const digests = new Set<string>();
    for (const backend of ['auto', 'wasm', 'oracle', 'gpu']) {
      const run = ['run', 'm.merge', '--backend', backend, '--out', backend];
      const { code, out } = await folder.run(run, { env: { MERGEWRIGHT_SOFTWARE_GPU: '1' } });
      expect(code, backend).toBe(0);
      if (backend === 'gpu') expect(out).toMatch(/by gpu on SwiftShader.* \(9 slices\)/);
      digests.add(digestOf(folder, backend));
    }
    expect(digests.size).toBe(1);
  });

  test('on threads and in memory as said', async () => {
    using folder = workspace({ 'm.merge': one });
    const digests = new Set<string>();
    for (const [threads, memory] of [
      ['1', '64MB'],
      ['2', '1 GiB'],
      ['2', '12MiB'],
    ] as const) {
      const out = `t${threads}-${memory}`;
      const args = ['run', 'm.merge', '--threads', threads, '--memory', memory, '--out', out];
      expect((await folder.run(args)).code).toBe(0);
      digests.add(digestOf(folder, out));
    }
    expect(digests.size).toBe(1);
  });

  test('none takes the time and leaves nothing', async () => {
    using folder = workspace({ 'two.merge': two });
    const before = folder.list();
    const { code, out } = await folder.run(['run', 'two.merge', '--backend', 'none']);
    expect(out).toMatch(/^read and written without arithmetic in \d+\.\d\d s\n$/);
    expect(code).toBe(0);
    expect(folder.list()).toEqual(before);
  });

  test('none leaves a finished output alone', async () => {
    using folder = workspace({ 'm.merge': one });
    await folder.run(['run', 'm.merge']);
    const before = folder.list();
    expect((await folder.run(['run', 'm.merge', '--backend', 'none'])).out).toContain('read and');
    expect(folder.list()).toEqual(before);
    expect((await folder.run(['run', 'm.merge'])).out).toContain('up to date');
  });

  test('a GPU that is asked for and not there is the machine’s fault', async () => {
    using folder = workspace({ 'm.merge': one });
    const before = folder.list();
    const { code, err } = await folder.run(['run', 'm.merge', '--backend', 'gpu'], {
      env: { VK_DRIVER_FILES: folder.at('nothing.json'), MERGEWRIGHT_SOFTWARE_GPU: undefined },
    });
    expect(err).toContain('error MW6203: There is no GPU to run on:');
    expect(err).toContain('Run with --backend auto');
    expect(code).toBe(3);
    expect(folder.list()).toEqual(before);
  });
});

describe('expectations', () => {
  const judged = (bound: string): string =>
    one.replace('output', `expect gap(m, math) ${bound}\nexpect finite(m)\noutput`);

  test('that hold are in the report', async () => {
    using folder = workspace({ 'm.merge': judged('< 1000%') });
    const { code, out } = await folder.run(['run', 'm.merge', '--backend', 'wasm']);
    expect(folder.plain(out)).toMatchInlineSnapshot(`
      "m to out/m: 1.81 kB in <time> by wasm (9 slices)
        holds finite, unlike its inputs, changes arrived, inputs differ, norms, no zero tensor, in its type’s range
        holds changed: 9 of 9 computed tensors differ from base by 35 % of its norm, all read
        holds gap(m, math) < 1000%: gap(m, math) = 98.2 %
        holds finite(m): elements not finite in m = 0
        weights <hash>
        report  out/m/mergewright.json
      "
    `);
    expect(code).toBe(0);
  });

  test('that do not keep the output from getting its name', async () => {
    using folder = workspace({ 'm.merge': judged('< 1%') });
    const before = folder.list();
    const { code, out, err } = await folder.run(['run', 'm.merge']);
    expect(err).toMatchInlineSnapshot(`
      "  fails gap(m, math) < 1%: gap(m, math) = 98.2 %
        holds finite(m): elements not finite in m = 0
      error MW5002: An expectation does not hold; nothing was published.
        Change the recipe, or the figure it expects.
      "
    `);
    expect(out).toBe('');
    expect(code).toBe(1);
    expect(folder.list()).toEqual(before);
    const json = await folder.run(['run', 'm.merge', '--json']);
    expect(JSON.parse(json.out)).toMatchObject({ kind: 'failed-expectations' });
    expect(json.code).toBe(1);
  });
});

describe('wrong uses', () => {
  test.each([
    [['run'], "error: missing required argument 'recipe'"],
    [['rnu', 'm.merge'], "error: unknown command 'rnu'"],
    [['run', 'm.merge', '--fast'], "error: unknown option '--fast'"],
    [['run', 'm.merge', '--memory', 'lots'], 'Write a size such as 256MB or 1GiB.'],
    [['run', 'm.merge', '--threads', '0'], 'Write a whole number from 1 to 256.'],
    [['run', 'm.merge', '--backend', 'cuda'], 'Allowed choices are auto, gpu, wasm, oracle, none.'],
    [['explain', 'm.merge'], "error: required option '--tensor <name>' not specified"],
  ])('%j', async (args, said) => {
    using folder = workspace({ 'm.merge': one });
    const { code, out, err } = await folder.run(args);
    expect(err).toContain(said);
    expect(err.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
    expect(out).toBe('');
    expect(code).toBe(2);
  });

  test('help and version are none', async () => {
    using folder = workspace();
    for (const command of ['check', 'fmt', 'plan', 'preview', 'run', 'explain', 'methods']) {
      const { code, out } = await folder.run([command, '--help']);
      expect(out).toContain('--json');
      expect(code).toBe(0);
    }
    expect(await folder.run(['--version'])).toMatchObject({ code: 0 });
  });
});
