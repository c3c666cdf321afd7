/** Where the operands of a plan's work come from: what a worker must know to bring them into memory. Plain data. */
import type { DType } from '../../grammar/places/signature.ts';
import {
  isConverted,
  isKernelType,
  kernelType,
  type ComputedType,
  type ConvertedType,
  type KernelType,
} from '../formula/derived.ts';
import { dtypeBytes } from '../safetensors/dtype-size.ts';

/** A tensor as it lies in a file. */
export interface TensorInFile {
  /** Place of the file among those that the workers know. */
  readonly file: number;
  /** Bytes from the start of that file. */
  readonly offset: number;
  readonly dtype: DType;
}

/** An operand's elements lie in a file, or a worker makes them, a stretch at a time, before kernels see them. */
export type PlannedOperand =
  /** Its bytes are what kernels load. */
  | (TensorInFile & { readonly kind: 'stored'; readonly dtype: KernelType })
  /** Widened exactly, or rounded to f32, as it is read. */
  | (TensorInFile & { readonly kind: 'converted'; readonly dtype: ConvertedType })
  | LoraOperand
  | RowsOperand;

/** An adapter's change of one tensor, in f32: element (i, j) of its matrix is scale · Σ_k left(i, k) · right(k, j). */
export interface LoraOperand {
  readonly kind: 'lora';
  readonly dtype: 'F32';
  readonly left: FactorInFile;
  readonly right: FactorInFile;
  readonly rows: number;
  readonly columns: number;
  readonly rank: number;
  readonly scale: number;
}

/**
 * A matrix whose rows come from several: `runs` are threes of numbers (how many rows, from which of `from`, the first row
 * there), `means` pairs of those; numbers below 0 are said in `engine/vocabulary/row-runs.ts`.
 */
export interface RowsOperand {
  readonly kind: 'rows';
  /** Of the model that is given the rows: what another gives is rounded to it. */
  readonly dtype: ComputedType;
  readonly columns: number;
  readonly from: readonly (TensorInFile & { readonly dtype: ComputedType })[];
  readonly runs: readonly number[];
  readonly means: readonly (readonly number[])[];
}

/** One factor; where it is turned, columns of it lie in the file one after another. */
export interface FactorInFile extends TensorInFile {
  readonly dtype: ComputedType;
  readonly isTurned: boolean;
}

/** A tensor of floats as an operand. */
export function operandInFile(tensor: TensorInFile): PlannedOperand {
  const { dtype } = tensor;
  if (isKernelType(dtype)) return { ...tensor, kind: 'stored', dtype };
  if (isConverted(dtype)) return { ...tensor, kind: 'converted', dtype };
  throw new Error(`${dtype} tensors are copied, never computed with`);
}

/** The type in which its elements lie in memory while kernels run. */
export function loadedType(operand: PlannedOperand): KernelType {
  switch (operand.kind) {
    case 'stored':
    case 'converted':
    case 'lora':
    case 'rows':
      return kernelType(operand.dtype);
  }
}

/** Bytes that are read from files for so many of its elements. */
export function bytesToRead(operand: PlannedOperand, elements: number): number {
  switch (operand.kind) {
    case 'stored':
    case 'converted':
    case 'rows':
      return elements * dtypeBytes[operand.dtype];
    case 'lora': {
      const { left, right, rows, columns, rank } = operand;
      const share = elements / (rows * columns);
      return (
        rank * columns * dtypeBytes[right.dtype] +
        Math.ceil(share * rank * rows * dtypeBytes[left.dtype])
      );
    }
  }
}

/** Bytes of an adapter's two factors. */
export function factorBytesToRead(operand: LoraOperand): number {
  return bytesToRead(operand, operand.rows * operand.columns);
}

/** The same operand where its files have other numbers. */
export function renumbered(
  operand: PlannedOperand,
  number: (file: number) => number,
): PlannedOperand {
  switch (operand.kind) {
    case 'stored':
    case 'converted':
      return { ...operand, file: number(operand.file) };
    case 'rows': {
      const from = operand.from.map((one) => ({ ...one, file: number(one.file) }));
      return { ...operand, from };
    }
    case 'lora': {
      const { left, right } = operand;
      return {
        ...operand,
        left: { ...left, file: number(left.file) },
        right: { ...right, file: number(right.file) },
      };
    }
  }
}
