/** The commands that look and write nothing: plan, explain, methods, preview. */
import { describe, expect, test } from 'vitest';
import { factors, writePeft } from '../kit/adapter.ts';
import { bytesOf, writeLargeModel } from '../kit/model.ts';
import { stepped, stored, weights } from '../kit/values.ts';
import { sources, workspace } from '../kit/workspace.ts';

const recipe = `${sources}merge m = ties(base, [math, code], density: { math: 30%, code: curve(20%, 60%) }) {
  at mlp        { weight.code = 0.5 }
  at embeddings { take base }
}
expect gap(m, code) < 90%

output m to "./out/m" { dtype = f32, shards = 600 B }
`;

describe('plan', () => {
  test('what a run would read, write and need', async () => {
    using folder = workspace({ 'm.merge': recipe });
    const before = folder.list();
    const { code, out, err } = await folder.run(['plan', 'm.merge', '--threads', '2']);
    expect(out.replace(/\S+ \wB free at \S+/, '<disk>')).toMatchInlineSnapshot(`
      "m to out/m  9 tensors, 0 of them copied  3 files  2.54 kB  new
      reads   2.19 kB, in 4 passes at most
      writes  2.54 kB; <disk>
      memory  69.3 MB for 2 workers, slices of 4.19 MB
      "
    `);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(folder.list()).toEqual(before);
  });

  test('memory that one worker cannot work in is refused with the figure that would do', async () => {
    using folder = workspace({ 'm.merge': recipe });
    const { code, err } = await folder.run(['plan', 'm.merge', '--memory', '3MB']);
    expect(err).toMatchInlineSnapshot(`
      "error MW6202: 3.00 MB are too little: one worker needs 11.6 MB for these models.
        Give --memory 12MiB or more.
      "
    `);
    expect(code).toBe(1);
    const enough = /--memory (\w+)/.exec(err)![1]!;
    expect((await folder.run(['plan', 'm.merge', '--memory', enough])).code).toBe(0);
  });

  test('JSON, and where each output would go', async () => {
    using folder = workspace({ 'm.merge': recipe });
    const { out } = await folder.run(['plan', 'm.merge', '--json', '--out', 'elsewhere']);
    const { outputs } = JSON.parse(out) as {
      readonly outputs: readonly {
        readonly folder: string;
        readonly files: readonly { readonly name: string }[];
        readonly tensors: readonly { readonly name: string; readonly work: string }[];
      }[];
    };
    expect(outputs).toMatchObject([{ step: 'm', folder: folder.at('elsewhere') }]);
    expect(outputs[0]!.files.map(({ name }) => name)).toMatchInlineSnapshot(`
      [
        "model-00001-of-00003.safetensors",
        "model-00002-of-00003.safetensors",
        "model-00003-of-00003.safetensors",
      ]
    `);
    expect(outputs[0]!.tensors.find(({ name }) => name.includes('embed'))).toMatchObject({
      dtype: 'F32',
    });
  });
});

describe('explain', () => {
  test('which line sets each value of a tensor', async () => {
    using folder = workspace({ 'm.merge': recipe });
    const { code, out } = await folder.run([
      'explain',
      'm.merge',
      '--tensor',
      'model.layers.1.mlp.up_proj.weight',
    ]);
    expect(out).toMatchInlineSnapshot(`
      "model.layers.1.mlp.up_proj.weight of m: BF16 [8, 8]
      = ties(base:model.layers.1.mlp.up_proj.weight, math:model.layers.1.mlp.up_proj.weight, code:model.layers.1.mlp.up_proj.weight)
        density.math = 30% (line 5) · 20% (default, overridden)
        density.code = 60% (line 5) · 20% (default, overridden)
        weight.math = 1 (default)
        weight.code = 0.5 (line 6, at mlp) · 1 (default, overridden)
        scale = 1 (default)
        combine = mean (default)
        elect = mass (default)
        trim = count (default)
        rescale = none (default)
        scope = tensor (default)
        compat = paper (default)
        compute = storage (default)
      "
    `);
    expect(code).toBe(0);
  });

  test('a tensor that is taken, as JSON', async () => {
    using folder = workspace({ 'm.merge': recipe });
    const { out } = await folder.run([
      'explain',
      'm.merge',
      '--json',
      '--step',
      'm',
      '--tensor',
      'model.embed_tokens.weight',
    ]);
    expect(JSON.parse(out)).toMatchObject({
      step: 'm',
      tensor: { name: 'model.embed_tokens.weight', shape: [8, 8] },
      term: { kind: 'tensor', source: 'base' },
      // It is stored in another type.
      copied: [],
    });
  });

  test('what an adapter leaves as it is is copied, but not to an output of another type', async () => {
    using folder = workspace({
      'm.merge': `${sources}adapter style = lora("./style", on: base)
merge m = base + style
output m to "./out/m"
output m to "./out/wide" { dtype = f32 }
`,
    });
    const path = 'model.layers.0.mlp.up_proj';
    writePeft(folder.at('style'), { [path]: factors([2, 8], [8, 2]) });
    const explained = async (tensor: string): Promise<string> =>
      (await folder.run(['explain', 'm.merge', '--tensor', tensor])).out;
    expect(await explained('model.norm.weight')).toMatchInlineSnapshot(`
      "model.norm.weight of m: BF16 [8]
      = base:model.norm.weight + 0
        copied byte for byte from base to out/m
      "
    `);
    expect(await explained(`${path}.weight`)).not.toContain('copied');
    const args = ['explain', 'm.merge', '--json', '--tensor', 'model.norm.weight'];
    expect(JSON.parse((await folder.run(args)).out)).toMatchObject({
      copied: [{ from: { source: 'base', name: 'model.norm.weight' }, to: folder.at('out/m') }],
    });
  });

  test('a tensor or a step that is not there is a wrong use', async () => {
    using folder = workspace({ 'm.merge': recipe });
    const tensor = await folder.run(['explain', 'm.merge', '--tensor', 'model.nrom.weight']);
    expect(tensor).toMatchObject({ code: 2, err: 'error: m has no tensor model.nrom.weight\n' });
    const step = await folder.run(['explain', 'm.merge', '--tensor', 'x', '--step', 'n']);
    expect(step).toMatchObject({ code: 2, err: 'error: no step is called n; there are m\n' });
  });
});

describe('methods', () => {
  test('one line each, and all of one', async () => {
    using folder = workspace();
    const all = await folder.run(['methods']);
    expect(all.out).toMatchInlineSnapshot(`
      "average([x, …])                 The mean of the models, element by element: a uniform soup.
      linear([x, …])                  The weighted mean of the models.
      lerp(a, b)                      The point between two models, on the straight line.
      slerp(a, b)                     The point between two models on the arc, each tensor taken as one vector.
      task_arithmetic(base, [x, …])   Adds the weighted task vectors to the base.
      ties(base, [x, …])              Trims each task vector, elects a sign for each element, and merges the experts that agree with it.
      dare(delta)                     Drops entries of a Delta at random and scales up the rest.
      trim(delta)                     Keeps the largest entries of a Delta, tensor by tensor.
      dare_linear(base, [x, …])       Drops entries of each task vector at random, scales up the rest, and adds them to the base.
      dare_ties(base, [x, …])         Drops entries of each task vector at random, then merges the experts that agree with the elected sign.
      scale(x)                        Every element times a number; a Model stays a Model.
      cast(x)                         Rounds every value to a storage type, to nearest even.
      to_lora(delta)                  Writes a Delta as an adapter: two thin factors for each matrix.

      Checked by this version, and run by a later one:

      nuslerp(base, [x, …])           The point between two models on the arc, as far along as their weights say; with a base, between their task vectors.
      multislerp(base, [x, …])        The weighted mean of several directions on the sphere, found by one step in the tangent space, times the weighted mean of the lengths.
      karcher([x, …])                 The point whose summed squared angles to all models are least, each tensor taken as one direction, times the mean length.
      nearswap(a, b)                  Moves each element of the first model towards the second by at most t.
      model_stock(base, [x, …])       The mean of the experts, drawn towards the base by as much as their task vectors disagree in angle.
      fisher_average([x, …])          The mean of the models, each element weighted by how much its model depends on it.
      breadcrumbs(base, [x, …])       Drops the smallest and the very largest entries of each task vector, and adds the rest.
      breadcrumbs_ties(base, [x, …])  Drops the smallest and the very largest entries of each task vector, then merges the experts that agree with the elected sign.
      della(base, [x, …])             Drops entries of each task vector at random, small ones more often, then merges the experts that agree with the elected sign.
      della_linear(base, [x, …])      Drops entries of each task vector at random, small ones more often, scales up the rest, and adds them to the base.
      sce(base, [x, …])               Keeps the elements of highest variance among the experts, weighs the experts by their energy there, and erases what the elected sign opposes.
      arcee_fusion(a, b)              Takes the second model’s value where its change matters most: change times divergence of the rows, above median + 1.5 × interquartile range.
      ram(base, [x, …])               Adds what one expert alone changed in full, and what several changed as their mean.
      ramplus_tl(base, [x, …])        As \`ram\`, with the unique changes of each expert amplified by how many of its changes are shared.
      add_perpendicular(base, a, b)   Adds to the second model what the third changed at right angles to its own change.
      moe(base, [x, …])               Puts the feed-forward parts of several models side by side behind a router; all else is the base’s.
      "
    `);
    const one = await folder.run(['methods', 'slerp']);
    expect(one.out).toMatchInlineSnapshot(`
      "slerp(a, b) · Spherical interpolation
      The point between two models on the arc, each tensor taken as one vector.

        cos Ω = ⟨a, b⟩ / ‖a‖‖b‖ · θ = sin((1 − t)Ω)/sin Ω · a + sin(tΩ)/sin Ω · b

        t        a number       required  by place  Where between the two models: 0 gives the first, 1 the second.
        compat   a word, below  paper               Whose conventions hold where papers and tools disagree.
        compute  a word, below  storage             The type that \`compat: mergekit\` computes in; without it arithmetic is f32.

      compat
        paper     the paper’s own code: its ties, zeros, majorities and k-th values, in f32
        mergekit  that tool’s defaults, its conventions and its rounding

      compute
        storage  the storage type of the base, else the type all inputs promote to
        f32      single precision
        bf16     every operation rounds to bf16
        f16      every operation rounds to f16

        merge arc = slerp(math, code, t: curve(0, 1))

      Shoemake, Animating rotation with quaternion curves, SIGGRAPH 1985
      "
    `);
    expect(await folder.run(['methods', 'slurp'])).toMatchObject({
      code: 2,
      err: 'error: no method is called slurp; did you mean slerp?\n',
    });
  });

  test('of one that runs later, that it does', async () => {
    using folder = workspace();
    const { out } = await folder.run(['methods', 'della']);
    expect(out.split('\n')[2]).toBe(
      'This version checks it, and refuses to run what depends on it.',
    );
    expect((await folder.run(['methods', 'ties'])).out).not.toContain('refuses');
  });

  test('JSON', async () => {
    using folder = workspace();
    const all = JSON.parse((await folder.run(['methods', '--json'])).out) as readonly unknown[];
    expect(all).toContainEqual(expect.objectContaining({ name: 'ties' }));
    const one = await folder.run(['methods', 'ties', '--json']);
    expect(JSON.parse(one.out)).toMatchObject({ name: 'ties', title: 'TIES-Merging' });
  });
});

describe('preview', () => {
  test('gaps, distances, shares, cosines and conflicts, by layer and part', async () => {
    using folder = workspace({ 'm.merge': recipe });
    const before = folder.list();
    const { code, out, err } = await folder.run(['preview', 'm.merge']);
    expect(folder.plain(out)).toMatchInlineSnapshot(`
      "m, stored as F32: every element read, <time>

                   gap math  gap code  distance math  distance code  kept math  kept code
      all            95.1 %     104 %         31.6 %         33.8 %     39.5 %       48 %
      embeddings      100 %     100 %         33.2 %         27.7 %          –          –
      attention       103 %    92.5 %         34.5 %         31.3 %     34.4 %     43.8 %
      mlp            80.3 %     122 %         25.9 %         38.2 %     39.1 %     40.6 %
      norms           147 %    76.8 %         43.3 %         36.4 %     43.8 %       50 %
      final_norm      109 %    68.9 %         23.9 %         16.6 %     37.5 %     62.5 %
      head           90.3 %     102 %         34.1 %         36.2 %       50 %     68.8 %
      layer 0        77.8 %     115 %         25.7 %         37.7 %     33.1 %     21.3 %
        attention    77.3 %     108 %         25.1 %         32.3 %     32.8 %     20.3 %
        mlp          75.3 %     125 %         25.8 %         42.5 %     32.8 %     20.3 %
        norms         113 %      94 %         29.9 %         42.8 %     37.5 %     37.5 %
      layer 1         110 %    95.8 %         35.7 %         32.4 %     41.2 %       64 %
        attention     128 %    77.4 %         44.2 %         29.8 %     35.9 %     67.2 %
        mlp          84.9 %     120 %         26.1 %         34.4 %     45.3 %     60.9 %
        norms         172 %    49.9 %           57 %         24.9 %       50 %     62.5 %

                   cosine math · code  conflict math · code
      all                      0.0254                47.6 %
      embeddings               0.0501                  50 %
      attention                0.0696                47.6 %
      mlp                     -0.0342                52.2 %
      norms                    -0.119                33.3 %
      final_norm                0.173                   0 %
      head                     0.0576                40.9 %
      layer 0                  0.0784                45.5 %
        attention               0.205                  25 %
        mlp                   -0.0145                66.7 %
        norms                  -0.145                   0 %
      layer 1                 -0.0623                  50 %
        attention             -0.0665                52.9 %
        mlp                   -0.0551                47.1 %
        norms                 -0.0927                  50 %

      broken: gap(m, code) < 90% (gap(m, code) is 104 %)
      "
    `);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(folder.list()).toEqual(before);
  });

  test('each part opens into its matrices, and no line is wider than the terminal', async () => {
    using folder = workspace({ 'm.merge': recipe });
    const { out } = await folder.run(['preview', 'm.merge', '--columns']);
    expect(out).toMatch(/^layer 0 .*\n {2}attention q .*\n/m);
    expect(out).toMatch(/\n {2}mlp up .*\n/);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    const json = await folder.run(['preview', 'm.merge', '--columns', '--json']);
    expect(JSON.parse(json.out)).toMatchObject({
      rows: expect.arrayContaining([
        expect.objectContaining({ kind: 'cell', layer: 1, part: 'attention', column: 'q' }),
      ]),
    });
  });

  test('JSON, of every element and of a step by name', async () => {
    using folder = workspace({ 'm.merge': recipe });
    const { code, out } = await folder.run([
      'preview',
      'm.merge',
      '--json',
      '--exact',
      '--step',
      'm',
    ]);
    expect(JSON.parse(out)).toMatchObject({
      step: 'm',
      read: { exact: true },
      models: [{ name: 'math', base: 'base' }, { name: 'code' }],
    });
    expect(code).toBe(0);
  });

  test('a sample of what is large, each figure with its standard error', async () => {
    using folder = workspace({ 'm.merge': recipe });
    const pieces = 50;
    const base = weights(8 * 65_536, 1);
    for (const [name, fineTune] of Object.entries({ base: 0, math: 1, code: 2 }))
      writeLargeModel(folder.at(name), {
        name: 'w',
        dtype: 'BF16',
        shape: [pieces * base.length],
        pieces,
        piece: bytesOf(stored(fineTune === 0 ? base : stepped(base, fineTune), 'BF16')),
      });
    folder.write(
      'm.merge',
      `${sources}merge m = ties(base, [math, code])\noutput m to "./out/m"\n`,
    );
    const { out } = await folder.run(['preview', 'm.merge', '--json']);
    const { read, rows } = JSON.parse(out) as {
      readonly read: unknown;
      readonly rows: readonly { readonly models: readonly unknown[] }[];
    };
    expect(read).toMatchObject({ exact: false, ofBlocks: 400 });
    expect(rows[0]!.models[0]).toMatchObject({
      gap: { exact: false, standardError: expect.any(Number) },
    });
    expect((await folder.run(['preview', 'm.merge'])).out).toMatch(
      /^m: \d+ of 400 blocks read, ± one standard error.*\n\n.*gap math.*\nall +\S+ ± \S+ %/,
    );
    const exact = await folder.run([
      'preview',
      'm.merge',
      '--exact',
      '--memory',
      '100MB',
      '--threads',
      '2',
    ]);
    expect(exact.out).toContain('every element read');
  });
});
