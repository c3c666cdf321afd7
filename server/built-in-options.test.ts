import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { languageKinds } from '../grammar/diagnostics/registry.ts';
import { builtInOptions } from './built-in-options.ts';

it('the link of every finding leads to a page that is shipped', () => {
  const { codePages } = builtInOptions();
  const missing = languageKinds
    .map(({ code }) => `${codePages}${code}.md`)
    .filter((page) => !existsSync(fileURLToPath(page)));
  expect(missing).toEqual([]);
});
