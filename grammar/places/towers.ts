/** Towers: the networks within a checkpoint, each with layers numbered from 0, told by what stands before the layers. */

export interface TowerKind {
  readonly name: TowerName;
  readonly prefixes: readonly string[];
  /** Its numbered blocks are no depth: a projector, an autoencoder's resolutions. */
  readonly flat?: boolean;
}

export type TowerName =
  'text' | 'vision' | 'encoder' | 'decoder' | 'projector' | 'unet' | 'text_encoder' | 'vae';

export const defaultTower: TowerName = 'text';

const towerKinds: readonly TowerKind[] = [
  {
    name: 'text',
    prefixes: [
      'model',
      'transformer',
      'gpt_neox',
      'backbone',
      'bert.encoder',
      'language_model',
      'text_model',
      'model.language_model',
    ],
  },
  {
    name: 'vision',
    prefixes: [
      'vision_tower',
      'vision_model',
      'visual',
      'model.visual',
      'model.vision_tower',
      'model.vision_model',
      'vit',
    ],
  },
  { name: 'encoder', prefixes: ['encoder', 'model.encoder'] },
  { name: 'decoder', prefixes: ['decoder', 'model.decoder'] },
  {
    name: 'projector',
    flat: true,
    prefixes: [
      'multi_modal_projector',
      'model.multi_modal_projector',
      'mm_projector',
      'model.mm_projector',
      'connector',
      'model.connector',
      'merger',
      'visual.merger',
      'model.visual.merger',
    ],
  },
  { name: 'unet', prefixes: ['model.diffusion_model'] },
  { name: 'text_encoder', prefixes: ['cond_stage_model', 'conditioner'] },
  { name: 'vae', flat: true, prefixes: ['first_stage_model'] },
];

export const towerNames: readonly TowerName[] = towerKinds.map((kind) => kind.name);

const kindByPrefix: ReadonlyMap<string, TowerKind> = new Map(
  towerKinds.flatMap((kind) => kind.prefixes.map((prefix) => [prefix, kind] as const)),
);
const longestPrefix = Math.max(
  ...[...kindByPrefix.keys()].map((prefix) => prefix.split('.').length),
);

/** The kind whose prefix fits the longest run of first components; absent where none does. */
export function towerKindOf(components: readonly string[]): TowerKind | undefined {
  for (let length = Math.min(longestPrefix, components.length); length > 0; length--) {
    const kind = kindByPrefix.get(components.slice(0, length).join('.'));
    if (kind !== undefined) return kind;
  }
  return undefined;
}
