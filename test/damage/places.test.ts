/** What stands in an output's way is said in one error, and stays as it is. */
import { expect, test } from 'vitest';
import { oneError } from '../kit/one-error.ts';
import { sources, workspace } from '../kit/workspace.ts';

const recipe = `${sources}merge m = average([math, code])
output m to "./out/m"
`;

test.each([[[]], [['--overwrite']]])('a folder with somebody else’s files, %j', async (flags) => {
  using folder = workspace({ 'm.merge': recipe, 'out/m/thesis.txt': 'years of work' });
  expect(await oneError(folder, { code: 1, flags })).toMatchInlineSnapshot(`
    "error MW6102: <folder>/out/m holds files that no run made: "thesis.txt".
      Give an empty or new folder with --out; not even --overwrite deletes what is somebody else’s.
    "
  `);
  expect(folder.read('out/m/thesis.txt')).toBe('years of work');
});

test('an output to which somebody added a file', async () => {
  using folder = workspace({ 'm.merge': recipe });
  await folder.run(['run', 'm.merge']);
  folder.write('out/m/notes.txt', 'about it');
  folder.write('m.merge', recipe.replace('average', 'linear'));
  expect(await oneError(folder, { code: 1, flags: ['--overwrite'] })).toMatchInlineSnapshot(`
    "error MW6102: <folder>/out/m holds files that the run which made it did not write: "notes.txt".
      Move them away, or give another folder with --out.
    "
  `);
  expect(folder.read('out/m/notes.txt')).toBe('about it');
});

test('a file where the folder should be', async () => {
  using folder = workspace({ 'm.merge': recipe, 'out/m': 'a file' });
  expect(await oneError(folder, { code: 1 })).toMatchInlineSnapshot(`
    "error MW6106: <folder>/out/m is a file; an output is a folder.
      Give a folder with --out, or move the file.
    "
  `);
});

test('a work folder that no run made', async () => {
  using folder = workspace({ 'm.merge': recipe, 'out/m.part/thesis.txt': 'years of work' });
  expect(await oneError(folder, { code: 1 })).toMatchInlineSnapshot(`
    "error MW6104: <folder>/out/m.part is needed for this run, but something that no run made stands there.
      Move it away, or give another folder with --out.
    "
  `);
});

test('an output over its own input', async () => {
  using folder = workspace({ 'm.merge': recipe.replace('./out/m', './math') });
  expect(await oneError(folder, { code: 1, flags: ['--overwrite'] })).toMatchInlineSnapshot(`
    "m.merge:6:13: error MW3027: The output to \`"./math"\` would lie over the source \`math\`: give it a folder of its own.
    "
  `);
});
