/** How a tensor is gone about, by its size. */
import { isComputed, resultType, type ComputedType } from '../formula/derived.ts';
import { loadedType } from '../plan/operand.ts';
import type { PlannedTensor, WorkItem } from '../plan/plan.ts';
import { dtypeBytes } from '../safetensors/dtype-size.ts';
import type { Budget } from './budget.ts';

/** A tensor is long from so many slices on: it is stored, and written down, a stretch at a time. */
const longSlices = 8;
/** Of one stretch at most: what is asked of a worker at once, and lost by a run that is killed. */
const stretchSlices = 4;
/** Copies have no slices; theirs are those of elements of so many bytes. */
const copiedBytes = 2;

/** Whether one worker can hold the tensor whole, by its widest operand, or by its result where one is stored. */
export function isResident(
  { operands, elements }: WorkItem,
  { residentBytes }: Budget,
  result?: ComputedType,
): boolean {
  const isWide =
    operands.some((operand) => loadedType(operand) === 'F32') ||
    (result !== undefined && resultType(result) === 'F32');
  return elements * (isWide ? 4 : 2) <= residentBytes;
}

/** Whether the tensor has the workers to itself. */
export function isForAll({ work, dtype }: PlannedTensor, budget: Budget): boolean {
  if (work.kind !== 'compute' || !isComputed(dtype)) return false;
  const { item } = work;
  if (item.elements <= budget.sliceElements) return false;
  return item.passes > 0
    ? !isResident(item, budget, dtype)
    : item.elements >= longSlices * budget.sliceElements;
}

/** Bytes of a stretch: all of a tensor that is not long; of one that is, so many that every worker has some. */
export function stretchBytes(tensor: PlannedTensor, budget: Budget): number {
  const { work, dtype, byteLength } = tensor;
  const ofElement = work.kind === 'copy' ? copiedBytes : dtypeBytes[dtype];
  const sliceBytes = budget.sliceElements * ofElement;
  const slices = byteLength / sliceBytes;
  if (slices < longSlices && !isForAll(tensor, budget)) return byteLength;
  const share = Math.floor(slices / (2 * budget.workers));
  return sliceBytes * Math.min(Math.max(share, 1), stretchSlices);
}
