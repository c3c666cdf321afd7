import type { Formula } from '../../formula/node.ts';
import { octet, parameterWords, uniformsAt, word, aligned } from './parameters.ts';
import { bitSpan, type TrustedRange } from './range.ts';

/** A slice, as its dispatches see it. */
export interface SliceCall {
  readonly formula: Formula;
  readonly uniforms: Uint32Array;
  readonly elements: number;
  /** Index of the slice's first element in its tensor: even, below 2^53. Draws are counted from it. */
  readonly firstElement: number;
  /** Where each operand starts in the operand buffer, in bytes. */
  readonly operandOffsets: readonly (number | undefined)[];
  readonly range: TrustedRange;
  /** Elements that one dispatch computes at most, whole octets. */
  readonly dispatchElements: number;
}

export function dispatchCount({
  elements,
  dispatchElements,
}: Pick<SliceCall, 'elements' | 'dispatchElements'>): number {
  return Math.max(1, Math.ceil(elements / dispatchElements));
}

/** Bytes of one dispatch's parameters, a whole number of binding offsets. */
export function parameterBytes(formula: Formula): number {
  return aligned(4 * parameterWords(formula));
}

/** Writes the parameters of each of the slice's dispatches, one after another. */
export function writeParameters(call: SliceCall, into: Uint32Array): void {
  const { formula, uniforms, elements, firstElement, operandOffsets, range, dispatchElements } =
    call;
  const stride = parameterBytes(formula) / 4;
  const octets = Math.ceil(elements / octet);
  const pair = firstElement / 2;
  const [from, to] = bitSpan(range);
  for (let dispatch = 0; dispatch < dispatchCount(call); dispatch++) {
    const words = into.subarray(dispatch * stride, (dispatch + 1) * stride);
    const firstOctet = (dispatch * dispatchElements) / octet;
    words.fill(0);
    words[word.elements] = elements;
    words[word.firstOctet] = firstOctet;
    words[word.endOctet] = Math.min(octets, firstOctet + dispatchElements / octet);
    words[word.counterLow] = pair % 4294967296;
    words[word.counterHigh] = Math.floor(pair / 4294967296);
    words[word.belowRange] = from - 1;
    words[word.aboveRange] = to + 1;
    operandOffsets.forEach((offset, operand) => {
      words[word.operands + operand] = (offset ?? 0) / 16;
    });
    words.set(uniforms, uniformsAt(formula));
  }
}

/** Octets of the dispatch, in workgroups, at most as many as fill the device. */
export function workgroupsOf(
  { elements, dispatchElements }: Pick<SliceCall, 'elements' | 'dispatchElements'>,
  dispatch: number,
  { workgroupSize, workgroups }: { readonly workgroupSize: number; readonly workgroups: number },
): number {
  const own = Math.min(elements - dispatch * dispatchElements, dispatchElements);
  return Math.max(1, Math.min(workgroups, Math.ceil(own / octet / workgroupSize)));
}
