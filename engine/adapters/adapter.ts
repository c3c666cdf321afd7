/** What an adapter is: for each matrix that it changes, two thin factors whose product is added to it. Plain data. */

/** One of the two factors, by its tensor in the adapter's file. */
export interface FactorName {
  readonly tensor: string;
  readonly shape: readonly number[];
}

/** What an adapter does to one module: ΔW = scale · up · down. */
export interface AdapterModule {
  /** Its name in the adapter's own words, for messages: what its keys have in common. */
  readonly key: string;
  /** The same without the words that wrap it. Dots may be underscores. */
  readonly path: string;
  readonly naming: 'dotted' | 'underscored';
  /** Of underscored names: which of the networks of a checkpoint it is in, `unet` or `te1`. */
  readonly network?: string;
  /** [out, rank], and behind that ones. */
  readonly up: FactorName;
  /** [rank, in], or [rank, in, height, width] of a convolution. */
  readonly down: FactorName;
  readonly rank: number;
  readonly scale: number;
  /** An embedding's weight is the product turned over. */
  readonly isEmbedding: boolean;
}

export interface Adapter {
  readonly modules: readonly AdapterModule[];
  /** Whether weights are stored as [in, out], as the configuration says; a shape that fits only one way outranks it. */
  readonly fanInFanOut: boolean;
}

/** How one tensor of the model is changed: element (i, j) is scale · Σ_k up(i, k) · down(k, j). */
export interface LaidFactors {
  readonly up: string;
  readonly down: string;
  readonly rank: number;
  /** Rows of `up`, and columns of `down`. */
  readonly rows: number;
  readonly columns: number;
  readonly scale: number;
  /** Whether the tensor is the product turned over. */
  readonly isTransposed: boolean;
  readonly isEmbedding: boolean;
  /** The module in the adapter's words, where these have dots. */
  readonly module?: string;
}
