/** Names and what they stand for: every file has its own, and a name is looked up in the file it is written in. */
import { unknownName } from '../diagnostics/mw2001-unknown-name.ts';
import { usedAbove } from '../diagnostics/mw2007-used-above.ts';
import { placeWords } from '../places/place.ts';
import type { Span } from '../syntax/span.ts';
import type { Name, Path } from '../syntax/tree.ts';
import { type Checking, type Declaration, report, reportUnknown, within } from './checking.ts';
import { fileAt, type PlacedFile } from './imports.ts';

export interface Scope {
  /** Absent: the recipe itself. */
  readonly file?: PlacedFile;
  readonly declared: Map<string, Declaration>;
  /** Every name of the file, also those below: a use above its declaration is told from a misspelling. */
  readonly everywhere: ReadonlyMap<string, Name>;
  /** Whether names of an import that could not be read may stand for what is unknown. */
  open: boolean;
}

/** The names where a span stands. */
export function scopeAt(checking: Checking, span: Pick<Span, 'start'>): Scope {
  const file = fileAt(checking.placed, span);
  return (file && checking.imported.get(file.key)?.scope) ?? checking.scope;
}

/** What the first word of a path declares, or the first two behind an import; `rest` is what stands behind it. */
export interface Found {
  readonly declaration: Declaration;
  /** As written, an import's word before it: `common.gentle`. */
  readonly name: string;
  readonly rest: readonly Name[];
}

/** In silence. */
export function declarationOf(checking: Checking, path: Path): Found | undefined {
  const [first, second, ...others] = path.parts;
  if (first === undefined) return undefined;
  const declaration = scopeAt(checking, first).declared.get(first.text);
  if (declaration === undefined) return undefined;
  const { meaning } = declaration;
  if (meaning.kind !== 'module' || second === undefined) {
    return { declaration, name: first.text, rest: path.parts.slice(1) };
  }
  const inner = meaning.names?.get(second.text);
  if (inner === undefined) return undefined;
  return { declaration: inner, name: `${first.text}.${second.text}`, rest: others };
}

/** The declaration a whole path names: nothing stands behind it. */
export function wholeDeclarationOf(checking: Checking, path: Path): Found | undefined {
  const found = declarationOf(checking, path);
  return found?.rest.length === 0 ? found : undefined;
}

/** The name of what a path stands for, as written, whether or not it is declared. */
export function writtenName(checking: Checking, path: Path): string | undefined {
  const found = declarationOf(checking, path);
  if (found !== undefined) return found.rest.length === 0 ? found.name : undefined;
  return path.parts.length === 1 ? path.parts[0]!.text : undefined;
}

/** As `declarationOf`, with the reason reported where there is none. Names of an import that is missing are undefined in silence. */
export function resolvePath(
  checking: Checking,
  path: Path,
  options: { readonly alsoPlaces?: boolean } = {},
): Found | undefined {
  const [first, second] = path.parts;
  if (first === undefined) return undefined;
  const declaration = resolve(checking, first, options);
  if (declaration === undefined) return undefined;
  const { meaning } = declaration;
  if (meaning.kind !== 'module')
    return { declaration, name: first.text, rest: path.parts.slice(1) };
  if (meaning.names === undefined) return undefined;
  if (second === undefined) {
    const example = [...meaning.names.keys()][0] ?? 'name';
    const message = `\`${first.text}\` is an import, and what it declares stands behind a dot: \`${first.text}.${example}\`.`;
    report(checking, unknownName, first, message);
    return undefined;
  }
  const found = declarationOf(checking, path);
  if (found === undefined && meaning.isFaulty !== true) {
    const problem = `\`${first.text}\` declares nothing called \`${second.text}\``;
    reportUnknown(checking, unknownName, second, problem, meaning.names.keys());
  }
  return found;
}

/** The declaration of a name, or undefined with the reason reported. */
export function resolve(
  checking: Checking,
  name: Name,
  { alsoPlaces = false }: { readonly alsoPlaces?: boolean } = {},
): Declaration | undefined {
  const scope = scopeAt(checking, name);
  const found = scope.declared.get(name.text);
  if (found !== undefined) return found;
  const below = scope.everywhere.get(name.text);
  if (below !== undefined) {
    const isItself = checking.statement !== undefined && within(below, checking.statement);
    report(
      checking,
      usedAbove,
      name,
      isItself
        ? `\`${name.text}\` is used in its own declaration.`
        : `\`${name.text}\` is declared below; a recipe reads downwards.`,
      { related: [{ start: below.start, end: below.end, message: 'declared here' }] },
    );
    return undefined;
  }
  if (scope.open) return undefined;
  const candidates = [...scope.declared.keys(), ...(alsoPlaces ? placeWords : [])];
  reportUnknown(checking, unknownName, name, `nothing is called \`${name.text}\``, candidates);
  return undefined;
}
