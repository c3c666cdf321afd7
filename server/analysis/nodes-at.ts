/** The nodes of the tree that hold an offset, from its statement down to the smallest. */
import { touches } from '../../grammar/syntax/span.ts';
import type { Recipe, Statement } from '../../grammar/syntax/tree.ts';
import { childrenOf, type Node } from '../../grammar/syntax/walk.ts';

/** Of two neighbours that meet at the offset, the later. */
export function nodesAt(recipe: Recipe, offset: number): readonly Node[] {
  const nodes: Node[] = [];
  let children: readonly Node[] = recipe.statements;
  for (;;) {
    const held = children.filter((child) => touches(child, offset));
    const next = held.findLast((child) => child.kind !== 'missing') ?? held.at(-1);
    if (next === undefined) return nodes;
    nodes.push(next);
    children = childrenOf(next);
  }
}

export function statementAt(recipe: Recipe, offset: number): Statement | undefined {
  return recipe.statements.findLast((statement) => touches(statement, offset));
}

/** The name a statement declares, where it has one. */
export function nameOfStatement(statement: Statement) {
  switch (statement.kind) {
    case 'use':
      return statement.alias;
    case 'expect':
    case 'output':
      return undefined;
    default:
      return statement.name;
  }
}
