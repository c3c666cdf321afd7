import type { DeviceMemory } from './device-memory.ts';
import { aligned } from './parameters.ts';
import { deviceGone, isDeviceError, outOfMemory, type Refusal } from './refusal.ts';

/** Sizes of a slot's buffers, in bytes. */
export interface SlotSizes {
  readonly operands: number;
  readonly output: number;
  readonly parameters: number;
}

export interface SlotBuffers {
  /** Mapped while it is filled: the parameters, then the operands. */
  readonly upload: GPUBuffer;
  readonly parameters: GPUBuffer;
  readonly operands: GPUBuffer;
  readonly output: GPUBuffer;
  readonly flags: GPUBuffer;
  /** Mapped while it is read: the output, then the flags. */
  readonly readback: GPUBuffer;
  readonly sizes: SlotSizes;
}

/** The buffers of one slice on its way: they are made when first needed, grow, and are used again. */
export class Slot {
  readonly #device: GPUDevice;
  readonly #memory: DeviceMemory;
  #buffers: SlotBuffers | undefined;

  constructor(device: GPUDevice, memory: DeviceMemory) {
    this.#device = device;
    this.#memory = memory;
  }

  /** Buffers of at least these sizes, with `upload` mapped. */
  async reserve(needed: SlotSizes): Promise<SlotBuffers | Refusal> {
    const present = this.#buffers;
    if (present !== undefined && fits(needed, present.sizes)) return present;
    const sizes: SlotSizes = {
      operands: Math.max(aligned(needed.operands), present?.sizes.operands ?? 0, 256),
      output: Math.max(aligned(needed.output), present?.sizes.output ?? 0, 256),
      parameters: Math.max(aligned(needed.parameters), present?.sizes.parameters ?? 0, 256),
    };
    this.destroy();
    if (!this.#memory.take(bytesOf(sizes)))
      return outOfMemory('the slices under way would take more memory of the GPU than planned');
    // The scopes are closed before anything is awaited, so that slots which grow at once do not take each other's errors.
    this.#device.pushErrorScope('validation');
    this.#device.pushErrorScope('out-of-memory');
    const made = makeBuffers(this.#device, sizes);
    const errors = Promise.all([this.#device.popErrorScope(), this.#device.popErrorScope()]);
    const [noMemory, invalid] = await errors;
    if ('refused' in made) this.#memory.give(bytesOf(sizes));
    else this.#buffers = made;
    if (noMemory === null && invalid === null) return made;
    this.destroy();
    return noMemory === null
      ? deviceGone(`the GPU refused buffers: ${invalid!.message.split('\n')[0]}`)
      : outOfMemory(noMemoryLeft);
  }

  destroy(): void {
    if (this.#buffers === undefined) return;
    const { upload, parameters, operands, output, flags, readback, sizes } = this.#buffers;
    for (const buffer of [upload, parameters, operands, output, flags, readback]) buffer.destroy();
    this.#buffers = undefined;
    this.#memory.give(bytesOf(sizes));
  }
}

const noMemoryLeft = 'the GPU has no memory left for a slice';

function fits(needed: SlotSizes, present: SlotSizes): boolean {
  return (
    needed.operands <= present.operands &&
    needed.output <= present.output &&
    needed.parameters <= present.parameters
  );
}

/** All but the flags are there twice: for the device, and mapped. */
function bytesOf({ operands, output, parameters }: SlotSizes): number {
  return 2 * (operands + output + parameters);
}

/** Bytes of the flags behind the output in the readback. */
export const flagBytes = 4;

function makeBuffers(device: GPUDevice, sizes: SlotSizes): SlotBuffers | Refusal {
  const { COPY_DST, COPY_SRC, MAP_READ, MAP_WRITE, STORAGE } = GPUBufferUsage;
  const made: GPUBuffer[] = [];
  const buffer = (label: string, size: number, usage: number): GPUBuffer => {
    const mappedAtCreation = label === 'upload';
    const one = device.createBuffer({ label, size, usage, mappedAtCreation });
    made.push(one);
    return one;
  };
  const uploadBytes = sizes.parameters + sizes.operands;
  try {
    return {
      sizes,
      parameters: buffer('parameters', sizes.parameters, STORAGE | COPY_DST),
      operands: buffer('operands', sizes.operands, STORAGE | COPY_DST),
      output: buffer('output', sizes.output, STORAGE | COPY_SRC),
      flags: buffer('flags', flagBytes, STORAGE | COPY_DST | COPY_SRC),
      readback: buffer('readback', sizes.output + flagBytes, MAP_READ | COPY_DST),
      upload: buffer('upload', uploadBytes, MAP_WRITE | COPY_SRC),
    };
  } catch (error) {
    // Mapping what could not be had throws.
    if (!(error instanceof RangeError) && !isDeviceError(error)) throw error;
    for (const one of made) one.destroy();
    return outOfMemory(noMemoryLeft);
  }
}
