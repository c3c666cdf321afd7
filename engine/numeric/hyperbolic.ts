import { splitExponential } from './exponential.ts';
import { scaleByPowerOfTwo } from './float64-words.ts';

/** From here on the nearest double to tanh is 1. */
const SATURATED = 22;

/** tanh x, within 1 ulp. The usual way by e^x − 1 alone is off by more than 2. */
export function tanh(x: number): number {
  if (x === 0 || Number.isNaN(x)) return x;
  const magnitude = Math.abs(x);
  if (magnitude < 0.75) return byContinuedFraction(x);
  const value = magnitude > SATURATED ? 1 : byExponential(magnitude);
  return x < 0 ? -value : value;
}

/**
 * Lambert's fraction tanh x = x / (1 + w), w = x² / (3 + x² / (5 + x² / (7 + …))).
 * Written as x − x·w / (1 + w), the errors of w count for little.
 */
function byContinuedFraction(x: number): number {
  const square = x * x;
  let denominator = 17;
  for (let odd = 15; odd >= 3; odd -= 2) denominator = odd + square / denominator;
  const w = square / denominator;
  return x - (x * w) / (1 + w);
}

/** 1 − 2 / (e^2x + 1), with what the sums round away added at the end. */
function byExponential(x: number): number {
  const { excess, exponent } = splitExponential(2 * x);
  const head = 1 + excess;
  const power = scaleByPowerOfTwo(head, exponent);
  const powerRest = scaleByPowerOfTwo(1, exponent) * (1 - head + excess);
  const sum = power + 1;
  const rest = 1 - (sum - power) + powerRest;
  const quotient = 2 / sum;
  const value = 1 - quotient;
  return value + (1 - value - quotient + (quotient * rest) / sum);
}
