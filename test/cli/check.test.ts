import { expect, test } from 'vitest';
import { main } from '../../client/cli/main.ts';
import type { Terminal } from '../../client/cli/terminal.ts';
import { sources, workspace } from '../kit/workspace.ts';

const fourErrors = `${sources}merge a = tise(base, [math])
merge b = ties(base, [math], density: 20)
merge c = ties(base, [mth])
merge d = math {
  at layers 7 { take base }
}

output a to "./out/a"
output b to "./out/b"
output c to "./out/c"
output d to "./out/d"
`;

test('four faults in four statements: four errors with places, codes and suggestions', async () => {
  using folder = workspace({ 'four.merge': fourErrors });
  const { code, out, err } = await folder.run(['check', 'four.merge']);
  expect(err).toMatchInlineSnapshot(`
    "four.merge:5:11: error MW2002: No function is called \`tise\`: did you mean \`ties\`?
    four.merge:6:39: error MW3002: \`density\` is 20; it must be a number above 0, up to 1: did you mean \`20%\`?
    four.merge:7:23: error MW2001: Nothing is called \`mth\`: did you mean \`math\`?
    four.merge:9:13: error MW4101: \`d\` has no layer 7: its 2 layers are 0 to 1.
    "
  `);
  expect(out).toMatchInlineSnapshot(`
    "four.merge: 4 errors, 0 warnings (checked down to the headers)
    "
  `);
  expect(code).toBe(1);
});

test('the same as JSON, with fixes to apply', async () => {
  using folder = workspace({ 'four.merge': fourErrors });
  const { code, out, err } = await folder.run(['check', 'four.merge', '--json']);
  const { reached, diagnostics } = JSON.parse(out) as {
    readonly reached: string;
    readonly diagnostics: readonly {
      readonly code: string;
      readonly line: number;
      readonly column: number;
      readonly fixes: readonly { readonly title: string }[];
    }[];
  };
  expect(reached).toBe('headers');
  expect(
    diagnostics.map((one) => [
      one.code,
      one.line,
      one.column,
      ...one.fixes.map(({ title }) => title),
    ]),
  ).toMatchInlineSnapshot(`
    [
      [
        "MW2002",
        5,
        11,
        "Write \`ties\`",
      ],
      [
        "MW3002",
        6,
        39,
        "Write \`20%\`",
      ],
      [
        "MW2001",
        7,
        23,
        "Write \`math\`",
      ],
      [
        "MW4101",
        9,
        13,
      ],
    ]
  `);
  expect(err).toBe('');
  expect(code).toBe(1);
});

test('on a terminal the text stands under each finding, with a caret and the fix', async () => {
  using folder = workspace({ 'four.merge': fourErrors });
  const err: string[] = [];
  const terminal: Terminal = {
    out: () => undefined,
    err: (text) => err.push(text),
    isInteractive: true,
    columns: 80,
  };
  expect(await main(['check', folder.at('four.merge')], terminal)).toBe(1);
  expect(folder.plain(err.join(''))).toMatchInlineSnapshot(`
    "<folder>/four.merge:5:11: error MW2002: No function is called \`tise\`: did you mean \`ties\`?
      merge a = tise(base, [math])
                ^^^^
      fix: Write \`ties\`
    <folder>/four.merge:6:39: error MW3002: \`density\` is 20; it must be a number above 0, up to 1: did you mean \`20%\`?
      merge b = ties(base, [math], density: 20)
                                            ^^
      fix: Write \`20%\`
    <folder>/four.merge:7:23: error MW2001: Nothing is called \`mth\`: did you mean \`math\`?
      merge c = ties(base, [mth])
                            ^^^
      fix: Write \`math\`
    <folder>/four.merge:9:13: error MW4101: \`d\` has no layer 7: its 2 layers are 0 to 1.
        at layers 7 { take base }
                  ^
    "
  `);
});

test('a sound recipe has nothing to say', async () => {
  using folder = workspace({
    'sound.merge': `${sources}merge m = ties(base, [math, code])\noutput m to "./out/m"\n`,
  });
  expect(await folder.run(['check', 'sound.merge'])).toEqual({
    code: 0,
    signal: null,
    out: 'sound.merge: no findings (checked down to the headers)\n',
    err: '',
  });
});

test('a warning is said, and is no failure; a reason silences it', async () => {
  const step = 'merge m = linear([math, code], normalize: false)';
  const rest = 'output m to "./out/m"\n';
  using folder = workspace({
    'loud.merge': `${sources}${step}\n${rest}`,
    'silent.merge': `${sources}// allow MW3101: the weights are meant\n${step}\n${rest}`,
  });
  const loud = await folder.run(['check', 'loud.merge']);
  expect(loud.err).toMatchInlineSnapshot(`
    "loud.merge:5:11: warning MW3101: The weights of this \`linear\` sum to 2, and without \`normalize\` its result is scaled by that.
    "
  `);
  expect(loud.code).toBe(0);
  expect(await folder.run(['check', 'silent.merge'])).toMatchObject({ code: 0, err: '' });
});

test('a model that is not there is an error at its own line', async () => {
  using folder = workspace({
    'lost.merge': `model base = "./nowhere"\nmerge m = base\noutput m to "./out/m"\n`,
  });
  const { code, err } = await folder.run(['check', 'lost.merge']);
  expect(folder.plain(err)).toMatchInlineSnapshot(`
    "lost.merge:1:14: error MW4501: There is no file or folder at <folder>/nowhere. Correct the path; relative paths start at the recipe's folder.
    "
  `);
  expect(code).toBe(1);
});

test('a form that runs later is a warning here, and run refuses what depends on it', async () => {
  using folder = workspace({
    'later.merge': `${sources}
merge routed = moe(math, [code], gate: random)
merge plain = average([math, code])
output routed to "./out/routed"
output plain to "./out/plain"
`,
  });
  const { code, err } = await folder.run(['check', 'later.merge']);
  expect(err).toMatchInlineSnapshot(`
    "later.merge:6:16: warning MW3901: \`moe\` is checked here, and not run by this version yet.
    "
  `);
  expect(code).toBe(0);
  const all = await folder.run(['run', 'later.merge']);
  expect(all.err.replace(/^later.*\n/gm, '')).toMatchInlineSnapshot(`
    "error MW3902: routed depends on a form that runs later: \`moe\`.
      Take the form out of this output, or name another one with --only.
    "
  `);
  expect(all.code).toBe(1);
  expect((await folder.run(['run', 'later.merge', '--only', 'plain'])).code).toBe(0);
});
