import type { Notice } from '../output/notice.ts';
import type { GpuMap } from './gpu-map.ts';
import type { SharedControl } from './job.ts';
import type { CpuBackend } from './kernels.ts';
import type { Pool } from './pool.ts';

/** What a run needs computed, told to whoever computes it. */
export interface ComputeWish {
  /** Absolute paths, by number: inputs, and from `firstOutput` on what is written. */
  readonly files: readonly string[];
  readonly firstOutput: number;
  readonly sliceElements: number;
  /** The most operands of any tensor. */
  readonly operands: number;
  /** How many workers memory allows. */
  readonly workers: number;
  readonly control: SharedControl;
  /** Hears what befalls whoever computes: it is said to the user, and the bytes are the same. */
  readonly onNotice?: (notice: Notice) => void;
  readonly signal?: AbortSignal;
}

/** Who computes a run: this process's threads and GPU, or a page's. */
export interface ComputeHost {
  readonly pool: Pool;
  /** What the pool computes with. */
  readonly cpu: CpuBackend;
  /** Maps tensors, where there is one; statistics are the pool's in any case. */
  readonly gpu?: GpuMap;
  /** Where it computes, unless in a process of the engine's own. */
  readonly place?: 'panel';
  close(): Promise<void>;
}

/** Throws MW6203 where a GPU is asked for and there is none. */
export type OpenCompute = (wish: ComputeWish) => Promise<ComputeHost>;
