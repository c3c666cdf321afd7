import type { Name, Statement } from '../syntax/tree.ts';

/** Every declared name; of one declared twice, the first. */
export function namesOf(statements: readonly Statement[]): ReadonlyMap<string, Name> {
  const names = new Map<string, Name>();
  for (const statement of statements) {
    const name = nameOf(statement);
    if (name !== undefined && !names.has(name.text)) names.set(name.text, name);
  }
  return names;
}

export function nameOf(statement: Statement): Name | undefined {
  switch (statement.kind) {
    case 'use':
      return statement.alias;
    case 'model':
    case 'adapter':
    case 'stats':
    case 'param':
    case 'let':
    case 'layers':
    case 'tensors':
    case 'merge':
    case 'evaluate':
    case 'sweep':
    case 'search':
      return statement.name;
    case 'expect':
    case 'output':
      return undefined;
  }
}
