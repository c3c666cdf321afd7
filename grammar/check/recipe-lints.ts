/** What only the whole recipe tells: sources read twice, names that nothing reads. */
import { unusedName } from '../diagnostics/mw2017-unused-name.ts';
import { sourceTwice } from '../diagnostics/mw3118-source-twice.ts';
import type { Name, Recipe, Statement } from '../syntax/tree.ts';
import { childrenOf, type Node } from '../syntax/walk.ts';
import type { Source } from './checked.ts';
import { type Checking, report } from './checking.ts';
import { normalFolder } from './folders.ts';
import { fileAt } from './imports.ts';

/** Models, by where they are read from. */
export function lintSources(checking: Checking, sources: readonly Source[]): void {
  const seen = new Map<string, Source>();
  for (const source of sources) {
    if (source.kind !== 'model' || fileAt(checking.placed, source) !== undefined) continue;
    const { reference } = source;
    const key =
      reference.kind === 'path'
        ? `path ${normalFolder(reference.path)}`
        : `hub ${reference.id}@${reference.revision ?? ''}`;
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, source);
      continue;
    }
    const message = `\`${source.name}\` is read from the same place as \`${first.name}\`: they are one model.`;
    report(checking, sourceTwice, source, message, {
      related: [{ start: first.start, end: first.end, message: `\`${first.name}\` is read here` }],
    });
  }
}

/** A recipe that makes something: one without outputs may be there to be used. */
export function lintUnused(checking: Checking, { statements }: Pick<Recipe, 'statements'>): void {
  if (!statements.some(({ kind }) => kind === 'output')) return;
  const unread = new Map<string, Name>();
  for (const statement of statements) {
    const name = nameToRead(statement);
    if (name !== undefined) unread.set(name.text, name);
  }
  for (const statement of statements) {
    // Mostly the first steps read all of them, and nothing below needs to be walked.
    if (unread.size === 0) return;
    for (const name of namesIn(statement)) unread.delete(name);
  }
  for (const name of unread.values()) {
    report(checking, unusedName, name, `\`${name.text}\` is declared, and nothing reads it.`);
  }
}

/** What a statement declares for others to read. */
function nameToRead(statement: Statement): Name | undefined {
  switch (statement.kind) {
    case 'model':
    case 'adapter':
    case 'stats':
    case 'param':
    case 'let':
    case 'layers':
    case 'tensors':
      return statement.name;
    // A step that no output writes may be what a preview is for.
    case 'merge':
    case 'evaluate':
    case 'sweep':
    case 'search':
    case 'use':
    case 'expect':
    case 'output':
      return undefined;
  }
}

/** Every first word that a statement reads, its rules' experts and the keys of its maps included. */
export function namesIn(statement: Statement): readonly string[] {
  let names = knownNames.get(statement);
  if (names === undefined) knownNames.set(statement, (names = readNames(statement)));
  return names;
}

const knownNames = new WeakMap<Statement, readonly string[]>();

function readNames(statement: Statement): readonly string[] {
  const names: string[] = [];
  const waiting: Node[] = [...childrenOf(statement)];
  if (statement.kind === 'output') names.push(statement.target?.parts[0]?.text ?? '');
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.kind === 'reference') names.push(node.path.parts[0]?.text ?? '');
    waiting.push(...childrenOf(node));
  }
  return [...new Set(names)];
}
