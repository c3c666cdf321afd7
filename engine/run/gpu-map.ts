/** Maps tensors on the GPU: slices are read into its memory, computed there, and written from what comes back. */
import type { GpuDevice } from '../backends/gpu/device.ts';
import { createMapper, type Mapper, type MappedSlice } from '../backends/gpu/mapper.ts';
import { isComputed, widthOf, type ComputedType } from '../formula/derived.ts';
import type { Formula } from '../formula/node.ts';
import type { WorkItem } from '../plan/plan.ts';
import { mapPass } from '../program/passes.ts';
import { RunCancelled } from './cancelled.ts';
import type { SliceFiles } from './file-request.ts';
import { programOfItem } from './groups.ts';
import type { Destination, GroupTable, KnownFigure, PieceHash } from './job.ts';
import { indexOfNonFinite } from './non-finite-index.ts';
import { inParallel } from './parallel.ts';
import { scalarsOf } from './known-scalars.ts';
import { stretchesOf, type Stretch } from './workbench.ts';

/** One tensor to map: its statistics are known; slices that the device cannot be trusted with go to `onCpu`. */
export interface GpuRequest {
  readonly item: WorkItem;
  readonly dtype: ComputedType;
  readonly to: Destination;
  readonly groups: GroupTable;
  readonly known: readonly KnownFigure[];
  readonly onCpu: (stretch: Stretch) => Promise<CpuStored>;
}

export interface CpuStored {
  readonly pieces: readonly PieceHash[];
  readonly cpuSlices: number;
  readonly nonFinite?: number;
}

export interface GpuStored extends CpuStored {
  readonly gpuSlices: number;
  /** Slices that the GPU gave away, each with its reason; they are among the CPU's. */
  readonly moved: readonly MovedSlices[];
}

export interface MovedSlices {
  readonly slices: number;
  readonly reason: string;
}

export interface GpuMap {
  readonly device: string;
  store(request: GpuRequest): Promise<GpuStored>;
  close(): void;
}

export interface GpuMapOptions {
  readonly device: GpuDevice;
  readonly files: SliceFiles;
  readonly sliceElements: number;
  /** The most operands of any tensor. */
  readonly operands: number;
  readonly signal?: AbortSignal;
}

/** Slices that are read, computed and written at the same time. */
const slots = 3;
const outsideRange = 'values outside the range in which the device is exact';

export function gpuMap(options: GpuMapOptions): GpuMap {
  const { device, sliceElements, operands } = options;
  const sliceBytes = sliceElements * 4 * (operands + 1);
  const mapper = createMapper(device, { sliceBytes, slots });
  return {
    device: device.name,
    async store(request) {
      const work = preparedWork(request, options, mapper);
      const parts: GpuStored[] = [];
      await inParallel(
        stretchesOf(request.item.elements, sliceElements),
        slots,
        async (stretch) => {
          const mapped = await work.map(stretch).catch((error: unknown) => {
            throw options.signal?.aborted === true ? new RunCancelled() : error;
          });
          if ('refused' in mapped || mapped.outsideRange) {
            const reason = 'refused' in mapped ? mapped.refused : outsideRange;
            if (!('refused' in mapped)) mapped.release();
            const moved = [{ slices: 1, reason }];
            parts.push({ ...(await request.onCpu(stretch)), gpuSlices: 0, moved });
            return;
          }
          parts.push(await work.write(stretch, mapped));
        },
      );
      return together(parts);
    },
    close() {
      mapper.close();
      device.close();
    },
  };
}

interface PreparedWork {
  map(stretch: Stretch): Promise<MappedSlice | { readonly refused: string }>;
  write(stretch: Stretch, mapped: MappedSlice): Promise<GpuStored>;
}

function preparedWork(request: GpuRequest, options: GpuMapOptions, mapper: Mapper): PreparedWork {
  const { item, dtype, to, groups, known } = request;
  const program = programOfItem(item);
  const formula: Formula = mapPass(program, dtype);
  const uniforms = scalarsOf(program, groups, known).uniforms();
  const widths = item.operands.map((operand) => {
    if (!isComputed(operand.dtype)) throw new Error(`${operand.dtype} is not computed with`);
    return widthOf(operand.dtype) / 8;
  });
  const stored = widthOf(dtype) / 8;
  return {
    map: (stretch) =>
      mapper.map(
        {
          formula,
          uniforms: uniforms(stretch.first),
          elements: stretch.elements,
          firstElement: stretch.first,
          fill(operand, into) {
            const { file, offset } = item.operands[operand]!;
            const length = stretch.elements * widths[operand]!;
            const position = offset + stretch.first * widths[operand]!;
            return options.files.read(file, into.subarray(0, length), position);
          },
        },
        options.signal,
      ),
    async write(stretch, mapped) {
      const bytes = mapped.output.subarray(0, stretch.elements * stored);
      const writing = options.files.write(to, stretch.first * stored, bytes);
      const nonFinite = mapped.nonFinite
        ? stretch.first + indexOfNonFinite(bytes, dtype)
        : undefined;
      mapped.release();
      const pieces = await writing;
      return {
        pieces,
        cpuSlices: 0,
        gpuSlices: 1,
        moved: [],
        ...(nonFinite === undefined ? {} : { nonFinite }),
      };
    },
  };
}

function together(parts: readonly GpuStored[]): GpuStored {
  const found = parts.flatMap(({ nonFinite }) => (nonFinite === undefined ? [] : [nonFinite]));
  return {
    pieces: parts.flatMap(({ pieces }) => pieces),
    cpuSlices: parts.reduce((sum, { cpuSlices }) => sum + cpuSlices, 0),
    gpuSlices: parts.reduce((sum, { gpuSlices }) => sum + gpuSlices, 0),
    moved: byReason(parts.flatMap(({ moved }) => moved)),
    ...(found.length === 0 ? {} : { nonFinite: Math.min(...found) }),
  };
}

/** One entry a reason. */
export function byReason(moved: readonly MovedSlices[]): readonly MovedSlices[] {
  const counts = new Map<string, number>();
  for (const { slices, reason } of moved) counts.set(reason, (counts.get(reason) ?? 0) + slices);
  return [...counts].map(([reason, slices]) => ({ slices, reason }));
}
