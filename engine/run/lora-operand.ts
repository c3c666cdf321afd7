/** Stretches of an adapter's change, made from its two factors. */
import type { LoraOperand } from '../plan/operand.ts';
import { toDoubles } from '../numeric/to-doubles.ts';
import { dtypeBytes } from '../safetensors/dtype-size.ts';
import {
  factorBytes,
  leftIndex,
  rightIndex,
  rowsAtOnce,
  ThinFactors,
} from '../adapters/thin-factors.ts';
import type { Making } from './bring-operand.ts';
import type { FileRead, Steps } from './file-request.ts';
import type { Stretch } from './workbench.ts';

/** Stored values that are read at once, and their doubles. */
const scratchElements = 131072;
const scratchBytes = 8 * scratchElements;

/** Bytes that a worker holds while it makes these at once. */
export function bytesOfLora(operands: readonly LoraOperand[]): number {
  if (operands.length === 0) return 0;
  const each = operands.map(factorBytes);
  return (
    each.reduce((sum, { own }) => sum + own, 0) +
    each.reduce((most, { shared }) => Math.max(most, shared), 0) +
    2 * scratchBytes
  );
}

/** One thread's own. The right factor of each adapter stays while its tensor is worked on; rows of the left come with each stretch. */
export class LoraMaker {
  readonly #making: Making;
  readonly #factors = new ThinFactors();
  readonly #raw = new Uint8Array(scratchBytes);
  readonly #doubles = new Float64Array(scratchElements);

  constructor(making: Making) {
    this.#making = making;
  }

  /** Forgets what belongs to other tensors. */
  keep(operands: readonly LoraOperand[]): void {
    this.#factors.keep(new Set(operands.map(nameOf)));
  }

  *bring(operand: LoraOperand, { first, elements }: Stretch, into: Uint8Array): Steps<void> {
    const name = nameOf(operand);
    if (!this.#factors.has(name)) yield* this.#readRight(operand, name);
    const { columns } = operand;
    const values = new Float32Array(into.buffer, into.byteOffset, elements);
    const end = first + elements;
    const lastRow = Math.ceil(end / columns);
    for (let row = Math.floor(first / columns); row < lastRow; row += rowsAtOnce(operand)) {
      const rows = Math.min(rowsAtOnce(operand), lastRow - row);
      yield* this.#readLeft(operand, row, rows);
      if (this.#making === 'reads') continue;
      const made = this.#factors.product(name, rows, operand);
      const from = row * columns;
      const part = made.subarray(Math.max(first - from, 0), end - from);
      values.set(part, Math.max(from - first, 0));
    }
  }

  *#readRight(operand: LoraOperand, name: string): Steps<void> {
    const { right, rank, columns } = operand;
    const bytes = dtypeBytes[right.dtype];
    const total = rank * columns;
    const factor = this.#factors.right(name, operand);
    for (let at = 0; at < total; at += scratchElements) {
      const count = Math.min(scratchElements, total - at);
      const raw = this.#raw.subarray(0, count * bytes);
      const position = right.offset + at * bytes;
      yield { kind: 'read', reads: [{ file: right.file, into: raw, position }] };
      const doubles = this.#toDoubles(raw, right.dtype, count);
      const length = right.isTurned ? rank : columns;
      for (let i = 0, outer = Math.floor(at / length), inner = at % length; i < count; i++) {
        const index = right.isTurned
          ? rightIndex(inner, outer, rank)
          : rightIndex(outer, inner, rank);
        factor[index] = doubles[i]!;
        if (++inner === length) {
          inner = 0;
          outer++;
        }
      }
    }
  }

  *#readLeft({ left, ...shape }: LoraOperand, row: number, rows: number): Steps<void> {
    const { rank } = shape;
    const bytes = dtypeBytes[left.dtype];
    const count = rows * rank;
    const raw = this.#raw.subarray(0, count * bytes);
    const { file, offset } = left;
    const reads = left.isTurned
      ? Array.from({ length: rank }, (_, k): FileRead => {
          const into = raw.subarray(k * rows * bytes, (k + 1) * rows * bytes);
          return { file, into, position: offset + (k * shape.rows + row) * bytes };
        })
      : [{ file, into: raw, position: offset + row * rank * bytes }];
    yield { kind: 'read', reads };
    const doubles = this.#toDoubles(raw, left.dtype, count);
    const factor = this.#factors.left(rows, shape);
    for (let i = 0; i < rows; i++) {
      for (let k = 0; k < rank; k++)
        factor[leftIndex(i, k, rank)] = doubles[left.isTurned ? k * rows + i : i * rank + k]!;
    }
  }

  #toDoubles(raw: Uint8Array, dtype: LoraOperand['left']['dtype'], count: number): Float64Array {
    const doubles = this.#doubles.subarray(0, count);
    toDoubles(raw, dtype, doubles);
    return doubles;
  }
}

function nameOf({ right, rank, columns }: LoraOperand): string {
  return JSON.stringify([right, rank, columns]);
}
