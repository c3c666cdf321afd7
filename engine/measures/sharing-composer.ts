import type { FNode, MNode, UNode } from '../formula/node.ts';
import type { Words } from '../numeric/threefry.ts';
import { Composer } from '../program/composer.ts';
import type { HostStep } from '../program/host.ts';
import type { ScalarId } from '../program/scalar.ts';

/**
 * A composer that asks nothing twice: equal scalars, draws and statistics are one. A mask that is measured beside the
 * merge that uses it then costs no pass of its own.
 */
export class SharingComposer extends Composer {
  readonly #known = new Map<string, unknown>();
  #group = '';

  override number(value: number): ScalarId {
    return this.#once(`number ${Object.is(value, -0) ? '-0' : value}`, () => super.number(value));
  }

  override host(step: HostStep, ...args: readonly ScalarId[]): ScalarId {
    return this.#once(`host ${step} ${args.join(' ')}`, () => super.host(step, ...args));
  }

  override draw(key: Words): UNode {
    return this.#once(`draw ${key.join(' ')}`, () => super.draw(key));
  }

  override dot(p: FNode, q: FNode): ScalarId {
    return this.#once(`dot ${p.id} ${q.id} ${this.#group}`, () => super.dot(p, q));
  }

  override count(mask: MNode): ScalarId {
    return this.#once(`count ${mask.id} ${this.#group}`, () => super.count(mask));
  }

  override kth(
    key: UNode,
    rank: number,
  ): { readonly threshold: ScalarId; readonly above: ScalarId } {
    return this.#once(`kth ${key.id} ${rank} ${this.#group}`, () => super.kth(key, rank));
  }

  override quota(mask: MNode, wanted: ScalarId): ScalarId {
    return this.#once(`quota ${mask.id} ${wanted} ${this.#group}`, () => super.quota(mask, wanted));
  }

  override over<T>(group: string | undefined, build: () => T): T {
    const outer = this.#group;
    this.#group = group ?? '';
    const made = super.over(group, build);
    this.#group = outer;
    return made;
  }

  #once<T>(key: string, make: () => T): T {
    if (!this.#known.has(key)) this.#known.set(key, make());
    return this.#known.get(key) as T;
  }
}
