/**
 * Host steps: f64 arithmetic between two passes, from scalars to scalars.
 * They use + - * / and sqrt, and the project's own elementary functions; a program names them, so that it stays plain data.
 */
import { acos, sin } from '../numeric/elementary.ts';
import { roundScalar } from '../numeric/round-scalar.ts';

/** Beyond this cosine the angle is lost in rounding, and the two ends are interpolated linearly. */
const parallel = 1 - 1e-9;
const mergekitParallel = 0.9995;
const mergekitTinyNorm = 1e-8;
const mergekitTinySum = 1e-7;

export const hostSteps = {
  subtract: (a, b) => a - b,
  /** 1 where a > b, else 0. */
  greater: (a, b) => (a > b ? 1 : 0),
  /** The factor that gives what was kept the l1 norm of the whole; 1 where nothing was kept. */
  l1Rescale: (whole, kept) => (kept > 0 ? whole / kept : 1),
  /** The same as mergekit takes it: sums rounded to the compute type, small ones left alone, the ratio rounded. */
  l1RescaleRounded: (whole, kept, type) => {
    const total = round(whole, type);
    const rest = round(kept, type);
    return total < mergekitTinySum || rest < mergekitTinySum ? 1 : round(total / rest, type);
  },
  slerpFirst: (t, aa, bb, ab) => slerpWeights(t, aa, bb, ab).first,
  slerpSecond: (t, aa, bb, ab) => slerpWeights(t, aa, bb, ab).second,
  mergekitSlerpFirst: (t, aa, bb, ab) => mergekitSlerpWeights(t, aa, bb, ab).first,
  mergekitSlerpSecond: (t, aa, bb, ab) => mergekitSlerpWeights(t, aa, bb, ab).second,
} as const satisfies Readonly<Record<string, (...args: number[]) => number>>;

export type HostStep = keyof typeof hostSteps;

export function runHostStep(step: HostStep, args: readonly number[]): number {
  return (hostSteps[step] as (...args: number[]) => number)(...args);
}

/** Types travel as numbers: 0 is f32, 1 bf16, 2 f16. */
const typeCodes = ['F32', 'BF16', 'F16'] as const;
export function typeCode(type: (typeof typeCodes)[number]): number {
  return typeCodes.indexOf(type);
}

function round(value: number, code: number): number {
  return roundScalar(value, typeCodes[code]!);
}

interface Weights {
  readonly first: number;
  readonly second: number;
}

/** u = sin((1 − t)Ω)/sin Ω and v = sin(tΩ)/sin Ω, with cos Ω = ⟨a, b⟩/‖a‖‖b‖. */
function slerpWeights(t: number, aa: number, bb: number, ab: number): Weights {
  const cosine = ab / (Math.sqrt(aa) * Math.sqrt(bb));
  if (!(aa > 0 && bb > 0 && Math.abs(cosine) <= parallel)) return { first: 1 - t, second: t };
  const angle = acos(cosine);
  const below = sin(angle);
  return { first: sin((1 - t) * angle) / below, second: sin(t * angle) / below };
}

/** As mergekit: a vector of tiny norm is not normalised, and the first angle is taken as θ − tθ. */
function mergekitSlerpWeights(t: number, aa: number, bb: number, ab: number): Weights {
  const normOf = (square: number): number =>
    Math.sqrt(square) > mergekitTinyNorm ? Math.sqrt(square) : 1;
  const cosine = ab / (normOf(aa) * normOf(bb));
  if (!(Math.abs(cosine) <= mergekitParallel)) return { first: 1 - t, second: t };
  const angle = acos(cosine);
  const below = sin(angle);
  return { first: sin(angle - t * angle) / below, second: sin(t * angle) / below };
}
