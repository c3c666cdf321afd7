/**
 * What the extension and its panel say to each other. Plain data.
 * The panel draws `PanelState` and nothing else; it is sent whole once, then in patches of its top-level parts.
 * Every message of the extension carries the version of the text it belongs to, so that an older one is recognised.
 */
import type { MapPlace } from './measure.ts';
import type { MapRow } from './older-rows.ts';
import type { PreviewModel, PreviewExpectation } from '../measures/preview.ts';
import type { MergeReport } from '../output/report.ts';
import type { Progress } from '../run/progress.ts';

export const panelProtocolVersion = 1;

/** A sentence for the user, with the code and the way out where there is one. */
export interface PanelFault {
  readonly code?: string;
  readonly message: string;
  readonly help?: string;
  /** One button. */
  readonly action?: PanelAction;
}

export interface PanelAction {
  readonly title: string;
  readonly command: PanelCommand;
}

/** The recipe as it stands in the editor. */
export interface RecipeState {
  readonly uri: string;
  readonly name: string;
  readonly textVersion: number;
  /** Errors of the check; while there are any, the last good picture stays and nothing runs. */
  readonly errors: readonly {
    readonly code: string;
    readonly message: string;
    readonly line: number;
    /** One button, where there is a way out beside the text. */
    readonly action?: PanelAction;
  }[];
  readonly steps: readonly {
    readonly name: string;
    readonly line: number;
    readonly method: string;
  }[];
  /** The step that the map and the figures show. */
  readonly step?: string;
  /** Nothing runs and nothing is written before trust is given. */
  readonly trusted: boolean;
}

/** What a run would read, write and need. */
export interface PlanState {
  readonly textVersion: number;
  readonly outputs: readonly {
    readonly step: string;
    readonly folder: string;
    readonly bytes: number;
    readonly tensors: number;
    readonly state: string;
    /** An earlier run's output stands there: the merge replaces it, and is asked to. */
    readonly replaces?: boolean;
  }[];
  readonly bytesToRead: number;
  readonly bytesToWrite: number;
  readonly memory: number;
  readonly free: number;
  /** From measured speeds; absent before anything ran. */
  readonly seconds?: number;
  /** Where the merge will run: the engine's own process, or this panel, which must then stay open. */
  readonly host: 'process' | 'panel';
  readonly backend: string;
  readonly fault?: PanelFault;
}

/** The figures behind the map. */
export interface MapState {
  readonly step: string;
  /** The text that the figures are held against: rows that are of an older one are marked. */
  readonly textVersion: number;
  readonly models: readonly PreviewModel[];
  /** Rows as they came; cells that are not among them yet, or have no figures yet, are unread. */
  readonly rows: readonly MapRow[];
  readonly expectations: readonly PreviewExpectation[];
  readonly reading: 'none' | 'sampling' | 'sampled' | 'measuring' | 'exact' | 'stopped';
  readonly read: { readonly blocks: number; readonly ofBlocks: number };
  /** What the measuring says of itself, where it could not go on. */
  readonly fault?: PanelFault;
}

export type RunState =
  | { readonly kind: 'idle' }
  /** Another run goes first. */
  | { readonly kind: 'waiting' }
  | {
      readonly kind: 'running';
      readonly progress?: Progress;
      readonly host: 'process' | 'panel';
      readonly device: string;
    }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly fault: PanelFault }
  | { readonly kind: 'broken-expectations'; readonly checks: MergeReport['checks'] }
  | { readonly kind: 'done'; readonly outputs: readonly FinishedState[]; readonly seconds: number };

export interface FinishedState {
  readonly step: string;
  readonly folder: string;
  readonly bytes: number;
  readonly upToDate: boolean;
  readonly report: MergeReport;
  /** The line that loads it, ready to copy. */
  readonly useIt: string;
}

export interface PanelState {
  readonly recipe?: RecipeState;
  readonly plan?: PlanState;
  readonly map?: MapState;
  readonly run: RunState;
  /** Said once at the top: a lost device, a process that ended, a picture that is behind its text. */
  readonly notices: readonly PanelFault[];
}

/** What the panel asks the extension to do. */
export type PanelCommand =
  | { readonly kind: 'preview'; readonly step?: string }
  | { readonly kind: 'measure-exactly' }
  | { readonly kind: 'stop-measuring' }
  | { readonly kind: 'merge'; readonly overwrite: boolean }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'show-line'; readonly line: number }
  /** The line that sets the values of a cell of the map. */
  | { readonly kind: 'show-cell'; readonly step: string; readonly place: MapPlace }
  | { readonly kind: 'reveal-output'; readonly folder: string }
  | { readonly kind: 'copy'; readonly text: string }
  /** Asks for the output's folder and writes it into the recipe. */
  | { readonly kind: 'choose-output' }
  | { readonly kind: 'open-setting'; readonly name: string }
  /** Fetches what the recipe's hub models lack, after asking with sizes. */
  | { readonly kind: 'fetch-models' }
  | { readonly kind: 'respawn-engine' }
  | { readonly kind: 'open-report'; readonly folder: string };

export type ToPanel =
  | {
      readonly kind: 'state';
      readonly version: typeof panelProtocolVersion;
      readonly state: PanelState;
    }
  | { readonly kind: 'patch'; readonly patch: Partial<PanelState> }
  /** More rows of the map that is shown; a row of the same place takes the older one's stead. */
  | {
      readonly kind: 'rows';
      readonly step: string;
      readonly textVersion: number;
      readonly reading: MapState['reading'];
      readonly read: MapState['read'];
      readonly rows: readonly MapRow[];
    }
  /** The map is held against a newer text: rows at these places are of an older one, and no others are. */
  | {
      readonly kind: 'older';
      readonly step: string;
      readonly textVersion: number;
      readonly places: readonly MapPlace[];
    }
  /** Lays the light on places of the map: the cursor moved to a rule in the text. */
  | { readonly kind: 'highlight'; readonly places: readonly MapPlace[] };

export type FromPanel =
  | { readonly kind: 'ready'; readonly version: number }
  | { readonly kind: 'command'; readonly command: PanelCommand };
