import type { Formula } from '../../formula/node.ts';
import { late, patienceMs, within } from './alarm.ts';
import { firstLine, type GpuDevice } from './device.ts';
import { deviceMemory } from './device-memory.ts';
import { dispatchCount, parameterBytes, workgroupsOf, type SliceCall } from './dispatch.ts';
import { looksOf } from './looks.ts';
import { adaptivePace, type Pace } from './pace.ts';
import { flag } from './parameters.ts';
import { pipelinesOf, type CompiledKernel } from './pipelines.ts';
import type { TrustedRange } from './range.ts';
import { deviceGone, isDeviceError, outOfMemory, unfit, type Refusal } from './refusal.ts';
import { sliceLayout, stage, tooLarge, type SliceLayout } from './slice-layout.ts';
import { flagBytes, Slot, type SlotBuffers } from './slot.ts';
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
  /** Learned by runners of an earlier device, where there was one. */
  readonly pace?: Pace;
}

export interface SliceRunner {
  run(request: RangedRequest, signal?: AbortSignal): Promise<MappedSlice | Refusal>;
  close(): void;
}

/** Runs slices on a device: staging, one submit, and reading back, over a few slots of buffers. */
export function sliceRunner(
  gpu: GpuDevice,
  { sliceBytes, slots, pace = adaptivePace() }: RunnerOptions,
): SliceRunner {
  const { device } = gpu;
  const pipelines = pipelinesOf(device, gpu);
  const memory = deviceMemory();
  const all = Array.from({ length: slots }, () => new Slot(device, memory));
  const queue = slotQueue(all);
  const looks = looksOf();
  let submits = 0;

  return {
    async run(request, signal) {
      signal?.throwIfAborted();
      checkRequest(request);
      const call = { ...request, dispatchElements: pace.dispatchElements() };
      const layout = sliceLayout(call);
      const refusal = gone() ?? tooLarge(layout, { gpu, sliceBytes });
      if (refusal !== undefined) return refusal;
      const kernel = await compiled(request.formula);
      if ('refused' in kernel) return kernel;
      const slot = await queue.take(signal);
      let isHeld = true;
      const release = (): void => {
        if (isHeld) queue.give(slot);
        isHeld = false;
      };
      try {
        const { operandOffsets } = layout;
        const work = { slot, call: { ...call, operandOffsets }, layout, kernel, release };
        const mapped = await mapSlice(work, signal);
        if ('refused' in mapped) release();
        return mapped;
      } catch (error) {
        // Its staging memory may be unmapped, or still in flight.
        slot.destroy();
        release();
        throw error;
      }
    },
    close() {
      looks.stop();
      for (const slot of all) slot.destroy();
    },
  };

  function gone(): Refusal | undefined {
    const failure = gpu.failure();
    return failure === undefined ? undefined : deviceGone(failure);
  }

  async function compiled(formula: Formula): Promise<CompiledKernel | Refusal> {
    try {
      return await pipelines.compiled(formula);
    } catch (error) {
      if (!isDeviceError(error)) throw error;
      const why = `the GPU's driver does not compile a kernel: ${firstLine(error)}`;
      // What it refuses for the text's sake it refuses again; else it may be the driver that is not well.
      const isForGood = 'reason' in error && error.reason === 'validation';
      return isForGood ? unfit(why) : deviceGone(why);
    }
  }

  async function mapSlice(
    work: Work,
    signal: AbortSignal | undefined,
  ): Promise<MappedSlice | Refusal> {
    const { slot, call, layout, release } = work;
    const buffers = gone() ?? (await trying(() => slot.reserve(layout)));
    if ('refused' in buffers) return buffers;
    const { upload, readback } = buffers;
    const staging = await trying(async () => new Uint8Array(upload.getMappedRange()));
    if ('refused' in staging) return lose(slot, staging);
    if (!(await stage(staging, call, layout)))
      return lose(slot, gone() ?? deviceGone('the device was lost'));
    signal?.throwIfAborted();

    const coming = trying(() => computed(work, buffers));
    const came = await within(coming, { alarm: gpu.alarm, signal });
    if (came === late) {
      const why = `the GPU did not answer within ${patienceMs / 1000} s`;
      gpu.abandon(why);
      return lose(slot, deviceGone(why));
    }
    const failed = 'refused' in came ? came : gone();
    if (failed !== undefined) return lose(slot, failed);
    const bytes = came as Uint8Array;
    const raised = bytes[layout.output]!;
    return {
      output: bytes.subarray(0, layout.outputBytes),
      nonFinite: (raised & flag.nonFinite) !== 0,
      outsideRange: (raised & flag.outsideRange) !== 0,
      release() {
        readback.unmap();
        release();
      },
    };
  }

  /** Submits the slice and waits for its bytes, the output and then the flags, in mapped memory; `upload` is mapped again by then. */
  async function computed(work: Work, buffers: SlotBuffers): Promise<Uint8Array | Refusal> {
    const { call, layout } = work;
    const { upload, readback } = buffers;
    const readBytes = layout.output + flagBytes;
    for (const filter of ['validation', 'out-of-memory', 'internal'] as const)
      device.pushErrorScope(filter);
    upload.unmap();
    const took = looks.begin();
    device.queue.submit([encoded(work, buffers)]);
    submits++;
    const inQueue = submits;
    const internal = device.popErrorScope();
    const noMemory = device.popErrorScope();
    const invalid = device.popErrorScope();
    try {
      const errors = await Promise.all([
        internal,
        noMemory,
        invalid,
        readback.mapAsync(GPUMapMode.READ, 0, readBytes).then(() => {
          const { elements } = call;
          const dispatches = dispatchCount(call);
          pace.took(took(), { elements, dispatches, submits: inQueue });
        }),
        upload.mapAsync(GPUMapMode.WRITE),
      ]);
      const refusal = refusalOf(errors);
      return refusal ?? new Uint8Array(readback.getMappedRange(0, readBytes));
    } finally {
      took();
      submits--;
    }
  }

  function encoded({ call, layout, kernel }: Work, buffers: SlotBuffers): GPUCommandBuffer {
    const { upload, operands, output, parameters, flags, readback } = buffers;
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(upload, 0, parameters, 0, layout.parameters);
    encoder.copyBufferToBuffer(upload, layout.parameters, operands, 0, layout.operands);
    encoder.clearBuffer(flags);
    const pass = encoder.beginComputePass();
    pass.setPipeline(kernel.pipeline);
    const size = parameterBytes(call.formula);
    for (let dispatch = 0; dispatch < dispatchCount(call); dispatch++) {
      const bindings = [
        { buffer: operands },
        { buffer: output },
        { buffer: parameters, offset: dispatch * size, size },
        { buffer: flags },
      ];
      const entries = bindings.map((resource, binding) => ({ binding, resource }));
      pass.setBindGroup(0, device.createBindGroup({ layout: pipelines.layout, entries }));
      pass.dispatchWorkgroups(workgroupsOf(call, dispatch, gpu));
    }
    pass.end();
    encoder.copyBufferToBuffer(output, 0, readback, 0, layout.output);
    encoder.copyBufferToBuffer(flags, 0, readback, layout.output, flagBytes);
    return encoder.finish();
  }

  /** What a device rejects with is a refusal; everything else is a bug, and is thrown. */
  async function trying<T>(work: () => Promise<T>): Promise<T | Refusal> {
    try {
      return await work();
    } catch (error) {
      if (!isDeviceError(error)) throw error;
      return gone() ?? deviceGone(`the GPU gave a slice up: ${firstLine(error)}`);
    }
  }
}

/** A slot whose slice did not come back has buffers that may be in flight: it begins anew. */
function lose(slot: Slot, refusal: Refusal): Refusal {
  slot.destroy();
  return refusal;
}

function refusalOf([internal, noMemory, invalid]: readonly (GPUError | null | void)[]):
  Refusal | undefined {
  if (noMemory) return outOfMemory('the GPU has no memory left to compute a slice');
  const error = internal ?? invalid;
  return error ? deviceGone(`the GPU refused a kernel: ${firstLine(error)}`) : undefined;
}

interface Work {
  readonly slot: Slot;
  readonly call: SliceCall & MapRequest;
  readonly layout: SliceLayout;
  readonly kernel: CompiledKernel;
  readonly release: () => void;
}

function checkRequest({ formula, uniforms, firstElement }: MapRequest): void {
  if (uniforms.length !== formula.uniformCount)
    throw new Error(`${uniforms.length} uniforms for a formula of ${formula.uniformCount}`);
  if (firstElement % 2 !== 0) throw new Error('a slice starts at an even element');
}
