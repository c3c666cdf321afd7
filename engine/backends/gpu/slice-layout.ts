import type { Formula, Width } from '../../formula/node.ts';
import type { GpuDevice } from './device.ts';
import { dispatchCount, parameterBytes, writeParameters, type SliceCall } from './dispatch.ts';
import { aligned, octet } from './parameters.ts';
import { outOfMemory, unfit, type Refusal } from './refusal.ts';
import type { MapRequest } from './slice-runner.ts';
import type { SlotSizes } from './slot.ts';

/** Where the parts of a slice lie, in bytes. The operands follow the parameters in staging memory. */
export interface SliceLayout extends SlotSizes {
  readonly operandOffsets: readonly (number | undefined)[];
  readonly operandBytes: readonly number[];
  /** Of the stored words alone, without the rest of the last octet. */
  readonly outputBytes: number;
}

export function sliceLayout({
  formula,
  elements,
  dispatchElements,
}: Pick<SliceCall, 'formula' | 'elements' | 'dispatchElements'>): SliceLayout {
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
    parameters: dispatchCount({ elements, dispatchElements }) * parameterBytes(formula),
  };
}

function storeWidth(formula: Formula): Width {
  const [sink] = formula.sinks;
  if (sink?.kind !== 'store') throw new Error('a formula without a store has no range');
  return sink.width;
}

/**
 * Writes parameters and operands into staging memory; what lies behind an operand's last element is 0. Whether the memory stayed:
 * it goes with its device, under the hands of whoever fills it.
 */
export async function stage(
  staging: Uint8Array,
  call: SliceCall & MapRequest,
  layout: SliceLayout,
): Promise<boolean> {
  const isThere = (): boolean => staging.byteLength > 0;
  try {
    const { buffer, byteOffset } = staging;
    writeParameters(call, new Uint32Array(buffer, byteOffset, layout.parameters / 4));
    for (const [operand, offset] of layout.operandOffsets.entries()) {
      if (offset === undefined || !isThere()) continue;
      const from = layout.parameters + offset;
      const to = from + layout.operandBytes[operand]!;
      staging.fill(0, to, from + aligned(to - from));
      await call.fill(operand, staging.subarray(from, to));
    }
  } catch (error) {
    if (isThere()) throw error;
  }
  return isThere();
}

/** A slice that is more than was planned for, or than the device takes. */
export function tooLarge(
  layout: SliceLayout,
  { gpu, sliceBytes }: { readonly gpu: GpuDevice; readonly sliceBytes: number },
): Refusal | undefined {
  const bytes = layout.operandBytes.reduce((total, each) => total + each, 0);
  if (bytes > sliceBytes) return unfit(`a slice of ${bytes} bytes is larger than planned for`);
  const isBindable = Math.max(layout.operands, layout.output) <= gpu.maxBindingBytes;
  const isBuffer = layout.operands + layout.parameters <= gpu.maxBufferBytes;
  return isBindable && isBuffer
    ? undefined
    : outOfMemory(`a slice of ${bytes} bytes is too large for the GPU`);
}
