/** What the tests of syntax and format share. */
// eslint-disable-next-line no-restricted-imports -- only tests import this file
import { readdirSync, readFileSync } from 'node:fs';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { parse } from './parse.ts';
import { showStatement } from './show-tree.ts';

const RECIPES = new URL('../../test/fixtures/recipes/', import.meta.url);

/** Real recipes in normal form, by their file's name. */
export const recipes: ReadonlyMap<string, string> = new Map(
  readdirSync(RECIPES)
    .filter((name) => name.endsWith('.merge'))
    .map((name) => [name, readFileSync(new URL(name, RECIPES), 'utf8')]),
);

/** Parts of the tree that say where something stands, and not what it is. */
const PLACES = ['start', 'end', 'word', 'body', 'operatorSpan'];

/** A tree, or a part of one, without its spans. */
export function withoutSpans(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutSpans);
  if (typeof node !== 'object' || node === null) return node;
  const parts = Object.entries(node).filter(
    ([key, part]) => part !== undefined && !PLACES.includes(key),
  );
  return Object.fromEntries(parts.map(([key, part]) => [key, withoutSpans(part)]));
}

function marked(text: string, { start, end }: Diagnostic): string {
  return `${text.slice(0, start)}⟦${text.slice(start, end)}⟧${text.slice(end)}`;
}

/** What a text is read as, and what is told of it: the place marked, the message, the fixes, then the statements. */
export function told(text: string): string {
  const { recipe, diagnostics } = parse(text);
  const findings = diagnostics.flatMap((diagnostic) => [
    marked(text, diagnostic),
    `${diagnostic.code} ${diagnostic.message}`,
    ...(diagnostic.fixes ?? []).map((fix) => `fix: ${fix.title}`),
  ]);
  return [
    ...findings,
    ...recipe.statements.map((statement) => `→ ${showStatement(statement)}`),
  ].join('\n');
}

/** The text with the edits of a diagnostic's first fix made. */
export function mended(text: string, diagnostic: Diagnostic): string {
  const edits = [...(diagnostic.fixes?.[0]?.edits ?? [])].sort(
    (one, other) => other.start - one.start,
  );
  return edits.reduce(
    (written, edit) => written.slice(0, edit.start) + edit.text + written.slice(edit.end),
    text,
  );
}
