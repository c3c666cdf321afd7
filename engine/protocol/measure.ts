/**
 * What the extension and its measuring process say to each other. Plain data.
 * One process a window checks, plans and measures; it writes nothing and ends with the window. Each request has an id; a newer
 * measuring of the same recipe ends the older one between two slices. Figures come in tiles of at most 64 KB, four of them
 * ahead of their acknowledgement.
 */
import type { PreviewExpectation, PreviewModel, PreviewRow } from '../measures/preview.ts';

/** Bytes of a tile's rows as JSON, at most; a single row may be larger. */
export const tileBytes = 64_000;
/** Tiles that may be under way at once. */
export const tilesAhead = 4;

/** A recipe as it stands in its editor. */
export interface MeasuredRecipe {
  readonly text: string;
  /** Absolute. */
  readonly path: string;
  readonly textVersion: number;
}

/** A place of a map: a model's tower, layer, part and the part's column, each as far as it is named. */
export interface MapPlace {
  readonly tower?: string;
  readonly layer?: number;
  readonly part?: string;
  readonly column?: string;
}

export type MeasureRequest =
  | {
      readonly kind: 'plan';
      readonly recipe: MeasuredRecipe;
      /** The picture that the window shows: the answer says where this text's would differ. */
      readonly shown?: { readonly step: string; readonly textVersion: number };
      readonly memory: number;
      readonly threads: number;
    }
  | {
      readonly kind: 'measure';
      readonly recipe: MeasuredRecipe;
      /** Absent: the first output's. */
      readonly step?: string;
      readonly exact: boolean;
      readonly memory: number;
      readonly threads: number;
    }
  /** The line that sets the values at a place, the last one that wins. */
  | {
      readonly kind: 'line-of';
      readonly recipe: MeasuredRecipe;
      readonly step: string;
      readonly place: MapPlace;
    }
  /** The places that the rule on a line speaks of. */
  | { readonly kind: 'places-at'; readonly recipe: MeasuredRecipe; readonly line: number };

export type ToMeasure =
  | { readonly kind: 'request'; readonly id: number; readonly request: MeasureRequest }
  | { readonly kind: 'stop'; readonly id: number }
  | { readonly kind: 'acknowledge'; readonly id: number; readonly tile: number };

/** What stood in the way, and the way out. */
export interface MeasureFault {
  readonly code?: string;
  readonly message: string;
  readonly help: string;
}

export interface CheckedFigures {
  readonly errors: readonly {
    readonly code: string;
    readonly message: string;
    readonly line: number;
  }[];
  readonly steps: readonly {
    readonly name: string;
    readonly line: number;
    readonly method: string;
  }[];
  /** How many `output` statements there are. */
  readonly outputs: number;
  /** Where their folders stand in the text, quotes and all; in UTF-16 units, end not included. */
  readonly folders: readonly { readonly start: number; readonly end: number }[];
}

export interface PlanFigures {
  readonly planHash: string;
  readonly outputs: readonly {
    readonly step: string;
    readonly folder: string;
    readonly bytes: number;
    readonly tensors: number;
    readonly state: string;
    /** An earlier run's output stands there: it is replaced only where that is asked for. */
    readonly replaces?: true;
  }[];
  readonly bytesToRead: number;
  readonly bytesToWrite: number;
  readonly memory: number;
  readonly free: number;
}

export type MeasureNews =
  | {
      readonly kind: 'planned';
      readonly checked: CheckedFigures;
      readonly plan?: PlanFigures;
      readonly fault?: MeasureFault;
      /** Where the shown picture's figures are no longer the text's; absent where that cannot be said. */
      readonly changed?: readonly MapPlace[];
    }
  /** A picture begins: the rows that follow belong to it. */
  | {
      readonly kind: 'picture';
      readonly step: string;
      readonly models: readonly PreviewModel[];
      readonly expectations: readonly PreviewExpectation[];
      readonly reading: 'sampling' | 'sampled' | 'measuring' | 'exact';
      readonly read: { readonly blocks: number; readonly ofBlocks: number };
      /** Only some places were measured yet: its rows go over those of the picture before, and the rest stays. */
      readonly partial: boolean;
      /** Tiles that it has. */
      readonly tiles: number;
    }
  | { readonly kind: 'tile'; readonly tile: number; readonly rows: readonly PreviewRow[] }
  | { readonly kind: 'measuring'; readonly tensorsDone: number; readonly tensors: number }
  | {
      readonly kind: 'measured';
      /** A recipe with errors, or without a step, is refused: the last picture stays as it is. */
      readonly outcome: 'whole' | 'stopped' | 'refused';
      readonly fault?: MeasureFault;
    }
  | { readonly kind: 'line'; readonly line?: number }
  | { readonly kind: 'places'; readonly step?: string; readonly places: readonly MapPlace[] };

export type FromMeasure = MeasureNews & {
  readonly id: number;
  readonly number: number;
  readonly textVersion: number;
};
