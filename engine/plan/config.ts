import type { Output } from '../../grammar/check/checked.ts';
import { anatomyOf } from '../../grammar/places/anatomy.ts';
import type { Signature } from '../../grammar/places/signature.ts';
import type { Checkpoint } from '../checkpoints/checkpoint.ts';
import { adaptConfigText } from '../output/adapt-config-text.ts';
import type { LayerOrigin, TowerLayers } from '../output/adapt-config.ts';
import { donorOf, donorTensors, type Checkpoints } from './donor.ts';
import type { PlannedTensor } from './plan.ts';

export interface ConfigOptions {
  /** Whether the model's own code goes along. */
  readonly carriesCode: boolean;
  /** Keys that number tokens, where the tokenizer is another model's. */
  readonly tokenIds?: Readonly<Record<string, unknown>>;
}

/** The output's config.json, made from its donor's: number type, layers, vocabulary, whether the head is tied. */
export function planConfig(
  output: Output,
  tensors: readonly PlannedTensor[],
  checkpoints: Checkpoints,
  { carriesCode, tokenIds }: ConfigOptions,
): { readonly text: string; readonly notes: readonly string[] } | undefined {
  const donor = donorOf(output.step.value);
  const checkpoint = donor === undefined ? undefined : checkpoints.get(donor);
  const text = checkpoint?.configText;
  if (donor === undefined || checkpoint === undefined || text === undefined) return undefined;
  const dtype = output.dtype ?? commonType(tensors);
  const vocabularySize = checkpoint.vocabularySize ?? newVocabulary(checkpoint, tensors);
  const tiedEmbeddings = newTie(checkpoint, tensors);
  return adaptConfigText(text, {
    ...(dtype === undefined ? {} : { dtype }),
    ...(vocabularySize === undefined ? {} : { vocabularySize }),
    ...(tiedEmbeddings === undefined ? {} : { tiedEmbeddings }),
    ...(tokenIds === undefined ? {} : { tokenIds }),
    carriesCode,
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

/**
 * Rows of the embedding, where they are others than the donor's. Positions are embedded too, so that only a matrix with as
 * many rows as the donor has tokens is taken for the vocabulary's.
 */
function newVocabulary(
  { signature }: Checkpoint,
  tensors: readonly PlannedTensor[],
): number | undefined {
  const tokens = signature.config?.vocabularySize;
  if (tokens === undefined) return undefined;
  const { places } = anatomyOf(signature);
  const rows = new Map(tensors.map(({ name, shape }) => [name, shape[0]]));
  for (const { name, shape } of signature.tensors) {
    const now = rows.get(name);
    if (places.get(name)?.part !== 'embeddings' || shape.length !== 2) continue;
    if (shape[0] === tokens && now !== undefined && now !== tokens) return now;
  }
  return undefined;
}

/** A head that the donor does not store is its embedding; one that is stored now is its own. */
function newTie({ signature }: Checkpoint, tensors: readonly PlannedTensor[]): boolean | undefined {
  const before = hasHead(signature);
  const after = hasHead({ tensors });
  return before === after ? undefined : before;
}

function hasHead(signature: Signature): boolean {
  const { places } = anatomyOf(signature);
  return signature.tensors.some(
    ({ name, shape }) => shape.length === 2 && places.get(name)?.part === 'head',
  );
}

/** For each tower that is not the donor's as it stands: which layer of which model each of its layers was. */
function layerOrigins(
  { step }: Output,
  donor: string,
  checkpoints: Checkpoints,
): readonly TowerLayers[] {
  const signature = step.value.signature!;
  const { towers, places } = anatomyOf(signature);
  const origins = donorTensors(step.value, checkpoints);
  const before = new Map(
    anatomyOf(checkpoints.get(donor)!.signature).towers.map((tower) => [tower.name, tower]),
  );
  return towers.flatMap(({ name, kind, layerCount }) => {
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
    const isAsBefore =
      before.get(name)?.layerCount === layerCount && from.every((origin, at) => origin === at);
    return isAsBefore ? [] : [{ tower: kind === 'unknown' ? name : kind, from }];
  });
}
