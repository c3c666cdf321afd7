import { raise } from '../faults/fault.ts';
import { quantisedCheckpoint } from '../faults/quantised-checkpoint.ts';
import { shown, shownPlain } from '../faults/shown.ts';
import type { CheckpointTensor } from './checkpoint.ts';
import { isJsonObject } from './read-json.ts';

/** Names by which packed weights are known, whatever the configuration says. */
const packedNames: readonly { readonly pattern: RegExp; readonly kind: string }[] = [
  { pattern: /\.(qweight|qzeros)$/, kind: 'GPTQ or AWQ' },
  { pattern: /\.(weight_packed)$/, kind: 'compressed-tensors' },
  { pattern: /\.quant_state\.|\.weight\.(absmax|quant_map)$/, kind: 'bitsandbytes' },
  { pattern: /\.SCB$/, kind: 'bitsandbytes int8' },
  { pattern: /\.weight_scale(_inv)?$/, kind: 'scaled F8 or integers' },
];

/** Throws MW4541 for a checkpoint whose weights are packed or scaled numbers. */
export function refuseQuantised(
  folder: string,
  configJson: unknown,
  tensors: ReadonlyMap<string, CheckpointTensor>,
): void {
  const evidence = quantisedBy(configJson) ?? packedTensor(tensors);
  if (evidence === undefined) return;
  raise(quantisedCheckpoint, {
    file: folder,
    message: `${shownPlain(folder)} is quantised (${evidence}); packed weights cannot be merged.`,
    help: 'Take the original model in F32, F16 or BF16, and quantise the merge afterwards.',
  });
}

function quantisedBy(configJson: unknown): string | undefined {
  if (!isJsonObject(configJson)) return undefined;
  for (const key of ['quantization_config', 'quantization']) {
    const settings = configJson[key];
    if (!isJsonObject(settings)) continue;
    const method = settings['quant_method'];
    return typeof method === 'string'
      ? `${key} says ${shown(method, 40)}`
      : `config.json has ${key}`;
  }
  return undefined;
}

function packedTensor(tensors: ReadonlyMap<string, CheckpointTensor>): string | undefined {
  for (const name of tensors.keys()) {
    const packed = packedNames.find(({ pattern }) => pattern.test(name));
    if (packed !== undefined) return `${packed.kind}: tensor ${shown(name)}`;
  }
  return undefined;
}
