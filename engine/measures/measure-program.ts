/** From what is measured of a tensor to its passes: the statistics that masks and methods need, then the sums. */
import type { CallTerm, TensorTerm } from '../../grammar/check/term.ts';
import {
  canonicalBits,
  isNegative,
  isPositive,
  keep,
  magnitudeKey,
  roundTo,
} from '../formula/derived.ts';
import type { Graph } from '../formula/graph.ts';
import type { FNode, Formula, MNode, Sink } from '../formula/node.ts';
import type { Masked } from '../methods/method.ts';
import type { Program } from '../program/composer.ts';
import type { ProgramContext } from '../program/from-term.ts';
import type { Change, Measured, MeasureItem, Stage, Sum } from './measured.ts';
import { SharingComposer } from './sharing-composer.ts';
import { callMasks, valueOf } from '../program/from-term.ts';

export interface MeasureProgram {
  readonly program: Program;
  /** One after another, their sinks are the sums in order. */
  readonly passes: readonly Formula[];
}

/** More sums than this in one loop spill its registers and gain nothing. */
const sumsInPass = 32;

export function measureProgram(item: MeasureItem): MeasureProgram {
  const values = new Values(item);
  const sinks = item.measured.sums.map((sum) => sinkOf(values, sum));
  const { composer } = values;
  const program = composer.program(composer.graph.constant(0));
  return { program, passes: inPasses(composer.graph, sinks) };
}

/** Sums as passes, in their order. */
export function inPasses(graph: Graph, sinks: readonly Sink[]): readonly Formula[] {
  const passes: Formula[] = [];
  for (let at = 0; at < sinks.length; at += sumsInPass)
    passes.push(graph.formula(sinks.slice(at, at + sumsInPass)));
  return passes;
}

function sinkOf(values: Values, sum: Measured['sums'][number]): Sink {
  const { graph } = values.composer;
  switch (sum.kind) {
    case 'apart':
      return square(values.apart(sum.change));
    case 'model':
      return square(values.model(sum.change));
    case 'base':
      return square(values.base(sum.change)!);
    case 'product':
      return { kind: 'dot', p: values.change(sum.of[0]), q: values.change(sum.of[1]) };
    case 'differs': {
      const bits = canonicalBits(graph, values.merged());
      const others = canonicalBits(graph, values.model(sum.change));
      return { kind: 'count', mask: graph.not(graph.eqU(bits, others)) };
    }
    case 'largest':
      return values.largest(sum.change);
    case 'nonFinite': {
      const exponent = graph.word(0x7f800000);
      const bits = graph.bits(values.merged());
      return { kind: 'count', mask: graph.eqU(graph.and(bits, exponent), exponent) };
    }
    case 'conflict':
    case 'shared':
    case 'nonzero':
      return { kind: 'count', mask: signMask(values, sum) };
    case 'kept':
      return { kind: 'count', mask: values.masked(sum.change).kept };
    case 'atThreshold':
      return { kind: 'count', mask: values.masked(sum.change).atThreshold ?? values.nowhere() };
  }
}

/** Σ x² */
export function square(x: FNode): Sink {
  return { kind: 'dot', p: x, q: x };
}

function signMask(
  values: Values,
  { kind, changes, stage }: Extract<Sum, { readonly kind: 'conflict' | 'shared' | 'nonzero' }>,
): MNode {
  const { graph } = values.composer;
  const bits = changes.map((change) => canonicalBits(graph, values.staged(change, stage)));
  const positive = bits.map((x) => isPositive(graph, x));
  const negative = bits.map((x) => isNegative(graph, x));
  const any = (masks: readonly MNode[]): MNode => masks.reduce((a, b) => graph.either(a, b));
  switch (kind) {
    case 'conflict':
      return graph.both(any(positive), any(negative));
    case 'nonzero':
      return graph.either(any(positive), any(negative));
    case 'shared': {
      const count = bits.reduce(
        (sum, _, i) => graph.addMask(sum, graph.either(positive[i]!, negative[i]!)),
        graph.word(0),
      );
      return graph.gtS(count, graph.word(1));
    }
  }
}

/** The values of one tensor as nodes, each made when it is first asked for: what no sum needs is not read. */
class Values {
  readonly composer: SharingComposer;
  readonly #item: MeasureItem;
  readonly #context: ProgramContext;
  readonly #terms = new Map<TensorTerm, FNode>();
  readonly #masks = new Map<CallTerm, readonly Masked[]>();

  constructor(item: MeasureItem) {
    this.composer = new SharingComposer(item.elements);
    this.#item = item;
    this.#context = {
      elements: item.elements,
      wholeElements: new Map(Object.entries(item.wholeElements)),
    };
  }

  merged(): FNode {
    const { rounded } = this.#item.measured;
    const value = this.#term(this.#item.term);
    return rounded === undefined ? value : roundTo(this.composer.graph, rounded, value);
  }

  /** The model whole; a change is laid on its base. */
  model(change: number): FNode {
    const { value, isDelta } = this.#at(change);
    const own = this.#term(value);
    return isDelta ? this.composer.graph.add(this.base(change)!, own) : own;
  }

  base(change: number): FNode | undefined {
    const { base } = this.#at(change);
    return base && this.#term(base);
  }

  /** τ */
  change(change: number): FNode {
    const { value, isDelta } = this.#at(change);
    const own = this.#term(value);
    const base = isDelta ? undefined : this.base(change);
    return base === undefined ? own : this.composer.graph.sub(own, base);
  }

  /** m − a, of a step that gives a change m − τ_a. */
  apart(change: number): FNode {
    const other = this.#item.measured.isDelta ? this.change(change) : this.model(change);
    return this.composer.graph.sub(this.merged(), other);
  }

  /** max |m − a| as a sum: the k-th magnitude from above with k = 1, which the first element alone carries. */
  largest(change: number): Sink {
    const { composer } = this;
    const { graph } = composer;
    const { threshold } = composer.kth(magnitudeKey(graph, this.apart(change)), 1);
    const most = graph.float(composer.unsigned(threshold));
    const first = composer.before(composer.number(1));
    return { kind: 'dot', p: keep(graph, first, most), q: graph.constant(1) };
  }

  masked(change: number): Masked {
    const { masked } = this.#at(change);
    if (masked === undefined) throw new Error('no mask is met by that change');
    let masks = this.#masks.get(masked.call);
    if (masks === undefined) {
      masks = callMasks(this.composer, masked.call, this.#context)!;
      this.#masks.set(masked.call, masks);
    }
    return masks[masked.input]!;
  }

  staged(change: number, stage: Stage): FNode {
    return stage === 'kept' && this.#at(change).masked !== undefined
      ? this.masked(change).vector
      : this.change(change);
  }

  nowhere(): MNode {
    const { graph } = this.composer;
    return graph.eqU(graph.word(0), graph.word(1));
  }

  #term(term: TensorTerm): FNode {
    let value = this.#terms.get(term);
    if (value === undefined) {
      value = valueOf(this.composer, term, this.#context);
      this.#terms.set(term, value);
    }
    return value;
  }

  #at(change: number): Change {
    const found = this.#item.measured.changes[change];
    if (found === undefined) throw new Error('a model without the tensor was measured at it');
    return found;
  }
}
