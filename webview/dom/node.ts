/** What the panel draws, as plain data: views return it, `patch` brings the document to it. */

export type Listener = (event: Event) => void;

export type Attribute =
  string | number | boolean | undefined | Listener | Readonly<Record<string, string>>;

export interface ElementNode {
  readonly tag: string;
  /** Names that start with `on` are listeners; `style` is a record of properties. */
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly children: readonly ViewNode[];
}

/** An element that someone else fills: it is put in its place and left alone. */
export interface Island {
  readonly island: HTMLElement;
}

export type ViewNode = ElementNode | Island | string;

/** A child that may be absent. */
export type Child = ViewNode | undefined | false | readonly Child[];

export function h(
  tag: string,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...children: readonly Child[]
): ElementNode {
  return { tag, attributes, children: flat(children) };
}

/** Keeps an absent child's place, so that what comes after it stays the element that it was. */
const nothing = '';

function flat(children: readonly Child[]): readonly ViewNode[] {
  return children.flatMap((child): readonly ViewNode[] => {
    if (child === undefined || child === false) return [nothing];
    if (isList(child)) return flat(child);
    return [child];
  });
}

function isList(child: Child): child is readonly Child[] {
  return Array.isArray(child);
}

/** All text of a node, for tests and titles. */
export function textOf(node: ViewNode): string {
  if (typeof node === 'string') return node;
  if ('island' in node) return '';
  return node.children.map(textOf).join('');
}
