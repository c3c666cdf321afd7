import type { TensorValue } from '../../grammar/check/checked.ts';
import { termFor } from '../../grammar/check/settle.ts';
import type { TensorHeader } from '../../grammar/places/signature.ts';
import { nameOfValue } from '../../grammar/check/tensor-value.ts';
import { isComputed } from '../formula/derived.ts';
import { elementCount } from '../safetensors/dtype-size.ts';
import { changeAt } from './change-at.ts';
import type { Question } from './figures/figure-law.ts';
import { sumKey, type Change, type Measured, type Sum } from './measured.ts';
import { isDelta, storedType, tensorsOf, withoutTwins, type Subject, type Who } from './subject.ts';
import { areComputed } from './term-types.ts';

/** What is known of one tensor after its passes. */
export interface Tally {
  /** Σ over the whole tensor, estimated where it was sampled. */
  readonly total: (sum: Sum) => number;
  /** The same under each resampling of the blocks; absent where the tensor was read whole. */
  readonly resampled?: (sum: Sum) => Float64Array;
}

/** A question about a set of tensors, and what has been added up for it so far. */
export interface Asked {
  readonly question: Question;
  readonly tensors: ReadonlySet<string>;
  /** Tensors that had a part in it. */
  readonly taken: number;
  readonly totals: readonly number[];
  /** By sum; absent until a sampled tensor is added. */
  readonly resampled?: readonly Float64Array[];
}

/** Questions about one step, gathered first, so that each tensor is read once for all of them. */
export class Study {
  readonly subject: Subject;
  readonly #who: Who[] = [];
  readonly #asked: MutableAsked[] = [];
  readonly #byTensor = new Map<string, MutableAsked[]>();
  readonly #counted = new Map<ReadonlySet<string>, ReadonlySet<string>>();
  readonly #replicates: number;
  readonly #headers: readonly TensorHeader[];
  readonly #all: ReadonlySet<string>;
  /** What was worked out for the tensor looked at last. */
  #at: AtTensor | undefined;

  constructor(
    subject: Subject,
    {
      replicates = 0,
      within,
    }: { readonly replicates?: number; readonly within?: ReadonlySet<string> } = {},
  ) {
    this.subject = subject;
    this.#replicates = replicates;
    this.#headers = tensorsOf(subject).filter(
      (header) => within?.has(header.name) !== false && isMeasurable(subject, header),
    );
    this.#all = new Set(this.#headers.map(({ name }) => name));
  }

  get who(): readonly Who[] {
    return this.#who;
  }

  /** The number under which questions name a model. */
  change(who: Who): number {
    const known = this.#who.findIndex(
      (one) => sameValue(one.value, who.value) && sameValue(one.base, who.base),
    );
    if (known >= 0) return known;
    this.#who.push(who);
    return this.#who.length - 1;
  }

  /** Whether the model's change is known. */
  isChange(change: number): boolean {
    const { value, base } = this.#who[change]!;
    return base !== undefined || isDelta(value);
  }

  /** Over these tensors of the step, or all. All models must be known before. */
  ask(question: Question, tensors: ReadonlySet<string> = this.#all): Asked {
    let counted = this.#counted.get(tensors);
    if (counted === undefined) {
      counted = withoutTwins(tensors, this.subject);
      this.#counted.set(tensors, counted);
    }
    const asked: MutableAsked = { question, tensors: counted, taken: 0, totals: [] };
    this.#asked.push(asked);
    for (const name of counted) {
      const here = this.#byTensor.get(name);
      if (here === undefined) this.#byTensor.set(name, [asked]);
      else here.push(asked);
    }
    return asked;
  }

  /** The tensors that can be measured: those of types that are computed with, and not empty. */
  tensors(): readonly TensorHeader[] {
    return this.#headers;
  }

  /** What cannot be measured yet, for its type. */
  leftOut(): readonly string[] {
    return tensorsOf(this.subject).flatMap(({ name, shape }) =>
      this.#all.has(name) || elementCount(shape) === 0 ? [] : [name],
    );
  }

  /** What a tensor must be read for; undefined if for nothing. */
  measuredAt(header: TensorHeader): Measured | undefined {
    const sums = new Map<string, Measured['sums'][number]>();
    for (const { question } of this.#byTensor.get(header.name) ?? []) {
      for (const sum of this.#sumsAt(header, question) ?? []) {
        if (sum.kind !== 'elements') sums.set(sumKey(sum), sum);
      }
    }
    if (sums.size === 0) return undefined;
    const { subject } = this;
    const type = subject.values.kind === 'stored' ? undefined : storedType(subject, header);
    return {
      ...(type !== undefined && isComputed(type) ? { rounded: type } : {}),
      isDelta: isDelta(subject.step.value),
      changes: this.#tensor(header).changes,
      // Sums over m stand together, so that m is made in few passes.
      sums: [...sums.values()].sort((a, b) => Number(isOfMerged(b)) - Number(isOfMerged(a))),
    };
  }

  /** Adds a tensor's sums to every question about it. Tensors come in byte order of their names. */
  add(header: TensorHeader, tally: Tally): void {
    for (const asked of this.#byTensor.get(header.name) ?? []) {
      const sums = this.#sumsAt(header, asked.question);
      if (sums === undefined) continue;
      asked.taken++;
      const before = asked.totals;
      asked.totals = sums.map((sum, index) => (before[index] ?? 0) + tally.total(sum));
      if (tally.resampled === undefined && asked.resampled === undefined) continue;
      asked.resampled ??= sums.map((_, index) =>
        new Float64Array(this.#replicates).fill(before[index] ?? 0),
      );
      for (const [index, sum] of sums.entries())
        addEach(asked.resampled[index]!, tally.resampled?.(sum) ?? tally.total(sum));
    }
  }

  #sumsAt(header: TensorHeader, question: Question): readonly Sum[] | undefined {
    const { changes, sums } = this.#tensor(header);
    if (!sums.has(question)) {
      const known = question.changes.map((change) => changes[change]);
      const isWhole = known.every((change) => change !== undefined);
      sums.set(question, isWhole ? question.law.sums(question, known) : undefined);
    }
    return sums.get(question);
  }

  #tensor(header: TensorHeader): AtTensor {
    if (this.#at?.name !== header.name) {
      const { step } = this.subject;
      const changes = this.#who.map((who) => computable(changeAt(step, header, who)));
      this.#at = { name: header.name, changes, sums: new Map() };
    }
    return this.#at;
  }
}

interface AtTensor {
  readonly name: string;
  readonly changes: readonly (Change | undefined)[];
  readonly sums: Map<Question, readonly Sum[] | undefined>;
}

function addEach(to: Float64Array, from: Float64Array | number): void {
  for (let r = 0; r < to.length; r++) to[r]! += typeof from === 'number' ? from : from[r]!;
}

function isMeasurable(subject: Subject, header: TensorHeader): boolean {
  if (elementCount(header.shape) === 0) return false;
  const type = storedType(subject, header);
  if (subject.values.kind === 'stored') return isComputed(type!);
  return (
    areComputed(termFor(subject.step, header.name)) && (type === undefined || isComputed(type))
  );
}

type MutableAsked = { -readonly [K in keyof Asked]: Asked[K] };

function isOfMerged({ kind }: Sum): boolean {
  return kind === 'apart' || kind === 'nonFinite';
}

/** A model of a type that is not computed with has no part in figures. */
function computable(change: Change | undefined): Change | undefined {
  if (change === undefined) return undefined;
  const terms = [change.value, ...(change.base === undefined ? [] : [change.base])];
  return terms.every(areComputed) ? change : undefined;
}

/** The same source or step, or the same expression of the recipe. */
function sameValue(a: TensorValue | undefined, b: TensorValue | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return valueKey(a) === valueKey(b);
}

function valueKey(value: TensorValue): string {
  return nameOfValue(value) ?? `${value.span.start} to ${value.span.end}`;
}
