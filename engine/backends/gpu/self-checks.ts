import { checkedNodes } from './checked-nodes.ts';
import { operationNames, operationTrial } from './operation-samples.ts';
import { trustedRange } from './range.ts';
import { samples, type Sample } from './sample-formulas.ts';
import { selfCheck, type SelfCheck, type Trial } from './self-check.ts';
import { edges, weights } from './self-check-inputs.ts';

const elements = 40_009;

/** Everything that a device is compared in: operations, whole merges, and merges at the ends of their range. */
export const selfChecks: readonly SelfCheck[] = [
  ...operationNames.map((op) => selfCheck(`operation ${op}`, () => operationTrial(op))),
  ...samples.map((sample) => selfCheck(`${sample.name}: weights`, () => weightsTrial(sample))),
  ...samples.map((sample) => selfCheck(`${sample.name}: ends of range`, () => edgesTrial(sample))),
];

function weightsTrial({ formula, uniforms, operands }: Sample): Trial {
  const bytes = weights(operands[0]!, operands.length, elements);
  return { formula, uniforms, operands: bytes, elements, firstElement: 8589869056 };
}

function edgesTrial({ formula, uniforms, operands }: Sample): Trial {
  const range = trustedRange(formula, uniforms);
  if ('refused' in range) throw new Error(range.refused);
  const bytes = edges(operands[0]!, operands.length, elements, range);
  const outsideRange = checkedNodes(formula).size > operands.length ? 'maybe' : false;
  return { formula, uniforms, operands: bytes, elements, outsideRange };
}
