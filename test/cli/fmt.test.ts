import { expect, test } from 'vitest';
import { sources, workspace } from '../kit/workspace.ts';

const loose = `model base="./base"
merge   m = base   // as it is
output m to "./out/m"
`;
const normal = `model base = "./base"
merge m = base  // as it is
output m to "./out/m"
`;

test('recipes are brought to their normal form', async () => {
  using folder = workspace({ 'loose.merge': loose, 'normal.merge': normal });
  expect(await folder.run(['fmt', 'loose.merge', 'normal.merge'])).toMatchObject({
    code: 0,
    out: '',
    err: '',
  });
  expect(folder.read('loose.merge')).toBe(normal);
  expect(folder.read('normal.merge')).toBe(normal);
});

test('--check changes nothing, names the recipe and fails', async () => {
  using folder = workspace({ 'loose.merge': loose, 'normal.merge': normal });
  const { code, err } = await folder.run(['fmt', '--check', 'loose.merge', 'normal.merge']);
  expect(err).toBe('loose.merge: not in normal form\n');
  expect(code).toBe(1);
  expect(folder.read('loose.merge')).toBe(loose);
  expect((await folder.run(['fmt', '--check', 'normal.merge'])).code).toBe(0);
});

test('a recipe with a syntax error stays as it is', async () => {
  const broken = `${sources}merge m = ties(base, [math\noutput m to "./out/m"\n`;
  using folder = workspace({ 'broken.merge': broken });
  const { code, err } = await folder.run(['fmt', 'broken.merge']);
  expect(err).toMatchInlineSnapshot(`
    "broken.merge:5:27: error MW1005: A \`]\` is missing after \`math\`.
    "
  `);
  expect(code).toBe(1);
  expect(folder.read('broken.merge')).toBe(broken);
});

test('each recipe’s outcome as JSON', async () => {
  using folder = workspace({ 'loose.merge': loose, 'normal.merge': normal });
  const { out } = await folder.run([
    'fmt',
    '--check',
    '--json',
    'loose.merge',
    'normal.merge',
    'none.merge',
  ]);
  expect(JSON.parse(out)).toEqual([
    { file: 'loose.merge', outcome: 'would-change' },
    { file: 'normal.merge', outcome: 'unchanged' },
    { file: 'none.merge', outcome: 'unreadable' },
  ]);
});
