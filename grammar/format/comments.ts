/**
 * Where comments stand. Between elements (statements, rules, settings, arguments, items, entries) a comment has a line or
 * a line's end of its own; an element with a comment in any other place is left as its author wrote it.
 */
import type { Span } from '../syntax/span.ts';
import type { Comment, Recipe, Rule, Setting, Spread, Take } from '../syntax/tree.ts';
import { childrenOf, type Node } from '../syntax/walk.ts';
import { elementsOf, insideOf } from './brackets.ts';

export interface Comments {
  /** All comments in a stretch of the text. */
  within(span: Span): readonly Comment[];
  /** Whether an element has to be left as written. */
  isVerbatim(element: Span): boolean;
}

/** Brackets whose elements stand on lines of their own when broken, with these elements. */
interface Holder {
  readonly span: Span;
  readonly elements: readonly Span[];
}

type Action = Take | Setting | Spread;

/** What a node has in brackets. */
function holderOf(node: Node, text: string): Holder | undefined {
  switch (node.kind) {
    case 'call':
    case 'list':
    case 'map':
      return { span: insideOf(text, node), elements: elementsOf(node) };
    case 'merge':
      return bodyHolder(node.body, node.rules);
    case 'rule':
      return bodyHolder(node.body, node.actions);
    case 'output':
      return bodyHolder(node.body, node.settings);
    default:
      return undefined;
  }
}

function bodyHolder(
  body: Span | undefined,
  elements: readonly (Rule | Action)[],
): Holder | undefined {
  if (body === undefined) return undefined;
  return { span: { start: body.start + 1, end: body.end - 1 }, elements };
}

function firstAtOrAfter(comments: readonly Comment[], offset: number): number {
  let low = 0;
  let high = comments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((comments[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Finds for all comments of a recipe where they stand. */
export function placeComments(recipe: Recipe, text: string): Comments {
  const { comments } = recipe;
  const within = ({ start, end }: Span) =>
    comments.slice(firstAtOrAfter(comments, start), firstAtOrAfter(comments, end));

  const verbatim = new Set<Span>();
  const visit = (node: Node, element: Span): void => {
    const inside = within(node);
    if (inside.length === 0) return;
    const children = childrenOf(node);
    const holder = holderOf(node, text);
    const elements = new Set<Span>(holder?.elements ?? []);
    const isPlaced = (comment: Comment) =>
      children.some((child) => holds(child, comment)) ||
      (holder !== undefined && holds(holder.span, comment));
    if (!inside.every(isPlaced)) verbatim.add(element);
    for (const child of children) visit(child, elements.has(child) ? child : element);
  };
  for (const statement of recipe.statements) visit(statement, statement);
  return { within, isVerbatim: (element) => verbatim.has(element) };
}

function holds(span: Span, comment: Comment): boolean {
  return span.start <= comment.start && comment.end <= span.end;
}
