/**
 * `npm run docs`: writes the reference from the code: the language with its railroad diagrams, a page for every method and
 * every finding. With `--check` it changes nothing, and fails where a page would change.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { diagnosticPages } from './docs-diagnostics.ts';
import { languagePages } from './docs-language.ts';
import { methodPages } from './docs-methods.ts';
import { reportPages } from './docs-reports.ts';
import type { Page } from './docs-text.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Folders that hold generated pages alone: what is not written any more is removed. */
const folders = ['docs/methods', 'docs/diagnostics', 'docs/grammar'];

function allPages(): readonly Page[] {
  return [...languagePages(), ...methodPages(), ...reportPages(), ...diagnosticPages()];
}

/** Paths of pages that are missing, differ or are left over. */
export function stalePages(): readonly string[] {
  const pages = allPages();
  const written = new Set(pages.map(({ path }) => path));
  const stale = pages.filter(
    ({ path, text }) => !existsSync(root + path) || readFileSync(root + path, 'utf8') !== text,
  );
  return [...stale.map(({ path }) => path), ...leftOver(written)];
}

function leftOver(written: ReadonlySet<string>): readonly string[] {
  return folders
    .filter((folder) => existsSync(root + folder))
    .flatMap((folder) => readdirSync(root + folder).map((name) => `${folder}/${name}`))
    .filter((path) => !written.has(path));
}

function write(): void {
  const pages = allPages();
  for (const path of leftOver(new Set(pages.map((page) => page.path)))) rmSync(root + path);
  for (const { path, text } of pages) {
    mkdirSync(dirname(root + path), { recursive: true });
    writeFileSync(root + path, text);
  }
  console.log(`${pages.length} pages`);
}

if (import.meta.main) {
  if (process.argv.includes('--check')) {
    const stale = stalePages();
    for (const path of stale) console.error(`${path} is not what the code says: npm run docs`);
    process.exitCode = stale.length === 0 ? 0 : 1;
  } else write();
}
