/**
 * The catalogue of functions as the language sees it: signatures, without implementations.
 * `engine/methods/` fills it, one entry a file; the checker takes it as an argument, so that the language uses nothing.
 */

/** What a parameter's value must be. `min` and `max` belong to the range unless said otherwise. */
export type ParameterType =
  | {
      readonly kind: 'number';
      readonly name: 'Scalar' | 'Ratio' | 'Count' | 'Seed';
      readonly min?: number;
      readonly max?: number;
      readonly aboveMin?: boolean;
    }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'choice'; readonly words: readonly ChoiceWord[] }
  | { readonly kind: 'dtype' }
  /** Read and named by the language, run later: prompts, paths, statistics. */
  | { readonly kind: 'stats' | 'texts' | 'text' | 'model' };

export interface ChoiceWord {
  readonly word: string;
  readonly meaning: string;
}

export type ParameterValue = number | boolean | string;

export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  /** Absent: the parameter must be given. By `compat` where the two differ. */
  readonly default?:
    ParameterValue | { readonly paper: ParameterValue; readonly mergekit: ParameterValue };
  /** One value for each expert. */
  readonly byModel?: boolean;
  /** A rule may set it; it may be a curve. Without this it holds for the whole step. */
  readonly byPlace?: boolean;
  /** One sentence for hover and documentation. */
  readonly meaning: string;
}

/** What stands in the parentheses before the named arguments. */
export type Inputs =
  /** `lerp(a, b)`: ends that differ, by position. */
  | { readonly kind: 'ends'; readonly names: readonly string[] }
  /** `ties(base, [x, …])`, `linear([x, …])`: models that may change places, after the base. */
  | {
      readonly kind: 'experts';
      readonly base: 'required' | 'optional' | 'none';
      readonly atLeast: number;
      readonly atMost?: number;
      /**
       * No difference is taken between them: they stand side by side, so that one may stand there twice, the base
       * among them, and many dilute nobody.
       */
      readonly areSideBySide?: true;
    }
  /** `dare(d)`, `scale(x)`: one operand. */
  | { readonly kind: 'one'; readonly name: string; readonly takes: 'delta' | 'any' };

export interface MethodSignature {
  readonly name: string;
  readonly title: string;
  readonly family: string;
  readonly inputs: Inputs;
  /** `share`: as its operand's. `experts`: a Model with a base or from Models, a Delta from Deltas. */
  readonly gives: 'model' | 'delta' | 'share' | 'experts';
  readonly parameters: readonly Parameter[];
  /**
   * What it makes is written into files, and is no operand of anything else. An adapter has `rank`; 0 asks for the factors that the
   * Delta has already.
   */
  readonly makes?: 'adapter';
  /** Whether its result is Σ c x of its inputs, each c known from settings alone; under `compat: paper`. */
  readonly isLinear?: true;
  /** Whether its draws need a seed of their own. */
  readonly random?: boolean;
  /** Parsed and checked; `run` refuses it with one code of its own. */
  readonly later?: boolean;
  readonly summary: string;
  /** The formula for one tensor, in the paper's symbols. */
  readonly formula: string;
  readonly reference: string;
  /** A recipe's statement that uses it, with models named base, math, code. */
  readonly example: string;
}

export type Catalogue = ReadonlyMap<string, MethodSignature>;
