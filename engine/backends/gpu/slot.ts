import { aligned } from './parameters.ts';

/** Sizes of a slot's buffers, in bytes. */
export interface SlotSizes {
  readonly operands: number;
  readonly output: number;
  readonly parameters: number;
}

interface SlotBuffers {
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
  #buffers: SlotBuffers | undefined;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** Buffers of at least these sizes, with `upload` mapped; undefined when the device has no memory left for them. */
  async reserve(needed: SlotSizes): Promise<SlotBuffers | undefined> {
    const present = this.#buffers?.sizes;
    if (present !== undefined && fits(needed, present)) return this.#buffers;
    const sizes: SlotSizes = {
      operands: Math.max(aligned(needed.operands), present?.operands ?? 0, 256),
      output: Math.max(aligned(needed.output), present?.output ?? 0, 256),
      parameters: Math.max(aligned(needed.parameters), present?.parameters ?? 0, 256),
    };
    this.destroy();
    // The scope is closed before anything is awaited, so that slots which grow at once do not take each other's errors.
    this.#device.pushErrorScope('out-of-memory');
    let made: SlotBuffers | undefined;
    try {
      made = makeBuffers(this.#device, sizes);
    } catch (error) {
      // Mapping what could not be had throws; the scope says that it was memory.
      if (!(error instanceof RangeError) && (error as Error).name !== 'OperationError') throw error;
    }
    const outOfMemory = await this.#device.popErrorScope();
    this.#buffers = made;
    if (outOfMemory === null && made !== undefined) return made;
    this.destroy();
    return undefined;
  }

  destroy(): void {
    if (this.#buffers === undefined) return;
    const { upload, parameters, operands, output, flags, readback } = this.#buffers;
    for (const buffer of [upload, parameters, operands, output, flags, readback]) buffer.destroy();
    this.#buffers = undefined;
  }
}

function fits(needed: SlotSizes, present: SlotSizes): boolean {
  return (
    needed.operands <= present.operands &&
    needed.output <= present.output &&
    needed.parameters <= present.parameters
  );
}

/** Bytes of the flags behind the output in the readback. */
export const flagBytes = 4;

function makeBuffers(device: GPUDevice, sizes: SlotSizes): SlotBuffers {
  const { COPY_DST, COPY_SRC, MAP_READ, MAP_WRITE, STORAGE } = GPUBufferUsage;
  const buffer = (label: string, size: number, usage: number): GPUBuffer =>
    device.createBuffer({ label, size, usage, mappedAtCreation: label === 'upload' });
  const uploadBytes = sizes.parameters + sizes.operands;
  return {
    sizes,
    parameters: buffer('parameters', sizes.parameters, STORAGE | COPY_DST),
    operands: buffer('operands', sizes.operands, STORAGE | COPY_DST),
    output: buffer('output', sizes.output, STORAGE | COPY_SRC),
    flags: buffer('flags', flagBytes, STORAGE | COPY_DST | COPY_SRC),
    readback: buffer('readback', sizes.output + flagBytes, MAP_READ | COPY_DST),
    upload: buffer('upload', uploadBytes, MAP_WRITE | COPY_SRC),
  };
}
