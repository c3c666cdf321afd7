/**
 * One tensor of one step, with everything settled: names, rules, curves, defaults.
 * Plain data; the engine reads formulas off it, `explain` prints it.
 */
import type { ParameterValue } from '../catalogue.ts';
import type { DType } from '../places/signature.ts';

/** `dtype` is the type the value has by rule: the base's, else that of the first operand with share 1. */
export type TensorTerm =
  /** A tensor of a source, by the source's name in the recipe and the tensor's name in its file. */
  | {
      readonly kind: 'tensor';
      readonly source: string;
      readonly name: string;
      readonly dtype: DType;
    }
  /** A tensor that a Delta leaves out. */
  | { readonly kind: 'zero'; readonly dtype: DType }
  | CallTerm
  /** Added in list order; the first opens the sum. */
  | {
      readonly kind: 'sum';
      readonly terms: readonly { readonly negative: boolean; readonly term: TensorTerm }[];
      readonly dtype: DType;
    }
  | {
      readonly kind: 'scaled';
      readonly by: number;
      readonly divide: boolean;
      readonly term: TensorTerm;
      readonly dtype: DType;
    }
  | { readonly kind: 'negated'; readonly term: TensorTerm; readonly dtype: DType }
  /** The border of a named step: its f32 values are what later steps read. */
  | {
      readonly kind: 'step';
      readonly step: string;
      readonly term: TensorTerm;
      readonly dtype: DType;
    };

export interface CallTerm {
  readonly kind: 'call';
  readonly method: string;
  /** Names the call within its recipe, the same for all tensors of its result: what a statistic over the whole model gathers by. */
  readonly call: string;
  /** The tensor's name in the call's own result: what keys its draws. */
  readonly tensor: string;
  readonly base?: TensorTerm;
  readonly inputs: readonly TensorTerm[];
  /** By input, beside a base: whether it is a change already, from which the base is not subtracted. Absent where none is. */
  readonly areChanges?: readonly boolean[];
  /** Every parameter that has one value, defaults filled in: `scale`, `t`, `combine`, `compat`, `seed`. */
  readonly settings: Readonly<Record<string, ParameterValue>>;
  /** Every parameter by model: one value an input, in their order. */
  readonly perInput: Readonly<Record<string, readonly ParameterValue[]>>;
  readonly compat: 'paper' | 'mergekit';
  readonly drawSlot?: number;
  readonly dtype: DType;
}

/** How a value came to be: every line that set it, the last one wins. */
export interface SettingTrace {
  readonly parameter: string;
  readonly expert?: string;
  readonly steps: readonly {
    readonly by: 'default' | 'call' | 'rule';
    readonly span?: { readonly start: number; readonly end: number };
    /** The value at this tensor, curves read at its layer. */
    readonly value: ParameterValue;
  }[];
}
