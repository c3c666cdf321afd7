/** The names that a recipe brings in from others by `use`, each with the statement that declares it there. */
import type { RecipeFile } from '../../grammar/check/imports.ts';
import type { Span } from '../../grammar/syntax/span.ts';
import type { Statement, UseStatement } from '../../grammar/syntax/tree.ts';
import type { Analysis } from './analysis.ts';
import { nameOfStatement } from './nodes-at.ts';

export interface ImportedDeclaration {
  /** As this recipe writes it: `gentle` or `common.gentle`. */
  readonly name: string;
  /** As its own file writes it. */
  readonly ownName: string;
  /** The path of the recipe that declares it. */
  readonly path: string;
  readonly file: RecipeFile;
  /** Its place and its statement, at the file's own offsets. */
  readonly span: Span;
  readonly statement: Statement;
  /** What brings it in. */
  readonly use: UseStatement;
}

/** By the name as this recipe writes it. */
export type ImportedDeclarations = ReadonlyMap<string, ImportedDeclaration>;

const none: ImportedDeclarations = new Map();
const known = new WeakMap<Analysis, ImportedDeclarations>();

export function importedIn(analysis: Analysis): ImportedDeclarations {
  // Without imports the check has nothing to tell, and is not asked: it may not have been made whole.
  if (analysis.imports === undefined || analysis.imports.files.size === 0) return none;
  let imported = known.get(analysis);
  if (imported === undefined) known.set(analysis, (imported = readImported(analysis)));
  return imported;
}

function readImported({ checked, imports, recipe }: Analysis): ImportedDeclarations {
  const uses = recipe.statements.filter((statement) => statement.kind === 'use');
  const found = new Map<string, ImportedDeclaration>();
  for (const { name, file: path, start, end } of checked.imports) {
    const file = imports?.files.get(path);
    const statement = file?.recipe.statements.find((of) => nameOfStatement(of)?.start === start);
    const [ownName, alias] = name.split('.').reverse();
    const use = uses.find((of) => {
      const answer = of.path && imports?.uses.get(of.path.value);
      return of.alias?.text === alias && answer?.kind === 'file' && answer.file === path;
    });
    if (file === undefined || statement === undefined || use === undefined) continue;
    found.set(name, {
      name,
      ownName: ownName!,
      path,
      file,
      span: { start, end },
      statement,
      use,
    });
  }
  return found;
}
