import {
  always,
  canonicalBits,
  isNegative,
  isPositive,
  keep,
  magnitude,
  magnitudeKey,
} from '../../formula/derived.ts';
import type { FNode, MNode, UNode } from '../../formula/node.ts';
import type { Composer } from '../../program/composer.ts';
import { arithmetic, sumOf } from '../arithmetic.ts';
import { arithmeticOf } from '../arithmetic/task-vectors.ts';
import { numberOf, numbersOf, wordOf, type MethodCall } from '../method.ts';

/** Elects a sign for each element, and merges the experts that agree with it onto the base. */
export function electAndMerge(
  composer: Composer,
  call: MethodCall,
  vectors: readonly FNode[],
): FNode {
  return call.compat === 'mergekit'
    ? asMergekit(composer, call, vectors)
    : byThePaper(composer, call, vectors);
}

/**
 * δ_t = w_t τ̂_t; s = sign Σ δ_t, or of Σ sign δ_t. Zeros of s take the sign that the whole scope has more of; if that is
 * none, they count as negative. Where nobody agrees, the base keeps its own bits.
 */
function byThePaper(composer: Composer, call: MethodCall, vectors: readonly FNode[]): FNode {
  const { graph } = composer;
  const a = arithmetic(composer, 'F32');
  const weights = numbersOf(call, 'weight');
  const weighted = vectors.map((vector, input) => a.times(weights[input]!, vector));
  const bits = weighted.map((delta) => canonicalBits(graph, delta));
  const elected = election(composer, call, weighted, bits);
  const agrees = agreements(composer, elected.turn, bits);

  const combine = wordOf(call, 'combine');
  const sum = sumOf(
    composer,
    weighted.map((delta, input) => keep(graph, agrees[input]!, delta)),
  );
  const share = sumOf(
    composer,
    weights.map((w, input) => keep(graph, agrees[input]!, composer.floatOf(w))),
  );
  const mixed =
    combine === 'max'
      ? largest(composer, weighted, agrees, elected)
      : combine === 'sum'
        ? sum
        : graph.div(sum, share);
  const scaled = a.times(numberOf(call, 'scale'), mixed);
  // A weight of 0 never agrees, so that without anyone the weights' sum is 0 too.
  const counts =
    combine === 'mean'
      ? isNotZero(composer, share)
      : agrees.reduce((some, one) => graph.either(some, one));
  const base = call.base ?? graph.constant(0);
  return graph.selF(counts, call.base === undefined ? scaled : graph.add(call.base, scaled), base);
}

interface Elected {
  /** The sign bit where the elected sign is minus, else 0. */
  readonly turn: UNode;
  /** The sum was zero and the scope has no majority: the sign of no number. */
  readonly undecided: MNode;
}

function election(
  composer: Composer,
  call: MethodCall,
  weighted: readonly FNode[],
  bits: readonly UNode[],
): Elected {
  const { graph } = composer;
  const votes =
    wordOf(call, 'elect') === 'count'
      ? signSum(composer, bits)
      : canonicalBits(graph, sumOf(composer, weighted));
  const positive = isPositive(graph, votes);
  const negative = isNegative(graph, votes);
  const zero = graph.eqU(graph.and(votes, graph.word(0x7fffffff)), graph.word(0));
  const counts = composer.over(
    call.group === undefined ? undefined : `${call.group} majority`,
    () => ({
      positive: composer.count(positive),
      negative: composer.count(negative),
    }),
  );
  const morePositive = composer.unsigned(
    composer.host('greater', counts.positive, counts.negative),
  );
  const moreNegative = composer.unsigned(
    composer.host('greater', counts.negative, counts.positive),
  );
  const one = graph.word(1);
  const minus = graph.word(0x80000000);
  const majority = graph.selU(graph.eqU(morePositive, one), graph.word(0), minus);
  return {
    turn: graph.selU(zero, majority, graph.and(votes, minus)),
    undecided: graph.both(
      zero,
      graph.not(graph.either(graph.eqU(morePositive, one), graph.eqU(moreNegative, one))),
    ),
  };
}

/** Σ sign δ as a signed integer, which orders as floats' bits do around zero. */
function signSum(composer: Composer, bits: readonly UNode[]): UNode {
  const { graph } = composer;
  return bits.reduce((sum, delta) => {
    const up = graph.addMask(sum, isPositive(graph, delta));
    return graph.isub(up, graph.fromMask(isNegative(graph, delta)));
  }, graph.word(0));
}

/** Which experts agree: turned so that the elected sign is plus, they are above zero. */
function agreements(composer: Composer, turn: UNode, bits: readonly UNode[]): readonly MNode[] {
  const { graph } = composer;
  return bits.map((delta) => isPositive(graph, graph.xor(delta, turn)));
}

/** The largest |δ| of the agreeing, with the elected sign; 0 where there is none. */
function largest(
  composer: Composer,
  weighted: readonly FNode[],
  agrees: readonly MNode[],
  elected: Elected,
): FNode {
  const { graph } = composer;
  const zero = graph.word(0);
  const magnitudes = weighted.map((delta, input) =>
    graph.selU(
      agrees[input]!,
      graph.minU(magnitudeKey(graph, delta), graph.word(0x7fc00000)),
      zero,
    ),
  );
  const most = magnitudes.reduce((a, b) => graph.maxU(a, b));
  return graph.float(graph.selU(elected.undecided, zero, graph.or(most, elected.turn)));
}

function isNotZero(composer: Composer, x: FNode): MNode {
  const { graph } = composer;
  return graph.ltU(graph.word(0), magnitude(graph, x));
}

/** As mergekit: a zero sum elects plus; the sum of agreeing weights divides, 0 counting as 1; every step rounds. */
function asMergekit(composer: Composer, call: MethodCall, vectors: readonly FNode[]): FNode {
  const { graph } = composer;
  const a = arithmeticOf(composer, call);
  const weights = numbersOf(call, 'weight').map(a.number);
  const weighted = vectors.map((vector, input) => a.times(weights[input]!, vector));
  const bits = weighted.map((delta) => canonicalBits(graph, delta));
  const votes =
    wordOf(call, 'elect') === 'count'
      ? signSum(composer, bits)
      : canonicalBits(graph, a.sum(weighted));
  const minus = graph.word(0x80000000);
  const turn = graph.selU(isNegative(graph, votes), minus, graph.word(0));
  const agrees = agreements(composer, turn, bits);
  const mixed = a.sum(weighted.map((delta, input) => keep(graph, agrees[input]!, delta)));
  const combine = wordOf(call, 'combine');
  const result = ((): FNode => {
    switch (combine) {
      case 'mean': {
        const share = a.sum(
          weights.map((w, input) => keep(graph, agrees[input]!, composer.floatOf(w))),
        );
        return a.div(mixed, graph.selF(isNotZero(composer, share), share, graph.constant(1)));
      }
      case 'max':
        return largest(composer, weighted, agrees, {
          turn,
          undecided: graph.not(always(graph)),
        });
      default:
        return mixed;
    }
  })();
  const scaled = a.times(numberOf(call, 'scale'), result);
  return call.base === undefined ? scaled : a.add(a.load(call.base), scaled);
}
