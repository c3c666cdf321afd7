/** The options of commands, as they were parsed. */
import type { BackendChoice } from '../../engine/run/options.ts';

export interface CheckFlags {
  readonly json?: boolean;
  /** Codes of warnings that are not told. */
  readonly allow?: readonly string[];
}

export interface PlanFlags {
  readonly json?: boolean;
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
  readonly allowNonfinite?: boolean;
  readonly backend: BackendChoice;
}

export interface ExplainFlags {
  readonly json?: boolean;
  readonly tensor: string;
  readonly step?: string;
}
