import type { Formula } from '../../formula/node.ts';
import type { Mapper } from './mapper.ts';
import { oracleSlice } from './oracle-slice.ts';

/** A comparison of a device with the plain reading: undefined if they agree, else how they do not. */
export interface SelfCheck {
  readonly name: string;
  run(mapper: Mapper): Promise<string | undefined>;
}

/** A slice for both, and whether the device is expected to leave it to the CPU. */
export interface Trial {
  readonly formula: Formula;
  readonly uniforms: Uint32Array;
  readonly operands: readonly Uint8Array[];
  readonly elements: number;
  readonly firstElement?: number;
  /** `maybe` where the inputs are inside, but values of steps between them are checked too. */
  readonly outsideRange?: boolean | 'maybe';
}

/** Maps the slice and compares bytes and flags with the oracle's; of a slice that is left to the CPU only that is asked. */
export async function compareWithOracle(mapper: Mapper, trial: Trial): Promise<string | undefined> {
  const { formula, operands, elements, firstElement = 0, outsideRange = false } = trial;
  const mapped = await mapper.map({
    ...trial,
    firstElement,
    fill: (operand, into) => into.set(operands[operand]!.subarray(0, into.length)),
  });
  if ('refused' in mapped) return `refused: ${mapped.refused}`;
  try {
    if (outsideRange !== 'maybe' && mapped.outsideRange !== outsideRange)
      return outsideRange ? 'not flagged' : 'flagged as outside the trusted range';
    if (mapped.outsideRange) return undefined;
    const expected = oracleSlice(formula, { ...trial, firstElement });
    if (mapped.nonFinite !== expected.nonFinite)
      return `non-finite is ${mapped.nonFinite} instead of ${expected.nonFinite}`;
    return firstDifference(mapped.output, expected.output, elements);
  } finally {
    mapped.release();
  }
}

function firstDifference(
  found: Uint8Array,
  expected: Uint8Array,
  elements: number,
): string | undefined {
  if (found.length !== expected.length)
    return `${found.length} bytes instead of ${expected.length}`;
  let wrong = 0;
  let first = '';
  const bytes = expected.length / elements;
  const wordAt = (from: Uint8Array, element: number): string =>
    Buffer.from(from.subarray(element * bytes, (element + 1) * bytes).toReversed()).toString('hex');
  for (let element = 0; element < elements; element++) {
    const [ours, theirs] = [wordAt(found, element), wordAt(expected, element)];
    if (ours === theirs) continue;
    wrong++;
    first ||= `element ${element} is ${ours} instead of ${theirs}`;
  }
  return wrong === 0 ? undefined : `${wrong} of ${elements} differ; ${first}`;
}

/** A slice whose bytes and flags are compared with the oracle's. */
export function selfCheck(name: string, trial: () => Trial): SelfCheck {
  return { name, run: (mapper) => compareWithOracle(mapper, trial()) };
}
