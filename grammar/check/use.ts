/** `use`: the declarations of another recipe, under their own names or behind a word. */
import { replacing } from '../diagnostics/finding.ts';
import { declaredTwice } from '../diagnostics/mw2006-declared-twice.ts';
import { unreadableImport } from '../diagnostics/mw2013-unreadable-import.ts';
import { importInCircle } from '../diagnostics/mw2014-import-in-circle.ts';
import { importedErrors } from '../diagnostics/mw2015-imported-errors.ts';
import { lineMap } from '../syntax/lines.ts';
import { RESERVED_WORDS } from '../syntax/tokens.ts';
import type { Name, Statement, UseStatement } from '../syntax/tree.ts';
import { beginStatement, type Checking, type Declaration, quoted, report } from './checking.ts';
import type { ImportedFile } from './imported-file.ts';
import { type PlacedFile, type UseAnswer, wordOfFile } from './imports.ts';
import { namesOf } from './names.ts';
import { type Scope, scopeAt } from './scopes.ts';
import { checkStatement, declare, type Found } from './statement.ts';

const reserved: ReadonlySet<string> = new Set(RESERVED_WORDS);

export function checkUse(checking: Checking, statement: UseStatement, found: Found): void {
  const scope = scopeAt(checking, statement.word);
  const read = namesBehind(checking, statement, found);
  if (statement.alias !== undefined) {
    declare(checking, statement, statement.alias, { kind: 'module', ...read });
    return;
  }
  // What is missing may be a name that could not be read.
  if (read?.isFaulty !== false) scope.open = true;
  if (read !== undefined) bringIn(checking, statement, scope, read.names);
}

interface ReadNames {
  readonly names: ReadonlyMap<string, Declaration>;
  readonly isFaulty: boolean;
}

/** Undefined: not known, and said where there is something to say. */
function namesBehind(
  checking: Checking,
  statement: UseStatement,
  found: Found,
): ReadNames | undefined {
  const { path } = statement;
  if (path === undefined || checking.imports === undefined) return undefined;
  const answer = answerTo(checking, path.value);
  if (answer === undefined) return undefined;
  if (answer.kind === 'fault') {
    report(checking, unreadableImport, path, answer.message);
    return undefined;
  }
  if (answer.file === checking.imports.self) {
    const isItself = checking.file === undefined;
    const message = isItself
      ? `${quoted(checking, path)} is this recipe itself.`
      : `${quoted(checking, path)} leads back to the recipe that uses this one.`;
    report(checking, importInCircle, path, message);
    return undefined;
  }
  const placed = checking.placed.byKey.get(answer.file);
  if (placed === undefined) return undefined;
  const known = checking.imported.get(placed.key);
  if (known?.isOpen === true) {
    const message = `${quoted(checking, path)} leads back to a recipe that is being read: imports can't run in a circle.`;
    report(checking, importInCircle, path, message);
    return undefined;
  }
  const imported = known ?? readFile(checking, placed, found);
  const isFaulty = reportErrors(checking, statement, placed, imported);
  return { names: declarationsOf(imported, placed), isFaulty };
}

function answerTo({ imports, file }: Checking, path: string): UseAnswer | undefined {
  return (file === undefined ? imports?.uses : file.file.uses)?.get(path);
}

/** Checks the statements of a file as if they stood alone; what it tests and writes is its own affair. */
function readFile(checking: Checking, placed: PlacedFile, found: Found): ImportedFile {
  const scope: Scope = {
    file: placed,
    declared: new Map(),
    everywhere: namesOf(placed.statements),
    open: false,
  };
  const imported: ImportedFile = { scope, findings: [], isOpen: true };
  checking.imported.set(placed.key, imported);
  const { file, findings, statement, callCount, randomCallCount } = checking;
  checking.file = placed;
  checking.findings = imported.findings;
  for (const inner of placed.statements) {
    if (inner.kind === 'expect' || inner.kind === 'output') continue;
    beginStatement(checking, inner);
    checkStatement(checking, inner, { ...found, steps: found.importedSteps });
  }
  Object.assign(checking, { file, findings, statement, callCount, randomCallCount });
  imported.isOpen = false;
  return imported;
}

/** The errors of a file are told at the `use`, each with its place. True where there are some. */
function reportErrors(
  checking: Checking,
  { path }: UseStatement,
  { file, offset }: PlacedFile,
  { findings }: ImportedFile,
): boolean {
  const syntax = file.diagnostics.map((one) => ({
    ...one,
    start: one.start + offset,
    end: one.end + offset,
  }));
  const errors = [...syntax, ...findings]
    .filter(({ severity }) => severity === 'error')
    .sort((a, b) => a.start - b.start);
  const [first] = errors;
  if (first === undefined) return false;
  const { line } = lineMap(file.text).positionAt(first.start - offset);
  const count = errors.length === 1 ? 'an error' : `${errors.length} errors, the first`;
  const message = `${quoted(checking, path!)} has ${count} in line ${line}: ${first.message}`;
  report(checking, importedErrors, path!, message, {
    related: errors
      .slice(0, 5)
      .map(({ start, end, message: said }) => ({ start, end, message: said })),
  });
  return true;
}

/** What a file declares itself; what it uses is not handed on, and what it searches is not run. */
function declarationsOf(
  { scope }: ImportedFile,
  placed: PlacedFile,
): ReadonlyMap<string, Declaration> {
  const own = new Set<Statement>(placed.statements);
  return new Map(
    [...scope.declared].filter(([, { statement, meaning }]) => {
      const isRun = statement.kind === 'sweep' || statement.kind === 'search';
      return own.has(statement) && !isRun && meaning.kind !== 'module';
    }),
  );
}

/** A name that the recipe declares too is an error here, where one word mends it. */
function bringIn(
  checking: Checking,
  statement: UseStatement,
  scope: Scope,
  names: ReadonlyMap<string, Declaration>,
): void {
  const clashes: { readonly name: string; readonly with: Name | Declaration['span'] }[] = [];
  for (const [name, declaration] of names) {
    const own = scope.everywhere.get(name);
    const before = scope.declared.get(name);
    if (own !== undefined) clashes.push({ name, with: own });
    else if (before !== undefined && before !== declaration) {
      clashes.push({ name, with: before.span });
    } else scope.declared.set(name, declaration);
  }
  const [first] = clashes;
  const { path } = statement;
  if (first === undefined || path === undefined) return;
  const others = clashes.length === 1 ? '' : ` and ${clashes.length - 1} more`;
  const alias = freeName(scope, path.value);
  const message = `${quoted(checking, path)} declares \`${first.name}\`${others}, which this recipe has already: \`as ${alias}\` puts its names behind a word.`;
  report(checking, declaredTwice, path, message, {
    fixes: [replacing({ start: path.end, end: path.end }, ` as ${alias}`, `Add \`as ${alias}\``)],
    related: clashes.map((clash) => ({
      start: clash.with.start,
      end: clash.with.end,
      message: `\`${clash.name}\` is declared here`,
    })),
  });
}

function freeName({ everywhere }: Scope, path: string): string {
  let name = wordOfFile(path);
  while (everywhere.has(name) || reserved.has(name)) name += '_';
  return name;
}
