/** Values that are known when a recipe is checked: numbers, shapes over depth, words, and lists and maps of them. */
import type { Span } from '../syntax/span.ts';

export type Ease = 'linear' | 'smooth' | 'hold';

/** A shape over the layers; it is laid over them where it meets a parameter or a tensor. */
export type Curve =
  | { readonly kind: 'constant'; readonly value: number }
  | {
      readonly kind: 'knots';
      readonly knots: readonly number[];
      readonly ease: Ease;
      /** Where each knot is written, so that a finding underlines it alone. */
      readonly spans?: readonly Span[];
    }
  /** Knots at layers (negative: from the end) or at named blocks. */
  | {
      readonly kind: 'placed';
      readonly knots: readonly PlacedKnot[];
      readonly ease: Ease;
    }
  | {
      readonly kind: 'arithmetic';
      readonly operator: '+' | '-' | '*' | '/';
      readonly left: Curve;
      readonly right: Curve;
    }
  /** A known shape by its name, which later versions can read. */
  | { readonly kind: 'profile'; readonly name: string }
  | {
      readonly kind: 'function';
      readonly name: CurveFunction;
      readonly operands: readonly Curve[];
    };

/** Functions of numbers whose results are the same on every machine. */
export type CurveFunction = 'sqrt' | 'abs' | 'min' | 'max';

export interface PlacedKnot {
  readonly at: number | string;
  readonly value: number;
  /** Where the layer or block is written. */
  readonly span?: Span;
}

export type Value = ValueShape & { readonly span: Span };

export type ValueShape =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'curve'; readonly curve: Curve }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'bytes'; readonly bytes: number }
  | { readonly kind: 'duration'; readonly seconds: number }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  /** By expert, token or parameter; what the keys mean follows from where it is used. */
  | { readonly kind: 'map'; readonly entries: ReadonlyMap<string, Value> };

/** The values a list or a map is made of; any other by itself. */
export function partsOf(value: Value): readonly Value[] {
  if (value.kind === 'list') return value.items;
  return value.kind === 'map' ? [...value.entries.values()] : [value];
}
