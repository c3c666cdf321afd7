/**
 * A stretch of many equal things as elements, in their order. What leaves the view is used again for what enters it: scrolling
 * by a row touches one row, however many are in view.
 */
import type { Stretch } from './window.ts';

export interface Recycled<Item> {
  readonly element: HTMLElement;
  /** What an element was filled with last, for whoever fills it. */
  readonly held: Item;
}

export class Recycler<Item> {
  readonly #container: HTMLElement;
  readonly #make: () => Recycled<Item>;
  readonly #shown = new Map<number, Recycled<Item>>();
  /** The last element before the stretch that is not ours. */
  readonly #after: () => ChildNode | null;

  constructor(
    container: HTMLElement,
    make: () => Recycled<Item>,
    after: () => ChildNode | null = () => null,
  ) {
    this.#container = container;
    this.#make = make;
    this.#after = after;
  }

  /** Brings the elements to a stretch; `isNew` tells those that were elsewhere, or nowhere, before. */
  show(
    { first, end }: Stretch,
    fill: (index: number, item: Recycled<Item>, isNew: boolean) => void,
  ): void {
    const free: Recycled<Item>[] = [];
    for (const [index, item] of this.#shown) {
      if (index >= first && index < end) continue;
      this.#shown.delete(index);
      free.push(item);
    }
    let before = this.#after();
    for (let index = first; index < end; index++) {
      let item = this.#shown.get(index);
      const isNew = item === undefined;
      if (item === undefined) {
        item = free.pop() ?? this.#make();
        this.#shown.set(index, item);
      }
      const next = before === null ? this.#container.firstChild : before.nextSibling;
      if (next !== item.element) this.#container.insertBefore(item.element, next);
      before = item.element;
      fill(index, item, isNew);
    }
    for (const { element } of free) element.remove();
  }
}
