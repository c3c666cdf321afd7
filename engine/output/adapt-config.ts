import type { DType } from '../../grammar/places/signature.ts';
import { isCount, layerCountKeys, textSections } from '../checkpoints/model-config.ts';
import { isJsonObject } from '../checkpoints/read-json.ts';

/** Where a layer of the output comes from: a layer of the base, or of a model with a configuration of its own. */
export type LayerOrigin = number | { readonly layer: number; readonly configJson: unknown };

/** The new layers of a tower, in order. Towers are named as everywhere: `text`, `vision`, `encoder`, `decoder`. */
export interface TowerLayers {
  readonly tower: string;
  readonly from: readonly LayerOrigin[];
}

export interface ConfigChange {
  readonly dtype?: DType;
  readonly layers?: readonly TowerLayers[];
  readonly vocabularySize?: number;
  readonly tiedEmbeddings?: boolean;
}

export interface AdaptedConfig {
  readonly config: unknown;
  /** What a person should look at, because a key's meaning may not survive the new order of layers. */
  readonly notes: readonly string[];
}

type JsonObject = Readonly<Record<string, unknown>>;

const configTypes: Partial<Record<DType, string>> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  F8_E4M3: 'float8_e4m3fn',
  F8_E5M2: 'float8_e5m2',
};

/**
 * Makes an output's configuration from its model's: the number type, the number of layers under the architecture's own
 * key, and every list that has an entry for each layer. A configuration that is no object is given back as it is.
 */
export function adaptConfig(configJson: unknown, change: ConfigChange): AdaptedConfig {
  if (!isJsonObject(configJson)) return { config: configJson, notes: [] };
  const notes: string[] = [];
  let config: JsonObject = configJson;
  for (const tower of change.layers ?? []) config = withLayers(config, tower, notes);
  const typeName = change.dtype === undefined ? undefined : configTypes[change.dtype];
  if (typeName !== undefined) config = withType(config, typeName);
  const { vocabularySize, tiedEmbeddings } = change;
  if (vocabularySize !== undefined) config = withExisting(config, 'vocab_size', vocabularySize);
  if (tiedEmbeddings !== undefined) {
    config = {
      ...withExisting(config, 'tie_word_embeddings', tiedEmbeddings),
      tie_word_embeddings: tiedEmbeddings,
    };
  }
  return { config, notes };
}

/** Newer tools write `dtype`, older ones `torch_dtype`; each is set where it stands, and the older where none does. */
function withType(config: JsonObject, typeName: string): JsonObject {
  const changed = withExisting(withExisting(config, 'dtype', typeName), 'torch_dtype', typeName);
  const said = 'dtype' in config || 'torch_dtype' in config;
  return said ? changed : { ...changed, torch_dtype: typeName };
}

/** Sets a key wherever it stands: in the configuration itself and in those of its towers. */
function withExisting(config: JsonObject, key: string, value: unknown): JsonObject {
  return Object.fromEntries(
    Object.entries(config).map(([name, inner]) => {
      if (name === key && !isJsonObject(inner)) return [name, value];
      return [
        name,
        name.endsWith('_config') && isJsonObject(inner) ? withExisting(inner, key, value) : inner,
      ];
    }),
  );
}

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

function withLayers(config: JsonObject, { tower, from }: TowerLayers, notes: string[]): JsonObject {
  const keys = towerKeys[tower];
  let adapted = config;
  let found = false;
  for (const section of keys?.sections ?? []) {
    const inner = section === '' ? adapted : adapted[section];
    if (!isJsonObject(inner)) continue;
    const oldCount = countOf(inner, keys!);
    if (oldCount === undefined) continue;
    found = true;
    const changed = rearrange({ inner, section, keys: keys!, oldCount, from, notes });
    adapted = section === '' ? changed : { ...adapted, [section]: changed };
  }
  if (!found)
    notes.push(`config.json has no layer count for the tower ${tower}; it was left as it is`);
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
  'mlp_only_layers',
]);

/** Layers from this number on, or up to it: kept where the new order has the same border. */
const borders: ReadonlySet<string> = new Set(['first_k_dense_replace', 'max_window_layers']);

/** Rules that go by a layer's number and cannot follow a new order. */
const rhythms: ReadonlySet<string> = new Set([
  'attn_layer_offset',
  'attn_layer_period',
  'block_types',
  'decoder_sparse_step',
  'expert_layer_period',
  'full_attention_interval',
  'global_attn_every_n_layers',
  'interleave_moe_layer_step',
  'moe_layer_freq',
  'no_rope_layer_interval',
  'num_kv_shared_layers',
  'sliding_window_pattern',
]);

/** Lists that may have as many entries as there are layers by chance. */
const otherLists =
  /^(architectures|keys_to_ignore_at_inference|.*_(token_ids?|sizes?|limit|range|section))$/;

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
      if (rhythms.has(key) && value !== null && value !== 1) {
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
    return [Array.isArray(found) ? found : list, origin.layer];
  }
}
