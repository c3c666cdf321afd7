import { blockElements } from '../formula/node.ts';
import { figureText, noted, type Looked, type OutputCheck } from './output-check.ts';
import { computedOf, modelsText, type ComputedTensor } from './seen-output.ts';

export const changedTensors: OutputCheck = {
  title: 'changed',
  what: [
    'How many computed tensors are other than the base’s, or without a base than those of the first input, and by how much.',
    'Whether a tensor changed is known to the last byte; how much, ‖m − r‖ of ‖r‖, comes from the blocks that were read.',
    'Noted where none changed.',
  ].join('\n'),
  look(seen): Looked {
    const copied = seen.tensors.length - computedOf(seen).length;
    const compared = computedOf(seen).filter(({ reference }) => reference !== undefined);
    if (compared.length === 0) {
      const detail =
        copied === seen.tensors.length
          ? 'every tensor is a copy'
          : 'no tensor was computed from the model that it could be compared with';
      return { outcome: 'skipped', detail };
    }
    const references = modelsText(compared.map(({ reference }) => reference!));
    const changed = compared.filter(({ isChanged }) => isChanged);
    const rest = copied === 0 ? '' : `; ${copied} copied`;
    if (changed.length === 0)
      return noted(`none of ${compared.length} computed tensors differs from ${references}${rest}`);
    const share = relativeChange(compared);
    const size = sizeText(share);
    const counted = `${changed.length} of ${compared.length} computed tensors`;
    return {
      outcome: 'holds',
      detail: `${counted} differ from ${references}${size}, ${readText(compared)}${rest}`,
    };
  },
};

function sizeText(share: number | undefined): string {
  if (share === undefined) return '';
  return share === 0 ? ', outside what was read' : ` by ${figureText(100 * share)} % of its norm`;
}

/** ‖m − r‖ / ‖r‖ over all; what was read of a tensor stands for the rest of it. */
function relativeChange(tensors: readonly ComputedTensor[]): number | undefined {
  let apart = 0;
  let square = 0;
  for (const { elements, check, reference } of tensors) {
    const weight = elements / check.sampled;
    apart += weight * (reference!.apart ?? Number.NaN);
    square += weight * (reference!.square ?? Number.NaN);
  }
  const share = Math.sqrt(apart / square);
  return Number.isFinite(share) ? share : undefined;
}

function readText(tensors: readonly ComputedTensor[]): string {
  const blocksOf = (elements: number): number => Math.ceil(elements / blockElements);
  const read = tensors.reduce((sum, { check }) => sum + blocksOf(check.sampled), 0);
  const all = tensors.reduce((sum, { elements }) => sum + blocksOf(elements), 0);
  return read === all ? 'all read' : `${read} of ${all} blocks read`;
}
