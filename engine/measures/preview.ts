/** What a preview is: the figures of one step by place and model. Plain data. */
import type { Checked, Step } from '../../grammar/check/checked.ts';
import type { DType } from '../../grammar/places/signature.ts';
import type { Checkpoints } from '../plan/donor.ts';
import type { Verdict } from './verdict.ts';

/** How finely a layer is told apart: attention as one row, or its matrices q, k, v and o as a row each. */
export type RowsBy = 'part' | 'column';

export interface PreviewRequest {
  readonly checked: Checked;
  /** By the source's name in the recipe. */
  readonly checkpoints: Checkpoints;
  readonly step: Step;
  /** Of the step's tensors only these, for a first picture: no expectation is judged on a part. Absent: all. */
  readonly within?: ReadonlySet<string>;
  /** By part unless said. */
  readonly by?: RowsBy;
  readonly reading:
    /** A few blocks of each tensor, small ones whole; in all some hundreds of blocks unless said. */
    | { readonly kind: 'sample'; readonly blocks?: number }
    /** Every value: the figures that expectations are judged by. */
    | { readonly kind: 'exact' };
  readonly backend: 'wasm' | 'oracle';
  readonly threads: number;
  /** Bytes that tensors may take. */
  readonly memory: number;
  readonly onProgress?: (progress: PreviewProgress) => void;
  readonly signal?: AbortSignal;
}

export interface PreviewProgress {
  readonly tensorsDone: number;
  readonly tensors: number;
}

/** Shares and cosines as fractions: 1 is 100 %. */
export interface PreviewFigure {
  readonly value: number;
  /** Between blocks; absent where every block was read. */
  readonly standardError?: number;
  /** Whether it is what a run would find. */
  readonly exact: boolean;
}

export interface PreviewModel {
  readonly name: string;
  /** What its change is measured from, as the recipe calls it. */
  readonly base?: string;
  /** Steps with different bases take it: no change of it is measured. */
  readonly severalBases?: readonly string[];
}

export interface PreviewRow {
  /** All, one tower of several, a part of a tower over its layers, a layer over its parts, a part of a layer. */
  readonly kind: 'total' | 'tower' | 'part' | 'layer' | 'cell';
  readonly tower?: string;
  readonly layer?: number;
  /** The layer's name where blocks are named. */
  readonly block?: string;
  readonly part?: string;
  /** Of a part: `q`, `gate`, or the name of what fits none; where rows are told by column. */
  readonly column?: string;
  readonly tensors: number;
  readonly elements: number;
  /** In the order of the preview's models. */
  readonly models: readonly ModelFigures[];
  readonly pairs: readonly PairFigures[];
  /** Among all models that have a change, where they are two or more. */
  readonly signConflict?: PreviewFigure;
}

/** A figure is absent where there is none: without a base, without a mask, where nothing changes. */
export interface ModelFigures {
  readonly model: string;
  readonly gap?: PreviewFigure;
  readonly distance?: PreviewFigure;
  readonly size?: PreviewFigure;
  readonly kept?: PreviewFigure;
  /** Entries as large as the smallest kept; on samples all of them are kept. */
  readonly atThreshold?: PreviewFigure;
}

export interface PairFigures {
  readonly models: readonly [string, string];
  readonly cosine?: PreviewFigure;
  readonly signConflict?: PreviewFigure;
}

export interface PreviewExpectation {
  readonly text: string;
  readonly verdict: Verdict;
  readonly figures: readonly {
    /** As a recipe writes it. */
    readonly measure: string;
    readonly shown: string;
    readonly value?: number;
    readonly standardError?: number;
  }[];
}

export interface Preview {
  readonly step: string;
  /** The type of the first output that holds the step, where it has one: figures are of values rounded to it. */
  readonly storedAs?: DType | 'own types';
  readonly models: readonly PreviewModel[];
  readonly rows: readonly PreviewRow[];
  /** Those that ask about this step first. */
  readonly expectations: readonly PreviewExpectation[];
  readonly read: {
    readonly exact: boolean;
    readonly blocks: number;
    readonly ofBlocks: number;
  };
  /** Tensors of types that are not measured. */
  readonly leftOut: readonly string[];
  readonly seconds: number;
}
