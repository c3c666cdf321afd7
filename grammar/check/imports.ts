/**
 * The recipes that a recipe uses, handed to the check as headers are: the language reads no files.
 * Every file has a stretch of offsets of its own, far behind the recipe's, so that a span says which file it lies in.
 */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { movedStatement } from '../syntax/moved.ts';
import type { Span } from '../syntax/span.ts';
import type { Recipe, Statement } from '../syntax/tree.ts';

/** What the path of a `use` leads to. */
export type UseAnswer =
  /** A key of `Imports.files`, or of the recipe itself. */
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'fault'; readonly message: string };

export interface RecipeFile {
  readonly text: string;
  readonly recipe: Recipe;
  /** What the parser found. */
  readonly diagnostics: readonly Diagnostic[];
  /** Its folder as seen from the folder of the recipe that is checked, with `/`; empty where it is the same. */
  readonly folder: string;
  /** By the text of the path, as written in this file. */
  readonly uses: ReadonlyMap<string, UseAnswer>;
}

export interface Imports {
  /** The key of the recipe that is checked, so that a way back to it is known as a circle. */
  readonly self: string;
  readonly uses: ReadonlyMap<string, UseAnswer>;
  /** By keys of the reader's choice, such as absolute paths; all that can be reached. */
  readonly files: ReadonlyMap<string, RecipeFile>;
}

/** More than a text can be long. */
const stretch = 2 ** 32;

export interface PlacedFile {
  readonly key: string;
  readonly file: RecipeFile;
  /** Added to the file's own offsets. */
  readonly offset: number;
  /** The file's statements at their offsets here. */
  readonly statements: readonly Statement[];
  /** Before the names of its steps and sources, where they stand among those of other files. */
  readonly prefix: string;
}

export interface Placed {
  readonly byKey: ReadonlyMap<string, PlacedFile>;
  /** In the order of their offsets. */
  readonly all: readonly PlacedFile[];
}

const nothingPlaced: Placed = { byKey: new Map(), all: [] };

/** The file a span lies in; undefined in the recipe itself. */
export function fileAt({ all }: Placed, { start }: Pick<Span, 'start'>): PlacedFile | undefined {
  return start < stretch ? undefined : all[Math.floor(start / stretch) - 1];
}

/** Where a span of a checked recipe lies: in the recipe itself, or in a file it uses, at that file's own offsets. */
export function locate(
  imports: Imports | undefined,
  { start, end }: Span,
): Span & { readonly file?: string } {
  const index = Math.floor(start / stretch);
  const file = index === 0 ? undefined : [...(imports?.files.keys() ?? [])][index - 1];
  if (file === undefined) return { start, end };
  return { start: start - index * stretch, end: end - index * stretch, file };
}

export function placeFiles(
  recipe: Pick<Recipe, 'statements'>,
  imports: Imports | undefined,
): Placed {
  if (imports === undefined || imports.files.size === 0) return nothingPlaced;
  const prefixes = prefixesOf(recipe, imports);
  const all = [...imports.files].map(([key, file], index): PlacedFile => {
    const offset = (index + 1) * stretch;
    return {
      key,
      file,
      offset,
      statements: statementsAt(file.recipe, offset),
      prefix: prefixes.get(key) ?? '',
    };
  });
  return { all, byKey: new Map(all.map((file) => [file.key, file])) };
}

/**
 * What stands before the names of each file: nothing for one whose names the recipe brings in, the word behind `as`, or a
 * word made of the file's name where only another import leads to it.
 */
export function prefixesOf(
  recipe: Pick<Recipe, 'statements'>,
  imports: Imports,
): ReadonlyMap<string, string> {
  const prefixes = new Map<string, string>();
  const aliases = new Set<string>();
  for (const statement of recipe.statements) {
    if (statement.kind !== 'use' || statement.path === undefined) continue;
    const answer = imports.uses.get(statement.path.value);
    if (answer?.kind !== 'file') continue;
    const word = statement.alias?.text;
    if (word !== undefined) aliases.add(word);
    if (word === undefined || !prefixes.has(answer.file)) {
      prefixes.set(answer.file, word === undefined ? '' : `${word}.`);
    }
  }
  for (const key of imports.files.keys()) {
    if (prefixes.has(key)) continue;
    let word = wordOfFile(key);
    while (aliases.has(word)) word += '_';
    aliases.add(word);
    prefixes.set(key, `${word}.`);
  }
  return prefixes;
}

/** A word made of a file's name. */
export function wordOfFile(path: string): string {
  const stem = /([^/\\]*?)(?:\.merge)?$/.exec(path)?.[1] ?? '';
  const word = stem.replace(/[^A-Za-z0-9_]/g, '_');
  return /^[A-Za-z_]/.test(word) ? word : `_${word}`;
}

const known = new WeakMap<Recipe, { readonly offset: number; readonly of: readonly Statement[] }>();

function statementsAt(recipe: Recipe, offset: number): readonly Statement[] {
  const before = known.get(recipe);
  if (before?.offset === offset) return before.of;
  const of = recipe.statements.map((statement) => movedStatement(statement, offset));
  known.set(recipe, { offset, of });
  return of;
}

/** A path written in a file of another folder, as the recipe itself would write it. */
export function rebased(path: string, folder: string): string {
  const isOwn = !/^([/~\\]|[A-Za-z]:[\\/])/.test(path);
  if (!isOwn || folder === '' || folder === '.') return path;
  const joined = `${folder.replace(/\/+$/, '')}/${path.replace(/^(\.[\\/])+/, '')}`;
  return /^([./~\\]|[A-Za-z]:[\\/])/.test(joined) ? joined : `./${joined}`;
}
