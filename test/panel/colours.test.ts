/** The colours that the extension contributes are those that the panel falls back on, in each theme. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, root), 'utf8');

interface Contributed {
  readonly id: string;
  readonly description: string;
  readonly defaults: Readonly<Record<Theme, string>>;
}
type Theme = 'light' | 'dark' | 'highContrast' | 'highContrastLight';

const contributed = (
  JSON.parse(read('package.json')) as {
    readonly contributes: { readonly colors?: readonly Contributed[] };
  }
).contributes.colors;

/** The style sheet's own colours of a theme, by their ids. */
function colours(selector: string): Readonly<Record<string, string>> {
  const sheet = read('webview/styles/colours.css');
  const start = sheet.indexOf(`\n${selector} {`);
  const rules = sheet.slice(start, sheet.indexOf('}', start));
  return Object.fromEntries(
    [...rules.matchAll(/--map-([\w-]+): ([^;]+);/g)].map(([, name, value]) => [
      `mergewright.map.${name!.replaceAll('-', '.')}`,
      value === 'var(--background)' ? 'editor.background' : value!,
    ]),
  );
}

test.each([
  ['light', 'body'],
  ['dark', 'body.vscode-dark'],
  ['highContrast', 'body.vscode-high-contrast'],
  ['highContrastLight', 'body.vscode-high-contrast-light'],
] as const)('%s', (theme, selector) => {
  const ours = colours(selector);
  expect(Object.keys(ours)).toHaveLength(13);
  expect(
    Object.fromEntries((contributed ?? []).map(({ id, defaults }) => [id, defaults[theme]])),
  ).toEqual(ours);
});
