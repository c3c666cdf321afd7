import type { ComputedType } from '../formula/derived.ts';
import type { WorkItem } from '../plan/plan.ts';
import type { Destination, GroupTable, KnownFigure, PieceHash } from './job.ts';

/** One tensor for the GPU to map: its statistics are known, slices that the device cannot be trusted with go to `onCpu`. */
export interface GpuRequest {
  readonly item: WorkItem;
  readonly dtype: ComputedType;
  readonly to: Destination;
  readonly groups: GroupTable;
  readonly known: readonly KnownFigure[];
  readonly onCpu: (stretch: {
    readonly first: number;
    readonly elements: number;
  }) => Promise<GpuStored>;
}

export interface GpuStored {
  readonly pieces: readonly PieceHash[];
  readonly cpuSlices: number;
  readonly nonFinite?: number;
}

export interface GpuMap {
  readonly device: string;
  store(request: GpuRequest): Promise<GpuStored>;
  /** Slices it computed, and those it gave away with the reason. */
  shares(): {
    readonly slices: number;
    readonly moved: readonly { readonly slices: number; readonly reason: string }[];
  };
  close(): Promise<void>;
}
