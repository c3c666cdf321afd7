import {
  canonicalBits,
  isNegative,
  isPositive,
  keep,
  magnitudeKey,
  roundTo,
  widen,
  widthOf,
  type KernelType,
} from '../../formula/derived.ts';
import { Graph } from '../../formula/graph.ts';
import type { FNode, Formula } from '../../formula/node.ts';
import { floatWords, storing } from './formula-building.ts';

/** A merge with its scalars, as a self-check runs it. */
export interface Sample {
  readonly name: string;
  readonly formula: Formula;
  readonly uniforms: Uint32Array;
  /** Types of the operands, in order. */
  readonly operands: readonly KernelType[];
}

interface Types {
  readonly from: KernelType;
  readonly to: KernelType;
}

function models(g: Graph, dtype: KernelType, count: number): readonly FNode[] {
  return Array.from({ length: count }, () => widen(g, dtype, g.operand(widthOf(dtype))));
}

function sum(g: Graph, terms: readonly FNode[]): FNode {
  return terms.reduce(g.add);
}

function sample(
  name: string,
  { from, to }: Types,
  count: number,
  uniforms: Uint32Array,
  make: (g: Graph, operands: readonly FNode[]) => FNode,
): Sample {
  const g = new Graph();
  const formula = storing(g, to, make(g, models(g, from, count)));
  return {
    name: `${name}, ${from} to ${to}`,
    formula,
    uniforms,
    operands: Array<KernelType>(count).fill(from),
  };
}

/** Σ wᵢ xᵢ */
export function linear(types: Types): Sample {
  return sample('linear of 3', types, 3, floatWords(0.5, 0.3, 0.2), (g, xs) =>
    sum(
      g,
      xs.map((x) => g.mul(x, g.float(g.uniform()))),
    ),
  );
}

/** b + Σ λᵢ (xᵢ - b) */
export function taskArithmetic(types: Types): Sample {
  return sample('task arithmetic of 3', types, 4, floatWords(0.3, 0.4, -0.7), (g, [b, ...xs]) =>
    g.add(
      b!,
      sum(
        g,
        xs.map((x) => g.mul(g.sub(x, b!), g.float(g.uniform()))),
      ),
    ),
  );
}

/** TIES: deltas at or above a threshold, the sign of their sum, their mean over the weights that agree; else the base's bits. */
export function ties(types: Types): Sample {
  const uniforms = floatWords(0.01, 1, 0.012, 0.7, 0.008, 0.9, 0.9);
  return sample('ties of 3', types, 4, uniforms, (g, [b, ...xs]) => {
    const experts = xs.map((x) => {
      const delta = g.sub(x, b!);
      const isKept = g.not(g.ltU(magnitudeKey(g, delta), g.uniform()));
      const weight = g.float(g.uniform());
      return { weight, delta: g.mul(weight, keep(g, isKept, delta)) };
    });
    const elected = canonicalBits(
      g,
      sum(
        g,
        experts.map(({ delta }) => delta),
      ),
    );
    const agrees = experts.map(({ delta }) => {
      const bits = canonicalBits(g, delta);
      return g.either(
        g.both(isPositive(g, bits), isPositive(g, elected)),
        g.both(isNegative(g, bits), isNegative(g, elected)),
      );
    });
    const total = sum(
      g,
      experts.map(({ delta }, i) => keep(g, agrees[i]!, delta)),
    );
    const share = sum(
      g,
      experts.map(({ weight }, i) => keep(g, agrees[i]!, weight)),
    );
    const merged = g.add(b!, g.mul(g.float(g.uniform()), g.div(total, share)));
    const isShared = g.ltU(g.word(0), g.and(g.bits(share), g.word(0x7fffffff)));
    return g.selF(g.both(agrees.reduce(g.either), isShared), merged, b!);
  });
}

/** The linear map that slerp ends in. */
export function slerp(types: Types): Sample {
  return sample('slerp of 2', types, 2, floatWords(0.6180339, 0.4142135), (g, [x, y]) =>
    g.add(g.mul(x!, g.float(g.uniform())), g.mul(y!, g.float(g.uniform()))),
  );
}

/** b + Σ λ/p · mask (x - b), with masks drawn at p = 0.3 */
export function dare(types: Types): Sample {
  const keys = [0x41e7df16, 0xb7f843c7, 0x13198a2e, 0x03707344];
  const uniforms = new Uint32Array([...keys, Math.floor(0.3 * 2147483648), ...floatWords(1 / 0.3)]);
  return sample('dare of 2', types, 3, uniforms, (g, [b, ...xs]) => {
    const words = xs.map(() => g.draw().word);
    const below = g.uniform();
    const factor = g.float(g.uniform());
    const kept = xs.map((x, i) =>
      keep(g, g.gtS(below, g.shr(words[i]!, 1)), g.mul(g.sub(x, b!), factor)),
    );
    return g.add(b!, sum(g, kept));
  });
}

/** Σ fᵢ xᵢ / Σ fᵢ: a quotient whose divisor may be zero, as the last operation. */
export function fisher(types: Types): Sample {
  return sample('fisher of 2', types, 4, new Uint32Array(), (g, [x, f, y, h]) =>
    g.div(g.add(g.mul(x!, f!), g.mul(y!, h!)), g.add(f!, h!)),
  );
}

/** A step whose value another step goes on with: the border is checked, the range starts anew. */
export function chain(types: Types): Sample {
  return sample('two steps', types, 3, floatWords(0.5, 0.25, 1.5), (g, [b, x, y]) => {
    const half = g.float(g.uniform());
    const step = g.border(g.add(g.mul(x!, half), g.mul(y!, g.float(g.uniform()))));
    return g.add(b!, g.mul(g.sub(step, b!), g.float(g.uniform())));
  });
}

/** Task arithmetic that rounds after every operation, dividing by a sum of which 0 is replaced by 1. */
export function rounding(types: Types): Sample {
  return sample('rounding at each step', types, 3, floatWords(0.3, 0.7), (g, [b, x, y]) => {
    const round = (value: FNode): FNode => roundTo(g, types.from, value);
    const weights = [g.float(g.uniform()), g.float(g.uniform())] as const;
    const first = round(g.mul(round(g.sub(x!, b!)), weights[0]));
    const second = round(g.mul(round(g.sub(y!, b!)), weights[1]));
    const total = round(g.add(weights[0], weights[1]));
    const isZero = g.eqU(g.and(g.bits(total), g.word(0x7fffffff)), g.word(0));
    const divisor = g.selF(isZero, g.constant(1), total);
    return round(g.add(b!, round(g.div(round(g.add(first, second)), divisor))));
  });
}

/** Stored in another type, with no arithmetic of its own. */
export function conversion(types: Types): Sample {
  return sample('conversion', types, 1, new Uint32Array(), (_, [x]) => x!);
}

const allTypes: readonly Types[] = [
  { from: 'BF16', to: 'BF16' },
  { from: 'F16', to: 'F16' },
  { from: 'F32', to: 'F32' },
  { from: 'F32', to: 'BF16' },
  { from: 'BF16', to: 'F32' },
];

export const samples: readonly Sample[] = [
  ...allTypes.flatMap((types) => [linear, taskArithmetic, ties, dare].map((make) => make(types))),
  ...allTypes
    .slice(0, 3)
    .flatMap((types) => [slerp, fisher, chain, rounding].map((make) => make(types))),
  conversion({ from: 'F32', to: 'F16' }),
  conversion({ from: 'F16', to: 'BF16' }),
];
