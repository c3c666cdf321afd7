/** Writes `docs/features.md` from the registry of the language server; with `--check` says whether it is up to date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { featuresPage } from './features-page.ts';

const page = fileURLToPath(new URL('../../docs/features.md', import.meta.url));
const options = await resolveConfig(page);
const text = await format(featuresPage(), { ...options, parser: 'markdown' });

if (process.argv.includes('--check')) {
  const isFresh = readFileSync(page, 'utf8') === text;
  console.log(isFresh ? 'docs/features.md is up to date' : 'docs/features.md is out of date');
  process.exitCode = isFresh ? 0 : 1;
} else {
  writeFileSync(page, text);
  console.log('wrote docs/features.md');
}
