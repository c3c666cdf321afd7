/** The tree as a tree: the nodes below a node, whatever its kind, in the order of the text. */
import type {
  Argument,
  Entry,
  Expr,
  Item,
  Rule,
  Setting,
  Spread,
  Statement,
  Take,
} from './tree.ts';

export type Node = Statement | Rule | Take | Setting | Spread | Expr | Argument | Item | Entry;

function some(...nodes: readonly (Node | undefined)[]): readonly Node[] {
  return nodes.filter((node) => node !== undefined);
}

/** Names, paths and keys are parts of their node, not nodes of their own. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'use':
      return some(node.path);
    case 'model':
    case 'adapter':
    case 'stats':
    case 'let':
    case 'layers':
    case 'tensors':
    case 'evaluate':
    case 'sweep':
    case 'search':
      return [node.value];
    case 'param':
      return some(node.value, node.range);
    case 'merge':
      return [node.value, ...node.rules];
    case 'expect':
      return [node.condition];
    case 'output':
      return [...some(node.folder), ...node.settings];
    case 'rule':
      return [node.place, ...node.actions];
    case 'take':
    case 'setting':
    case 'spread':
    case 'argument':
    case 'entry':
      return [node.value];
    case 'item':
      return some(node.value, node.own);
    case 'call':
      return node.args;
    case 'list':
      return node.items;
    case 'map':
      return node.entries;
    case 'binary':
      return [node.left, node.right];
    case 'negation':
      return [node.operand];
    case 'range':
      return some(node.from, node.to, node.step);
    case 'layersOf':
      return [node.range];
    case 'index':
      return [node.value, node.layers];
    case 'parenthesised':
      return [node.inner];
    case 'number':
    case 'bytes':
    case 'duration':
    case 'text':
    case 'boolean':
    case 'reference':
    case 'missing':
      return [];
    default:
      return node satisfies never;
  }
}

/** How many nodes deep a tree is, found without recursion, since it may be deeper than the stack. */
export function depthOf(root: Node): number {
  let deepest = 0;
  const open: { readonly node: Node; readonly depth: number }[] = [{ node: root, depth: 1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next;
    deepest = Math.max(deepest, depth);
    for (const child of childrenOf(node)) open.push({ node: child, depth: depth + 1 });
  }
  return deepest;
}
