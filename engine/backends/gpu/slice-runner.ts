import type { Formula, Width } from '../../formula/node.ts';
import type { GpuDevice } from './device.ts';
import {
  dispatchCount,
  parameterBytes,
  workgroupsOf,
  writeParameters,
  type SliceCall,
} from './dispatch.ts';
import { aligned, flag, octet } from './parameters.ts';
import { pipelinesOf, type CompiledKernel } from './pipelines.ts';
import type { TrustedRange } from './range.ts';
import { flagBytes, Slot, type SlotSizes } from './slot.ts';
import { slotQueue } from './slot-queue.ts';

/** A slice to compute. */
export interface MapRequest {
  readonly formula: Formula;
  /** Their 32-bit words, as many as the formula has. */
  readonly uniforms: Uint32Array;
  readonly elements: number;
  /** Index of the first element in its tensor: even (slices are whole blocks), below 2^53. */
  readonly firstElement: number;
  /** Writes an operand's words of these elements straight into staging memory. Called once for each operand in use, in order. */
  readonly fill: (operand: number, into: Uint8Array) => void | Promise<void>;
}

/** A computed slice. Its slot is taken until `release`. */
export interface MappedSlice {
  /** The stored words, in mapped memory that `release` takes away. */
  readonly output: Uint8Array;
  /** A watched value may have been flushed or assumed away: the slice has to be computed again on the CPU. */
  readonly outsideRange: boolean;
  /** A stored word is an infinity or a NaN. */
  readonly nonFinite: boolean;
  release(): void;
}

/** A slice with the range in which its watched values are trusted. */
export interface RangedRequest extends MapRequest {
  readonly range: TrustedRange;
}

export interface RunnerOptions {
  /** Bytes of all operands of a slice together, at most. */
  readonly sliceBytes: number;
  /** Slices under way at once. */
  readonly slots: number;
}

export interface SliceRunner {
  run(
    request: RangedRequest,
    signal?: AbortSignal,
  ): Promise<MappedSlice | { readonly refused: string }>;
  close(): void;
}

/** Runs slices on a device: staging, one submit, and reading back, over a few slots of buffers. */
export function sliceRunner(gpu: GpuDevice, { sliceBytes, slots }: RunnerOptions): SliceRunner {
  const { device } = gpu;
  const pipelines = pipelinesOf(device, gpu);
  const all = Array.from({ length: slots }, () => new Slot(device));
  const queue = slotQueue(all);

  return {
    async run(request, signal) {
      signal?.throwIfAborted();
      checkRequest(request);
      const layout = sliceLayout(request.formula, request.elements);
      const refusal = gpu.failure() ?? tooLarge(layout, { gpu, sliceBytes });
      if (refusal !== undefined) return { refused: refusal };
      const kernel = await pipelines.compiled(request.formula);
      const slot = await queue.take(signal);
      let isHeld = true;
      const release = (): void => {
        if (isHeld) queue.give(slot);
        isHeld = false;
      };
      try {
        const call = { ...request, operandOffsets: layout.operandOffsets };
        const mapped = await mapSlice({ slot, call, layout, kernel, release }, signal);
        if ('refused' in mapped) release();
        return mapped;
      } catch (error) {
        // Its staging memory may be unmapped, or still in flight.
        slot.destroy();
        release();
        // What a lost device rejects with is no bug of ours.
        const failure = gpu.failure();
        if (failure === undefined || signal?.aborted) throw error;
        return { refused: failure };
      }
    },
    close: () => all.forEach((slot) => slot.destroy()),
  };

  async function mapSlice(
    { slot, call, layout, kernel, release }: Work,
    signal: AbortSignal | undefined,
  ): Promise<MappedSlice | { readonly refused: string }> {
    const buffers = await slot.reserve(layout);
    if (buffers === undefined) return { refused: 'the GPU has no memory left for a slice' };
    const { upload, operands, output, parameters, flags, readback } = buffers;
    await stage(new Uint8Array(upload.getMappedRange()), call, layout);
    signal?.throwIfAborted();

    device.pushErrorScope('validation');
    upload.unmap();
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(upload, 0, parameters, 0, layout.parameters);
    encoder.copyBufferToBuffer(upload, layout.parameters, operands, 0, layout.operands);
    encoder.clearBuffer(flags);
    const pass = encoder.beginComputePass();
    pass.setPipeline(kernel.pipeline);
    for (let dispatch = 0; dispatch < dispatchCount(call.elements); dispatch++) {
      const size = parameterBytes(call.formula);
      const bindings = [
        { buffer: operands },
        { buffer: output },
        { buffer: parameters, offset: dispatch * size, size },
        { buffer: flags },
      ];
      const entries = bindings.map((resource, binding) => ({ binding, resource }));
      pass.setBindGroup(0, device.createBindGroup({ layout: pipelines.layout, entries }));
      pass.dispatchWorkgroups(workgroupsOf(call.elements, dispatch, gpu));
    }
    pass.end();
    encoder.copyBufferToBuffer(output, 0, readback, 0, layout.output);
    encoder.copyBufferToBuffer(flags, 0, readback, layout.output, flagBytes);
    device.queue.submit([encoder.finish()]);
    const invalid = device.popErrorScope();

    const reading = readback.mapAsync(GPUMapMode.READ, 0, layout.output + flagBytes);
    const [error] = await Promise.all([invalid, reading, upload.mapAsync(GPUMapMode.WRITE)]);
    if (error !== null) throw new Error(`the GPU refused a kernel: ${error.message}`);
    const bytes = new Uint8Array(readback.getMappedRange(0, layout.output + flagBytes));
    const raised = bytes[layout.output]!;
    const giveBack = (): void => {
      readback.unmap();
      release();
    };
    if (signal?.aborted) {
      giveBack();
      signal.throwIfAborted();
    }
    return {
      output: bytes.subarray(0, layout.outputBytes),
      nonFinite: (raised & flag.nonFinite) !== 0,
      outsideRange: (raised & flag.outsideRange) !== 0,
      release: giveBack,
    };
  }
}

interface Work {
  readonly slot: Slot;
  readonly call: SliceCall & MapRequest;
  readonly layout: SliceLayout;
  readonly kernel: CompiledKernel;
  readonly release: () => void;
}

/** Where the parts of a slice lie, in bytes. The operands follow the parameters in staging memory. */
interface SliceLayout extends SlotSizes {
  readonly operandOffsets: readonly (number | undefined)[];
  readonly operandBytes: readonly number[];
  /** Of the stored words alone, without the rest of the last octet. */
  readonly outputBytes: number;
}

function sliceLayout(formula: Formula, elements: number): SliceLayout {
  const octets = Math.ceil(elements / octet);
  let operands = 0;
  const operandOffsets = formula.operandWidths.map((width) => {
    if (width === undefined) return undefined;
    const at = operands;
    operands += aligned(octets * width);
    return at;
  });
  const outputWidth = storeWidth(formula);
  return {
    operandOffsets,
    operandBytes: formula.operandWidths.map((width) => (elements * (width ?? 0)) / 8),
    operands,
    output: octets * outputWidth,
    outputBytes: (elements * outputWidth) / 8,
    parameters: dispatchCount(elements) * parameterBytes(formula),
  };
}

function storeWidth(formula: Formula): Width {
  const [sink] = formula.sinks;
  if (sink?.kind !== 'store') throw new Error('a formula without a store has no range');
  return sink.width;
}

/** Writes parameters and operands into staging memory; what lies behind an operand's last element is 0. */
async function stage(
  staging: Uint8Array,
  call: SliceCall & MapRequest,
  layout: SliceLayout,
): Promise<void> {
  writeParameters(call, new Uint32Array(staging.buffer, staging.byteOffset, layout.parameters / 4));
  for (const [operand, offset] of layout.operandOffsets.entries()) {
    if (offset === undefined) continue;
    const from = layout.parameters + offset;
    const to = from + layout.operandBytes[operand]!;
    staging.fill(0, to, from + aligned(to - from));
    await call.fill(operand, staging.subarray(from, to));
  }
}

function checkRequest({ formula, uniforms, firstElement }: MapRequest): void {
  if (uniforms.length !== formula.uniformCount)
    throw new Error(`${uniforms.length} uniforms for a formula of ${formula.uniformCount}`);
  if (firstElement % 2 !== 0) throw new Error('a slice starts at an even element');
}

function tooLarge(
  layout: SliceLayout,
  { gpu, sliceBytes }: { readonly gpu: GpuDevice; readonly sliceBytes: number },
): string | undefined {
  const bytes = layout.operandBytes.reduce((total, each) => total + each, 0);
  if (bytes > sliceBytes) return `a slice of ${bytes} bytes is larger than planned for`;
  const isBindable = Math.max(layout.operands, layout.output) <= gpu.maxBindingBytes;
  const isBuffer = layout.operands + layout.parameters <= gpu.maxBufferBytes;
  return isBindable && isBuffer ? undefined : `a slice of ${bytes} bytes is too large for the GPU`;
}
