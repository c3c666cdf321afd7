/** Maps tensors on the GPU: slices are read into its memory, computed there, and written from what comes back. */
import type { GpuDevice } from '../backends/gpu/device.ts';
import { lastingMapper, type DeviceLoss } from '../backends/gpu/lasting-mapper.ts';
import type { Mapper, MappedSlice, Refusal } from '../backends/gpu/mapper.ts';
import type { ComputedType } from '../formula/derived.ts';
import type { Formula } from '../formula/node.ts';
import type { Notice } from '../output/notice.ts';
import type { WorkItem } from '../plan/plan.ts';
import { mapPass } from '../program/passes.ts';
import { dtypeBytes } from '../safetensors/dtype-size.ts';
import { pieceBytes } from '../safetensors/pieces.ts';
import { RunCancelled } from './cancelled.ts';
import { isLora, OperandMaker } from './bring-operand.ts';
import { waited, type SliceFiles } from './file-request.ts';
import { programOfItem } from './groups.ts';
import type { Destination, GroupTable, KnownFigure, PieceHash } from './job.ts';
import { inParallel } from './parallel.ts';
import { inTurn } from './in-turn.ts';
import { scalarsOf } from './known-scalars.ts';
import { ConversionRoom, storedParts } from './stored-parts.ts';
import { partsOf, type Stretch } from './workbench.ts';

/** A stretch of a tensor to map: its statistics are known; slices that the device cannot be trusted with go to `onCpu`. */
export interface GpuRequest {
  readonly item: WorkItem;
  readonly dtype: ComputedType;
  readonly to: Destination;
  readonly groups: GroupTable;
  readonly known: readonly KnownFigure[];
  /** Begins at a piece's border. */
  readonly stretch: Stretch;
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
  /** Opens it anew when it was lost; rejects with the signal's reason. */
  readonly reopen?: (signal?: AbortSignal) => Promise<GpuDevice | { readonly refused: string }>;
  readonly files: SliceFiles;
  readonly sliceElements: number;
  /** The most operands of any tensor. */
  readonly operands: number;
  /** Hears what became of the device. */
  readonly onNotice?: (notice: Notice) => void;
  readonly signal?: AbortSignal;
}

/** Slices that are read, computed and written at the same time. */
const slots = 3;
const outsideRange = 'values outside the range in which the device is exact';

/** How large a slice may be: halved where the device's memory ran out, and in the end there is none for it. */
interface Room {
  elements: number;
  refused?: Refusal;
}

export function gpuMap(options: GpuMapOptions): GpuMap {
  const { device, sliceElements, operands, signal } = options;
  const mapper = mapperOf(options, sliceElements * 4 * (operands + 1));
  const room: Room = { elements: sliceElements };

  const mapped = async (
    work: PreparedWork,
    stretch: Stretch,
  ): Promise<MappedSlice | { readonly refused: string }> => {
    const slice = room.refused ?? (await work.map(stretch));
    if ('refused' in slice) return slice;
    if (slice.outsideRange) {
      slice.release();
      return { refused: outsideRange };
    }
    return slice;
  };

  const store = async (
    request: GpuRequest,
    work: PreparedWork,
    stretch: Stretch,
  ): Promise<readonly GpuStored[]> => {
    const slice = await mapped(work, stretch).catch((error: unknown) => {
      throw signal?.aborted === true ? new RunCancelled() : error;
    });
    if (!('refused' in slice)) {
      if (slice.output.length > 0) return [await work.write(stretch, slice)];
      // The device was lost a moment ago, and its memory with it.
      slice.release();
      return store(request, work, stretch);
    }
    if (isShortOfMemory(slice)) {
      const smaller = halved(stretch, request.dtype);
      if (smaller === undefined) room.refused = slice;
      else {
        room.elements = Math.min(room.elements, smaller);
        const parts: GpuStored[] = [];
        for (const part of partsOf(stretch, smaller))
          parts.push(...(await store(request, work, part)));
        return parts;
      }
    }
    const moved = [{ slices: 1, reason: slice.refused }];
    return [{ ...(await request.onCpu(stretch)), gpuSlices: 0, moved }];
  };

  const stored = async (request: GpuRequest): Promise<GpuStored> => {
    const work = preparedWork(request, options, mapper);
    const parts: GpuStored[] = [];
    const step = piecesOf(request.dtype);
    const atMost = Math.max(step, Math.floor(room.elements / step) * step);
    await inParallel(partsOf(request.stretch, atMost), slots, async (stretch) => {
      parts.push(...(await store(request, work, stretch)));
    });
    return together(parts);
  };

  // Factors of an adapter lie in memory whole, those of one tensor at a time.
  const making = inTurn();
  return {
    device: device.name,
    async store(request) {
      if (request.item.operands.some(isLora)) return making(() => stored(request));
      return stored(request);
    },
    close: () => mapper.close(),
  };
}

function mapperOf({ device, reopen, onNotice, signal }: GpuMapOptions, sliceBytes: number): Mapper {
  return lastingMapper({
    first: device,
    ...(reopen === undefined ? {} : { reopen: () => reopen(signal) }),
    sliceBytes,
    slots,
    onLoss: (loss) => onNotice?.(noticeOf(loss)),
  });
}

function noticeOf({ name, why, givenUp }: DeviceLoss): Notice {
  return givenUp === undefined
    ? { kind: 'gpu-reopened', message: `The GPU (${name}) was opened anew and goes on: ${why}.` }
    : {
        kind: 'gpu-given-up',
        message: `The GPU (${name}) was given up, and WebAssembly computes the rest: ${givenUp}.`,
      };
}

function isShortOfMemory(slice: { readonly refused: string } | Refusal): slice is Refusal {
  return 'lacks' in slice && slice.lacks === 'memory';
}

/** Elements whose stored bytes are one piece: parts of a tensor that are written apart are whole pieces. */
function piecesOf(dtype: ComputedType): number {
  return pieceBytes / dtypeBytes[dtype];
}

/** Half of a stretch in whole pieces; undefined where it is one. */
function halved({ elements }: Stretch, dtype: ComputedType): number | undefined {
  const step = piecesOf(dtype);
  return elements <= step ? undefined : Math.ceil(elements / 2 / step) * step;
}

interface PreparedWork {
  map(stretch: Stretch): Promise<MappedSlice | Refusal>;
  write(stretch: Stretch, mapped: MappedSlice): Promise<GpuStored>;
}

function preparedWork(request: GpuRequest, options: GpuMapOptions, mapper: Mapper): PreparedWork {
  const { item, dtype, to, groups, known } = request;
  const program = programOfItem(item);
  const formula: Formula = mapPass(program, dtype);
  const uniforms = scalarsOf(program, groups, known).uniforms();
  // Slices are staged side by side; what makes their operands has one room for that.
  const maker = new OperandMaker();
  const makeInTurn = inTurn();
  return {
    map: (stretch) =>
      mapper.map(
        {
          formula,
          uniforms: uniforms(stretch.first),
          elements: stretch.elements,
          firstElement: stretch.first,
          async fill(operand, into) {
            const bringing = maker.bring(item.operands[operand]!, stretch, into);
            for (const { file, into: part, position } of bringing.reads)
              await options.files.read(file, part, position);
            const { rest } = bringing;
            if (rest !== undefined) await makeInTurn(() => waited(rest, options.files));
          },
        },
        options.signal,
      ),
    async write(stretch, mapped) {
      const { output: words, nonFinite: isAnyNonFinite } = mapped;
      const room = new ConversionRoom();
      const writing: ReturnType<SliceFiles['write']>[] = [];
      let nonFinite: number | undefined;
      try {
        for (const part of storedParts({ words, dtype, nonFinite: isAnyNonFinite }, room)) {
          const at = stretch.first * dtypeBytes[dtype] + part.at;
          writing.push(options.files.write(to, at, part.bytes));
          if (part.nonFinite !== undefined) nonFinite ??= stretch.first + part.nonFinite;
        }
      } finally {
        mapped.release();
      }
      const pieces = (await Promise.all(writing)).flat();
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
