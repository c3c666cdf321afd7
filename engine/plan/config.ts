import type { Output } from '../../grammar/check/checked.ts';
import { anatomyOf } from '../../grammar/places/anatomy.ts';
import { adaptConfigText } from '../output/adapt-config-text.ts';
import type { LayerOrigin, TowerLayers } from '../output/adapt-config.ts';
import { donorOf, donorTensors, type Checkpoints } from './donor.ts';
import type { PlannedTensor } from './plan.ts';

/** The output's config.json, made from its donor's: number type, layer count, lists with an entry for each layer. */
export function planConfig(
  output: Output,
  tensors: readonly PlannedTensor[],
  checkpoints: Checkpoints,
): { readonly text: string; readonly notes: readonly string[] } | undefined {
  const donor = donorOf(output.step.value);
  const text = donor === undefined ? undefined : checkpoints.get(donor)?.configText;
  if (donor === undefined || text === undefined) return undefined;
  const dtype = output.dtype ?? commonType(tensors);
  return adaptConfigText(text, {
    ...(dtype === undefined ? {} : { dtype }),
    layers: layerOrigins(output, donor, checkpoints),
  });
}

/** The type of most float bytes, as a configuration has room for one. */
function commonType(tensors: readonly PlannedTensor[]): PlannedTensor['dtype'] | undefined {
  const bytes = new Map<PlannedTensor['dtype'], number>();
  for (const { dtype, byteLength } of tensors)
    bytes.set(dtype, (bytes.get(dtype) ?? 0) + byteLength);
  return [...bytes].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** For each tower of the result, which layer of which model each of its layers was. */
function layerOrigins(
  { step }: Output,
  donor: string,
  checkpoints: Checkpoints,
): readonly TowerLayers[] {
  const signature = step.value.signature!;
  const { towers, places } = anatomyOf(signature);
  const origins = donorTensors(step.value, checkpoints);
  return towers.map(({ name, kind, layerCount }) => {
    const from: LayerOrigin[] = Array.from({ length: layerCount }, (_, layer) => layer);
    for (const { name: tensor } of signature.tensors) {
      const place = places.get(tensor)!;
      const origin = origins.get(tensor);
      if (place.tower !== name || place.layer === undefined || origin === undefined) continue;
      const source = checkpoints.get(origin.source)!;
      const layer = anatomyOf(source.signature).places.get(origin.name)?.layer;
      if (layer === undefined) continue;
      from[place.layer] =
        origin.source === donor ? layer : { layer, configJson: source.configJson };
    }
    return { tower: kind === 'unknown' ? name : kind, from };
  });
}
