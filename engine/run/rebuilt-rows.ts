/** A matrix whose rows are gathered from those of several, as a vocabulary's are when models are brought to one. */
import { kernelType, type ComputedType } from '../formula/derived.ts';
import { narrow, widen, type StorageDtype } from '../numeric/storage.ts';
import type { RowsOperand } from '../plan/operand.ts';
import { dtypeBytes } from '../safetensors/dtype-size.ts';
import { firstMean, meanRows, zeroRows } from '../vocabulary/row-runs.ts';
import type { FileRead, Steps } from './file-request.ts';
import type { Stretch } from './workbench.ts';

/** Rows that lie one behind the other in one place: so many elements from a column of the first. */
interface Segment {
  /** Elements before it in the stretch. */
  readonly at: number;
  readonly elements: number;
  readonly from: number;
  readonly row: number;
  readonly column: number;
}

/** Bytes that are read at once where they have to be converted. */
const bytesAtOnce = 1 << 20;
/** Columns are summed in blocks of so many rows, and the blocks in order. */
const blockRows = 64;

/** What it holds beside the bench: what is read, converted, and summed. */
export function bytesOfRows(operands: readonly RowsOperand[]): number {
  const columns = operands.reduce((most, operand) => Math.max(most, operand.columns), 0);
  return operands.length === 0 ? 0 : 3 * bytesAtOnce + 24 * columns;
}

/** One thread's own. */
export class RowsMaker {
  readonly #starts = new WeakMap<RowsOperand, Float64Array>();
  readonly #means = new WeakMap<RowsOperand, Uint32Array>();

  /** `into` has room for the stretch in the operand's loaded type. Rows of its own type are read straight into it. */
  bring(
    operand: RowsOperand,
    { first, elements }: Stretch,
    into: Uint8Array,
  ): { readonly reads: readonly FileRead[]; readonly rest: Steps<void> } {
    const size = dtypeBytes[kernelType(operand.dtype)];
    const reads: FileRead[] = [];
    const made: Segment[] = [];
    for (const segment of this.#segments(operand, first, elements)) {
      const source = operand.from[segment.from];
      if (source === undefined || source.dtype !== operand.dtype || !isLoadedAsStored(operand))
        made.push(segment);
      else
        reads.push({
          file: source.file,
          into: into.subarray(segment.at * size, (segment.at + segment.elements) * size),
          position: source.offset + (segment.row * operand.columns + segment.column) * size,
        });
    }
    return { reads, rest: this.#make(operand, made, into) };
  }

  *#make(operand: RowsOperand, segments: readonly Segment[], into: Uint8Array): Steps<void> {
    if (segments.length === 0) return;
    const put = putter(operand, into);
    for (const segment of segments) {
      if (segment.from === meanRows) {
        const mean = yield* this.#meanRow(operand);
        eachElement(segment, operand, (element, column) => put(element, mean[column]!));
      } else if (segment.from === zeroRows) {
        eachElement(segment, operand, (element) => put(element, 0));
      } else if (segment.from <= firstMean) {
        const mean = yield* this.#meanOfSome(operand, operand.means[firstMean - segment.from]!);
        eachElement(segment, operand, (element, column) => put(element, mean[column]!));
      } else {
        const { from, row, column } = segment;
        const start = row * operand.columns + column;
        let at = segment.at;
        for (const bits of yield* this.#read(operand, from, start, segment.elements))
          for (const one of bits) put(at++, one);
      }
    }
  }

  /** Elements of a giver, as bits of f32, rounded to the type of the model that is given them. */
  *#read(
    { from, dtype }: RowsOperand,
    number: number,
    first: number,
    elements: number,
  ): Steps<readonly Uint32Array[]> {
    const source = from[number]!;
    const size = dtypeBytes[source.dtype];
    const parts: Uint32Array[] = [];
    for (let done = 0; done < elements;) {
      const count = Math.min(Math.floor(bytesAtOnce / size), elements - done);
      const bytes = new Uint8Array(count * size);
      const position = source.offset + (first + done) * size;
      yield { kind: 'read', reads: [{ file: source.file, into: bytes, position }] };
      parts.push(roundedTo(dtype, bitsOf(bytes, source.dtype)));
      done += count;
    }
    return parts;
  }

  /** The mean of a few rows: their sum in f64 in the order of the models, divided once. */
  *#meanOfSome(operand: RowsOperand, pairs: readonly number[]): Steps<Uint32Array> {
    const { columns } = operand;
    const sums = new Float64Array(columns);
    for (let pair = 0; pair < pairs.length; pair += 2) {
      const start = pairs[pair + 1]! * columns;
      let column = 0;
      for (const part of yield* this.#read(operand, pairs[pair]!, start, columns))
        for (const value of floats(part)) sums[column++]! += value;
    }
    return meanBits(operand, sums, pairs.length / 2);
  }

  /** The mean of all rows that stand for a token, columns summed in f64, block by block. */
  *#meanRow(operand: RowsOperand): Steps<Uint32Array> {
    const known = this.#means.get(operand);
    if (known !== undefined) return known;
    const { columns, runs } = operand;
    const sums = new Float64Array(columns);
    const block = new Float64Array(columns);
    let rows = 0;
    const endRow = (): void => {
      rows++;
      if (rows % blockRows === 0) addBlock(sums, block);
    };
    const atOnce = Math.max(1, Math.floor(bytesAtOnce / (8 * columns)));
    for (let run = 0; run < runs.length; run += 3) {
      const [count, from, first] = [runs[run]!, runs[run + 1]!, runs[run + 2]!];
      if (from === meanRows) continue;
      if (from === zeroRows) {
        for (let row = 0; row < count; row++) endRow();
        continue;
      }
      if (from <= firstMean) {
        const mean = floats(yield* this.#meanOfSome(operand, operand.means[firstMean - from]!));
        for (let row = 0; row < count; row++) {
          for (let column = 0; column < columns; column++) block[column]! += mean[column]!;
          endRow();
        }
        continue;
      }
      for (let row = 0; row < count; row += atOnce) {
        const some = Math.min(atOnce, count - row);
        let column = 0;
        for (const part of yield* this.#read(
          operand,
          from,
          (first + row) * columns,
          some * columns,
        ))
          for (const value of floats(part)) {
            block[column]! += value;
            if (++column < columns) continue;
            column = 0;
            endRow();
          }
      }
    }
    addBlock(sums, block);
    const mean = meanBits(operand, sums, Math.max(1, rows));
    this.#means.set(operand, mean);
    return mean;
  }

  *#segments(operand: RowsOperand, first: number, elements: number): Generator<Segment> {
    const { columns, runs } = operand;
    const starts = this.#startsOf(operand);
    const end = first + elements;
    for (let run = runAt(starts, Math.floor(first / columns)); 3 * run < runs.length; run++) {
      const runStart = starts[run]! * columns;
      if (runStart >= end) return;
      const from = Math.max(first, runStart);
      const to = Math.min(end, runStart + runs[3 * run]! * columns);
      const within = from - runStart;
      yield {
        at: from - first,
        elements: to - from,
        from: runs[3 * run + 1]!,
        row: runs[3 * run + 2]! + Math.floor(within / columns),
        column: within % columns,
      };
    }
  }

  /** The first row of each run. */
  #startsOf(operand: RowsOperand): Float64Array {
    const known = this.#starts.get(operand);
    if (known !== undefined) return known;
    const { runs } = operand;
    const starts = new Float64Array(runs.length / 3);
    for (let run = 1; run < starts.length; run++)
      starts[run] = starts[run - 1]! + runs[3 * (run - 1)]!;
    this.#starts.set(operand, starts);
    return starts;
  }
}

/** The last run that begins at a row or before. */
function runAt(starts: Float64Array, row: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}

function isLoadedAsStored({ dtype }: RowsOperand): boolean {
  return kernelType(dtype) === dtype;
}

function eachElement(
  { at, elements, column }: Segment,
  { columns }: RowsOperand,
  put: (element: number, column: number) => void,
): void {
  for (let done = 0; done < elements; done++) put(at + done, (column + done) % columns);
}

function addBlock(sums: Float64Array, block: Float64Array): void {
  for (let column = 0; column < sums.length; column++) sums[column]! += block[column]!;
  block.fill(0);
}

function meanBits({ dtype }: RowsOperand, sums: Float64Array, count: number): Uint32Array {
  const mean = Float32Array.from(sums, (sum) => sum / count);
  return roundedTo(dtype, new Uint32Array(mean.buffer));
}

function floats(bits: Uint32Array): Float32Array {
  return new Float32Array(bits.buffer, bits.byteOffset, bits.length);
}

/** Values as bits of f32; doubles are rounded. */
function bitsOf(bytes: Uint8Array, dtype: ComputedType): Uint32Array {
  const { buffer, byteOffset } = bytes;
  const count = bytes.length / dtypeBytes[dtype];
  switch (dtype) {
    case 'F64':
      return new Uint32Array(Float32Array.from(new Float64Array(buffer, byteOffset, count)).buffer);
    case 'F32':
      return new Uint32Array(buffer, byteOffset, count);
    case 'F16':
    case 'BF16':
      return Uint32Array.from(new Uint16Array(buffer, byteOffset, count), (word) =>
        widen(word, dtype),
      );
    case 'F8_E4M3':
    case 'F8_E5M2':
      return Uint32Array.from(bytes, (word) => widen(word, dtype));
  }
}

/** A row that another model gives has as many bits as its own. */
function roundedTo(dtype: ComputedType, bits: Uint32Array): Uint32Array {
  if (dtype === 'F64' || dtype === 'F32') return bits;
  const type: StorageDtype = dtype;
  return bits.map((one) => widen(narrow(one, type), type));
}

/** Puts one element, by its f32 bits, in the type that is loaded, which holds it exactly. */
function putter({ dtype }: RowsOperand, into: Uint8Array): (element: number, bits: number) => void {
  const { buffer, byteOffset, byteLength } = into;
  const loaded = kernelType(dtype);
  if (loaded === 'F32') {
    const words = new Uint32Array(buffer, byteOffset, byteLength / 4);
    return (element, bits) => void (words[element] = bits);
  }
  const words = new Uint16Array(buffer, byteOffset, byteLength / 2);
  return (element, bits) => void (words[element] = narrow(bits, loaded));
}
