import { expect, test } from 'vitest';
import { publicPath, publicRecipe } from './public-recipe.ts';

const author = { home: '/home/ada', user: 'ada' };

test.each([
  ['./base', './base'],
  ['../models/base', '../models/base'],
  ['../ada/base', '../…/base'],
  ['/home/ada/models/base', '…/base'],
  ['~/models/base.safetensors', '…/base.safetensors'],
  ['C:\\\\models\\\\base', '…/base'],
  ['D:/', '…'],
  ['\\\\\\\\server\\\\share\\\\base', '…/base'],
  ['/home/ada', '…'],
  ['~', '…'],
  ['org/name', 'org/name'],
  ['*.mlp.*', '*.mlp.*'],
])('%s is shown as %s', (path, shown) => expect(publicPath(path, author)).toBe(shown));

test('paths in texts and comments are shortened, and nothing else is', () => {
  const text = `/// By ada, from /home/ada/notes.md (see https://example.org/x/y).
model a = "/home/ada/models/a"  // or ~/models/a, or C:\\models\\a
merge m = 1 / 2 * a + a/2  // 1/2 and 3 / 4
output m to "./out"
`;
  expect(publicRecipe(text, author))
    .toBe(`/// By ada, from …/notes.md (see https://example.org/x/y).
model a = "…/a"  // or …/a, or …/a
merge m = 1 / 2 * a + a/2  // 1/2 and 3 / 4
output m to "./out"
`);
});
