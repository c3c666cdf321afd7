/**
 * Numbers of one tensor that no element carries: parameters, statistics, and what host steps make of them.
 * They are f64 until a pass takes them, as f32 or as 32 bits.
 */
import type { HostStep } from './host.ts';

/** A scalar's place in its program. */
export type ScalarId = number & { readonly scalar: unique symbol };

export type Scalar =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'statistic'; readonly statistic: number; readonly part: StatisticPart }
  | { readonly kind: 'host'; readonly step: HostStep; readonly args: readonly ScalarId[] };

/**
 * `sum` of a dot · `count` of a mask · of a k-th value the key's high half (known first), the whole `threshold`,
 * how many lie `above` it · of a quota the element index `limit` below which exactly the wanted number of lanes is true.
 */
export type StatisticPart = 'sum' | 'count' | 'high' | 'threshold' | 'above' | 'limit';

/** How a pass reads a scalar: rounded to f32, as an unsigned integer, or as an element index counted from the slice's start. */
export interface UniformBinding {
  readonly scalar: ScalarId;
  readonly as: 'f32' | 'u32' | 'index';
}
