/** What a report tells of each tensor. */
import type { ReportTensor } from '../output/report.ts';
import type { ComputedTensor, SeenOutput, SeenTensor } from './seen-output.ts';

export function reportTensors({ tensors }: SeenOutput): readonly ReportTensor[] {
  return tensors.map(reportTensor);
}

function reportTensor(tensor: SeenTensor): ReportTensor {
  if (tensor.kind === 'copied') return { name: tensor.name, copied: tensor.from.model };
  const { name, elements, check, inputs, reference } = tensor;
  const equal = inputs.find(({ like }) => like === 'bytes');
  const rms = (square: number | null): number | null =>
    square === null ? null : shortened(Math.sqrt(square / check.sampled));
  const change = changeOf(reference);
  return {
    name,
    elements,
    read: check.sampled,
    ...(equal === undefined ? {} : { equals: equal.model }),
    ...(change === undefined ? {} : { change: shortened(change) }),
    rms: rms(check.square),
    inputs: inputs.map(({ model, square }) => ({ model, rms: rms(square) })),
  };
}

/** ‖m − r‖ / ‖r‖ */
function changeOf(reference: ComputedTensor['reference']): number | undefined {
  if (reference === undefined || reference.apart === null || reference.square === null)
    return undefined;
  if (reference.apart === 0) return 0;
  const share = Math.sqrt(reference.apart / reference.square);
  return Number.isFinite(share) ? share : undefined;
}

/** Six digits are more than a sample can tell, and keep a report short. */
function shortened(value: number): number {
  return Number(value.toPrecision(6));
}
