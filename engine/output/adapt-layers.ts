/** The part of a configuration that goes by layers: their number, lists with an entry for each, and what cannot follow. */
import { isCount, layerCountKeys, textSections } from '../checkpoints/model-config.ts';
import { isJsonObject } from '../checkpoints/read-json.ts';

/** Where a layer of the output comes from: a layer of the base, or of a model with a configuration of its own. */
export type LayerOrigin = number | { readonly layer: number; readonly configJson: unknown };

/** The new layers of a tower, in order. Towers are named as everywhere: `text`, `vision`, `encoder`, `decoder`. */
export interface TowerLayers {
  readonly tower: string;
  readonly from: readonly LayerOrigin[];
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** Where a tower keeps its settings (the configuration itself is the section ''), and under which keys its layer count. */
interface TowerKeys {
  readonly sections: readonly string[];
  readonly counts: readonly string[];
}

const towerKeys: Readonly<Record<string, TowerKeys>> = {
  text: { sections: ['', ...textSections], counts: layerCountKeys },
  vision: { sections: ['vision_config'], counts: [...layerCountKeys, 'depth'] },
  encoder: {
    sections: ['', 'encoder', 'encoder_config'],
    counts: ['encoder_layers', 'num_encoder_layers', 'num_hidden_layers', 'num_layers'],
  },
  decoder: {
    sections: ['', 'decoder', 'decoder_config'],
    counts: ['decoder_layers', 'num_decoder_layers'],
  },
};

/** A model of one tower alone keeps its settings at the top, whatever the tower is called. */
const aloneKeys: TowerKeys = { sections: [''], counts: layerCountKeys };

function keysOf(config: JsonObject, tower: string): TowerKeys | undefined {
  const keys = towerKeys[tower];
  if (keys !== undefined && sectionsWithCount(config, keys).length > 0) return keys;
  const isAlone =
    config['is_encoder_decoder'] !== true &&
    !Object.entries(config).some(([key, inner]) => key.endsWith('_config') && isTower(inner));
  return (tower === 'vision' || tower === 'decoder') && isAlone ? aloneKeys : undefined;
}

function isTower(inner: unknown): boolean {
  return isJsonObject(inner) && countOf(inner, towerKeys['vision']!) !== undefined;
}

function sectionsWithCount(config: JsonObject, keys: TowerKeys): readonly string[] {
  return keys.sections.filter((section) => {
    const inner = section === '' ? config : config[section];
    return isJsonObject(inner) && countOf(inner, keys) !== undefined;
  });
}

/** The configuration with a tower's layers in their new order; what a person should look at is added to the notes. */
export function withLayers(
  config: JsonObject,
  { tower, from }: TowerLayers,
  notes: string[],
): JsonObject {
  const keys = keysOf(config, tower);
  const sections = keys === undefined ? [] : sectionsWithCount(config, keys);
  if (keys === undefined || sections.length === 0) {
    notes.push(`config.json has no layer count for the tower ${tower}; it was left as it is`);
    return config;
  }
  let adapted = config;
  for (const section of sections) {
    const inner = (section === '' ? adapted : adapted[section]) as JsonObject;
    const oldCount = countOf(inner, keys)!;
    const changed = rearrange({ inner, section, keys, oldCount, from, notes });
    adapted = section === '' ? changed : { ...adapted, [section]: changed };
  }
  return adapted;
}

function countOf(section: JsonObject, { counts }: TowerKeys): number | undefined {
  return counts.map((key) => section[key]).find(isCount);
}

interface Rearrangement {
  readonly inner: JsonObject;
  readonly section: string;
  readonly keys: TowerKeys;
  readonly oldCount: number;
  readonly from: readonly LayerOrigin[];
  readonly notes: string[];
}

/** Lists of numbers of layers, in place of a value for each layer. */
const indexLists: ReadonlySet<string> = new Set([
  'attn_layer_indices',
  'cross_attention_layers',
  'full_attention_layers',
  'full_attn_idxs',
  'hybrid_layer_ids',
  'mlp_only_layers',
  'moe_layers',
]);

/** Texts with a letter for each layer. */
const layerTexts: ReadonlySet<string> = new Set(['hybrid_override_pattern']);

/** Layers from this number on, or up to it: kept where the new order has the same border. */
const borders: ReadonlySet<string> = new Set([
  'first_k_dense_replace',
  'max_window_layers',
  'moe_layer_start_index',
  'num_dense_layers',
]);

/** Rules that go by a layer's number and cannot follow a new order. */
const rhythms: ReadonlySet<string> = new Set([
  'attn_layer_offset',
  'attn_layer_period',
  'attention_types',
  'block_types',
  'decoder_sparse_step',
  'expert_layer_period',
  'full_attention_interval',
  'global_attn_every_n_layers',
  'interleave_moe_layer_step',
  'moe_layer_end_index',
  'moe_layer_freq',
  'moe_layer_interval',
  'no_rope_layer_interval',
  'num_kv_shared_layers',
  'sliding_window_pattern',
]);

/** Lists that may have as many entries as there are layers by chance. */
const otherLists =
  /^(?!intermediate_size$)(architectures|keys_to_ignore_at_inference|.*_(token_ids?|sizes?|limit|range|section))$/;

function rearrange({ inner, section, keys, oldCount, from, notes }: Rearrangement): JsonObject {
  const isSame = from.length === oldCount && from.every((origin, i) => origin === i);
  if (isSame) return inner;
  const own = from.map((origin) => (typeof origin === 'number' ? origin : origin.layer));
  return Object.fromEntries(
    Object.entries(inner).map(([key, value]): [string, unknown] => {
      if (keys.counts.includes(key) && value === oldCount) return [key, from.length];
      if (borders.has(key) && isCount(value)) return [key, newBorder(key, value)];
      if (indexLists.has(key) && Array.isArray(value)) return [key, newIndices(key, value)];
      if (Array.isArray(value) && value.length === oldCount && !otherLists.test(key)) {
        return [key, from.map((origin) => entryOf(key, value, origin))];
      }
      if (layerTexts.has(key) && typeof value === 'string' && value.length === oldCount) {
        return [key, from.map((origin) => entryOf(key, [...value], origin)).join('')];
      }
      if (rhythms.has(key) && value !== null && value !== 0 && value !== 1) {
        notes.push(
          `${key} goes by the number of a layer, which the new order changes; look whether it still fits`,
        );
      }
      return [key, value];
    }),
  );

  function newBorder(key: string, border: number): number {
    if (border >= oldCount) return border === oldCount ? from.length : border;
    const below = own.findIndex((layer) => layer >= border);
    const at = below === -1 ? own.length : below;
    if (own.slice(at).some((layer) => layer < border)) {
      notes.push(
        `${key} is a border between layers, which the new order mixes; look whether it still fits`,
      );
    }
    return at;
  }

  function newIndices(key: string, listed: readonly unknown[]): number[] {
    return from.flatMap((origin, i) => {
      const [list, layer] = listFor(key, origin, listed);
      return list.includes(layer) ? [i] : [];
    });
  }

  function entryOf(key: string, list: readonly unknown[], origin: LayerOrigin): unknown {
    const [entries, layer] = listFor(key, origin, list);
    if (layer < entries.length) return entries[layer];
    notes.push(`${key} has no entry for layer ${layer}; its last entry was taken`);
    return entries.at(-1);
  }

  /** The same list in the configuration that the layer comes with. */
  function listFor(
    key: string,
    origin: LayerOrigin,
    list: readonly unknown[],
  ): readonly [readonly unknown[], number] {
    if (typeof origin === 'number') return [list, origin];
    const theirs = isJsonObject(origin.configJson)
      ? section === ''
        ? origin.configJson
        : origin.configJson[section]
      : undefined;
    const found = isJsonObject(theirs) ? theirs[key] : undefined;
    const theirList = typeof found === 'string' && layerTexts.has(key) ? [...found] : found;
    return [Array.isArray(theirList) ? theirList : list, origin.layer];
  }
}
