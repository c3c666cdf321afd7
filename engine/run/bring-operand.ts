/**
 * How a stretch of an operand comes into memory in a type that kernels load: straight from its file, or made from what lies in
 * files. What has to be read is asked for as everywhere, so that threads, pages and the GPU's staging memory are all served.
 */
import type { ConvertedType } from '../formula/derived.ts';
import { roundDoubles, widenSmall } from '../numeric/conversion.ts';
import { dtypeBytes } from '../safetensors/dtype-size.ts';
import type { LoraOperand, PlannedOperand, RowsOperand, TensorInFile } from '../plan/operand.ts';
import type { FileRead, Steps } from './file-request.ts';
import { bytesOfLora, LoraMaker } from './lora-operand.ts';
import { bytesOfRows, RowsMaker } from './rebuilt-rows.ts';
import type { Stretch } from './workbench.ts';

export interface Bringing {
  /** To be asked for together with those of other operands. */
  readonly reads: readonly FileRead[];
  /** What is left to do once they have come. */
  readonly rest?: Steps<void>;
}

/** Raw bytes that are read at once, converted while they are in cache. One is enough for a worker, whatever its operands. */
export const conversionBytes = 1 << 20;

/** Bytes that a worker holds beside the bench while it brings in a tensor's operands. */
export function bytesToMake(operands: readonly PlannedOperand[]): number {
  const converting = operands.some(({ kind }) => kind === 'converted') ? conversionBytes : 0;
  return converting + bytesOfLora(operands.filter(isLora)) + bytesOfRows(operands.filter(isOfRows));
}

/** Where nothing is computed, what operands are made from is read all the same. */
export type Making = 'values' | 'reads';

/** One thread's own: it holds what operands are made from. */
export class OperandMaker {
  readonly #making: Making;
  #raw: Uint8Array | undefined;
  #lora: LoraMaker | undefined;
  #rows: RowsMaker | undefined;

  constructor(making: Making = 'values') {
    this.#making = making;
  }

  /** The operands of the tensor that comes next: what others were made from is let go. */
  begin(operands: readonly PlannedOperand[]): void {
    this.#lora?.keep(operands.filter(isLora));
  }

  /** `into` has room for the stretch in the operand's loaded type, and begins at a multiple of four bytes. */
  bring(operand: PlannedOperand, { first, elements }: Stretch, into: Uint8Array): Bringing {
    switch (operand.kind) {
      case 'stored': {
        const position = operand.offset + first * dtypeBytes[operand.dtype];
        return { reads: [{ file: operand.file, into, position }] };
      }
      case 'converted':
        return { reads: [], rest: this.#convert(operand, { first, elements }, into) };
      case 'rows':
        this.#rows ??= new RowsMaker();
        return this.#rows.bring(operand, { first, elements }, into);
      case 'lora':
        this.#lora ??= new LoraMaker(this.#making);
        return { reads: [], rest: this.#lora.bring(operand, { first, elements }, into) };
    }
  }

  *#convert(
    { file, offset, dtype }: TensorInFile & { readonly dtype: ConvertedType },
    { first, elements }: Stretch,
    into: Uint8Array,
  ): Steps<void> {
    this.#raw ??= new Uint8Array(conversionBytes);
    const bytes = dtypeBytes[dtype];
    const atOnce = conversionBytes / bytes;
    for (let at = 0; at < elements; at += atOnce) {
      const count = Math.min(atOnce, elements - at);
      const raw = this.#raw.subarray(0, count * bytes);
      yield { kind: 'read', reads: [{ file, into: raw, position: offset + (first + at) * bytes }] };
      if (this.#making === 'values') convert(raw, dtype, into, at, count);
    }
  }
}

export function isOfRows(operand: PlannedOperand): operand is RowsOperand {
  return operand.kind === 'rows';
}

export function isLora(operand: PlannedOperand): operand is LoraOperand {
  return operand.kind === 'lora';
}

function convert(
  raw: Uint8Array,
  dtype: ConvertedType,
  into: Uint8Array,
  at: number,
  count: number,
): void {
  const { buffer, byteOffset } = into;
  switch (dtype) {
    case 'F64': {
      const doubles = new Float64Array(raw.buffer, raw.byteOffset, count);
      return roundDoubles(doubles, new Float32Array(buffer, byteOffset + 4 * at, count));
    }
    case 'F8_E4M3':
    case 'F8_E5M2':
      return widenSmall(raw, dtype, new Uint16Array(buffer, byteOffset + 2 * at, count));
  }
}
