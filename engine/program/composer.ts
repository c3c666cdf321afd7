import type { DType } from '../../grammar/places/signature.ts';
import { isComputed, kernelType, widen, widthOf } from '../formula/derived.ts';
import { Graph } from '../formula/graph.ts';
import type { FNode, MNode, UNode } from '../formula/node.ts';
import type { Words } from '../numeric/threefry.ts';
import type { HostStep } from './host.ts';
import type { Scalar, ScalarId, StatisticPart, UniformBinding } from './scalar.ts';

/** A tensor of a source, as the recipe and the file call it. */
export interface OperandRef {
  readonly source: string;
  readonly name: string;
  readonly dtype: DType;
}

/**
 * What a pass finds out about a tensor. With a `group` it is found over all tensors that name the same group, before any
 * of them is computed.
 */
export type Statistic = {
  readonly group?: string;
} & (
  | { readonly kind: 'dot'; readonly p: FNode; readonly q: FNode }
  | { readonly kind: 'count'; readonly mask: MNode }
  /** The `rank`-th largest key, from 1. */
  | { readonly kind: 'kth'; readonly key: UNode; readonly rank: ScalarId }
  /** The element index below which exactly `wanted` lanes are true. */
  | { readonly kind: 'quota'; readonly mask: MNode; readonly wanted: ScalarId }
);

/** All that one tensor needs: where its operands lie, what must be known first, and the value of each element. */
export interface Program {
  readonly graph: Graph;
  readonly operands: readonly OperandRef[];
  readonly scalars: readonly Scalar[];
  /** By the graph's uniform index. */
  readonly uniforms: readonly UniformBinding[];
  readonly statistics: readonly Statistic[];
  /** By k-th statistic: the uniform that holds the high half of its key. */
  readonly prefixes: ReadonlyMap<number, UNode>;
  readonly result: FNode;
}

/** Builds one tensor's program: formulas in its graph, scalars and statistics beside it. */
export class Composer {
  readonly graph = new Graph();
  /** Elements of the tensor. */
  readonly elements: number;
  readonly #operands: OperandRef[] = [];
  readonly #made = new Map<object, FNode>();
  readonly #loaded = new Map<string, FNode>();
  readonly #scalars: Scalar[] = [];
  readonly #uniforms: UniformBinding[] = [];
  readonly #bound = new Map<string, UNode>();
  readonly #statistics: Statistic[] = [];
  readonly #prefixes = new Map<number, UNode>();
  readonly #grouped = new Map<string, number>();
  #group: string | undefined;

  constructor(elements: number) {
    this.elements = elements;
  }

  program(result: FNode): Program {
    return {
      graph: this.graph,
      operands: this.#operands,
      scalars: this.#scalars,
      uniforms: this.#uniforms,
      statistics: this.#statistics,
      prefixes: this.#prefixes,
      result,
    };
  }

  /** What was made for this very object, or is made now. */
  once(of: object, make: () => FNode): FNode {
    const known = this.#made.get(of);
    if (known !== undefined) return known;
    const made = make();
    this.#made.set(of, made);
    return made;
  }

  /** The value of a source's tensor, widened to f32. */
  operand(ref: OperandRef): FNode {
    const key = JSON.stringify([ref.source, ref.name]);
    const known = this.#loaded.get(key);
    if (known !== undefined) return known;
    if (!isComputed(ref.dtype))
      throw new Error(`${ref.dtype} tensors are copied, never computed with`);
    this.#operands.push(ref);
    const type = kernelType(ref.dtype);
    const value = widen(this.graph, type, this.graph.operand(widthOf(type)));
    this.#loaded.set(key, value);
    return value;
  }

  number(value: number): ScalarId {
    return this.#scalar({ kind: 'number', value });
  }

  host(step: HostStep, ...args: readonly ScalarId[]): ScalarId {
    return this.#scalar({ kind: 'host', step, args });
  }

  /** The scalar rounded to f32, in every lane. */
  float(scalar: ScalarId): FNode {
    return this.graph.float(this.#uniform(scalar, 'f32'));
  }

  /** A number known now, rounded to f32, in every lane. */
  floatOf(value: number): FNode {
    return this.float(this.number(value));
  }

  unsigned(scalar: ScalarId): UNode {
    return this.#uniform(scalar, 'u32');
  }

  /** A key, or a limit of 31 bits: that its upper bit is 0 is said to the graph. */
  key(scalar: ScalarId): UNode {
    return this.graph.and(this.unsigned(scalar), this.graph.word(0x7fffffff));
  }

  /** Whether the element lies before the index in its tensor. */
  before(limit: ScalarId): MNode {
    return this.graph.ltU(this.graph.index(), this.#uniform(limit, 'index'));
  }

  /** 32 random bits of each element. */
  draw(key: Words): UNode {
    const { word, key: first } = this.graph.draw();
    this.#uniforms[first] = { scalar: this.number(key[0]), as: 'u32' };
    this.#uniforms[first + 1] = { scalar: this.number(key[1]), as: 'u32' };
    return word;
  }

  /** ⟨p, q⟩ in f64 by the one tree. */
  dot(p: FNode, q: FNode): ScalarId {
    return this.#part(this.#statistic({ kind: 'dot', p, q }), 'sum');
  }

  count(mask: MNode): ScalarId {
    return this.#part(this.#statistic({ kind: 'count', mask }), 'count');
  }

  /** The `rank`-th largest key (from 1) and how many keys are larger. Keys lie below 2^31. */
  kth(key: UNode, rank: number): { readonly threshold: ScalarId; readonly above: ScalarId } {
    const at = this.#statistic({ kind: 'kth', key, rank: this.number(rank) });
    this.#prefixes.set(at, this.#uniform(this.#part(at, 'high'), 'u32'));
    return { threshold: this.#part(at, 'threshold'), above: this.#part(at, 'above') };
  }

  quota(mask: MNode, wanted: ScalarId): ScalarId {
    return this.#part(this.#statistic({ kind: 'quota', mask, wanted }), 'limit');
  }

  /** Statistics asked for within `build` are found over the whole group. The order of asking must not depend on the tensor. */
  over<T>(group: string | undefined, build: () => T): T {
    const outer = this.#group;
    this.#group = group;
    const made = build();
    this.#group = outer;
    return made;
  }

  #scalar(scalar: Scalar): ScalarId {
    this.#scalars.push(scalar);
    return (this.#scalars.length - 1) as ScalarId;
  }

  #part(statistic: number, part: StatisticPart): ScalarId {
    return this.#scalar({ kind: 'statistic', statistic, part });
  }

  #statistic(statistic: Statistic): number {
    const group = this.#group;
    if (group === undefined) {
      this.#statistics.push(statistic);
    } else {
      const ordinal = this.#grouped.get(group) ?? 0;
      this.#grouped.set(group, ordinal + 1);
      this.#statistics.push({ ...statistic, group: `${group}#${ordinal}` });
    }
    return this.#statistics.length - 1;
  }

  #uniform(scalar: ScalarId, as: UniformBinding['as']): UNode {
    const key = `${as} ${scalar}`;
    const known = this.#bound.get(key);
    if (known !== undefined) return known;
    const node = this.graph.uniform();
    this.#uniforms[node.imm] = { scalar, as };
    this.#bound.set(key, node);
    return node;
  }
}
