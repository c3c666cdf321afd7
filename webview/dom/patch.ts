/**
 * Brings a container's children to what a view wants.
 * Elements are reused by place and tag, so that focus, selection and scrolling stay where they are.
 * Styles are set through the object model: a strict content security policy forbids the attribute.
 */
import type { Attribute, ElementNode, Listener, ViewNode } from './node.ts';

/** What was drawn last into an element. */
const drawn = new WeakMap<Element, ElementNode>();

export function patch(container: Element, nodes: readonly ViewNode[]): void {
  nodes.forEach((node, index) => patchAt(container, node, container.childNodes[index]));
  while (container.childNodes.length > nodes.length) container.lastChild!.remove();
}

function patchAt(container: Element, node: ViewNode, there: ChildNode | undefined): void {
  if (typeof node === 'string') return patchText(container, node, there);
  if ('island' in node) {
    if (there !== node.island) put(container, node.island, there);
    return;
  }
  const reused = there instanceof Element && drawn.get(there)?.tag === node.tag ? there : undefined;
  const element = reused ?? document.createElement(node.tag);
  if (reused === undefined) put(container, element, there);
  const before = drawn.get(element)?.attributes ?? {};
  drawn.set(element, node);
  for (const name of Object.keys(before)) {
    if (!(name in node.attributes)) setAttribute(element, name, undefined, before[name]);
  }
  patch(element, node.children);
  // After the children: a select takes a value only once it has its options.
  for (const [name, value] of Object.entries(node.attributes)) {
    if (before[name] !== value || name === 'value')
      setAttribute(element, name, value, before[name]);
  }
}

function patchText(container: Element, text: string, there: ChildNode | undefined): void {
  if (!(there instanceof Text)) put(container, document.createTextNode(text), there);
  else if (there.data !== text) there.data = text;
}

/** Puts a node at a place, in the stead of what was there. */
function put(container: Element, node: ChildNode, there: ChildNode | undefined): void {
  if (there === undefined) container.append(node);
  else there.replaceWith(node);
}

function setAttribute(
  element: Element,
  name: string,
  value: Attribute,
  before: Attribute | undefined,
): void {
  if (name.startsWith('on')) return setListener(element, name.slice(2), value);
  if (name === 'style') return setStyle(element as HTMLElement, value, before);
  if (name === 'value' && element instanceof HTMLSelectElement) {
    if (element.value !== value) element.value = String(value);
    return;
  }
  if (value === undefined || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? '' : String(value));
}

/** The newest listener by event. One of ours calls it, so that a new closure costs no change of the document. */
const listeners = new WeakMap<EventTarget, Map<string, Listener>>();

function setListener(element: Element, type: string, value: Attribute): void {
  const own = listeners.get(element) ?? new Map<string, Listener>();
  listeners.set(element, own);
  if (!own.has(type)) element.addEventListener(type, callListener);
  if (typeof value === 'function') own.set(type, value);
  else own.set(type, () => undefined);
}

function callListener(event: Event): void {
  const called = event.currentTarget === null ? undefined : listeners.get(event.currentTarget);
  called?.get(event.type)?.(event);
}

function setStyle(element: HTMLElement, value: Attribute, before: Attribute | undefined): void {
  const wanted = typeof value === 'object' ? value : {};
  const old = typeof before === 'object' ? before : {};
  for (const name of Object.keys(old)) {
    if (!(name in wanted)) element.style.removeProperty(name);
  }
  for (const [name, text] of Object.entries(wanted)) {
    if (old[name] !== text) element.style.setProperty(name, text);
  }
}
