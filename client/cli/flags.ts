/** The options of commands, as they were parsed. */
import type { BackendChoice } from '../../engine/run/options.ts';
import type { LockedFlags } from './locked.ts';

export interface CheckFlags extends LockedFlags {
  readonly json?: boolean;
  /** Codes of warnings that are not told. */
  readonly allow?: readonly string[];
}

export interface PlanFlags extends LockedFlags {
  readonly json?: boolean;
  /** The models' own code goes along. */
  readonly carryCode?: boolean;
  readonly only?: string;
  readonly out?: string;
  readonly memory: number;
  readonly threads: number;
}

export interface PreviewFlags {
  readonly json?: boolean;
  readonly step?: string;
  readonly exact?: boolean;
  readonly columns?: boolean;
  readonly memory: number;
  readonly threads: number;
}

export interface RunFlags extends PlanFlags {
  readonly overwrite?: boolean;
  readonly resume?: boolean;
  readonly allowNonfinite?: boolean;
  readonly backend: BackendChoice;
}

export interface ExplainFlags {
  readonly json?: boolean;
  readonly tensor: string;
  readonly step?: string;
}

export interface DiffFlags {
  readonly json?: boolean;
  /** A pattern of tensor names. */
  readonly tensors?: string;
  readonly top?: number;
  readonly memory: number;
  readonly threads: number;
}
