import type { Span } from '../syntax/span.ts';
import type {
  Argument,
  Call,
  Entry,
  Item,
  ListLiteral,
  MapLiteral,
  Spread,
} from '../syntax/tree.ts';

/** What may stand on lines of its own when broken. */
export type Bracketed = Call | ListLiteral | MapLiteral;

export type Element = Argument | Item | Entry | Spread;

export function elementsOf(node: Bracketed): readonly Element[] {
  switch (node.kind) {
    case 'call':
      return node.args;
    case 'list':
      return node.items;
    case 'map':
      return node.entries;
    default:
      return node satisfies never;
  }
}

/** What stands between the brackets. Before those of a call there may be blanks and comments. */
export function insideOf(text: string, node: Bracketed): Span {
  if (node.kind !== 'call') return { start: node.start + 1, end: node.end - 1 };
  const gap = /(?:\s|\/\/[^\r\n]*)*/y;
  gap.lastIndex = node.callee.end;
  gap.exec(text);
  return { start: gap.lastIndex + 1, end: node.end - 1 };
}

/** How many elements from the first on are inputs, by position. */
export function leadingInputs(elements: readonly Element[]): number {
  const end = elements.findIndex((element) => {
    const isInput = element.kind === 'item' || element.kind === 'argument';
    return !isInput || (element.kind === 'argument' && element.name !== undefined);
  });
  return end < 0 ? elements.length : end;
}

export function isNumber(element: Element): boolean {
  if (element.kind !== 'item' && element.kind !== 'argument') return false;
  if (element.kind === 'item' && element.own !== undefined) return false;
  const { value } = element;
  const inner = value.kind === 'negation' ? value.operand : value;
  return inner.kind === 'number';
}
