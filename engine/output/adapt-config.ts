import type { DType } from '../../grammar/places/signature.ts';
import { textSections } from '../checkpoints/model-config.ts';
import { isJsonObject } from '../checkpoints/read-json.ts';
import { withLayers, type JsonObject, type TowerLayers } from './adapt-layers.ts';

export type { LayerOrigin, TowerLayers } from './adapt-layers.ts';

export interface ConfigChange {
  readonly dtype?: DType;
  readonly layers?: readonly TowerLayers[];
  /** Rows of the embedding, where they are other than the model's. */
  readonly vocabularySize?: number;
  /** Keys that number tokens, and what they are now. */
  readonly tokenIds?: Readonly<Record<string, unknown>>;
  /** Where a head was added or dropped: whether the embedding stands for it now. */
  readonly tiedEmbeddings?: boolean;
  /** The model's own code goes along with it; unless it does, the configuration must not ask for it. */
  readonly carriesCode?: boolean;
}

export interface AdaptedConfig {
  readonly config: unknown;
  /** What a person should look at, because a key's meaning may not survive the change. */
  readonly notes: readonly string[];
}

const configTypes: Partial<Record<DType, string>> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  F8_E4M3: 'float8_e4m3fn',
  F8_E5M2: 'float8_e5m2',
};

/** Types whose numbers mean what they say, with no scales beside them. */
const denseTypes: ReadonlySet<DType> = new Set<DType>(['F64', 'F32', 'F16', 'BF16']);

/** What says that weights are packed. */
const quantisationKeys = ['quantization_config', 'compression_config', 'quantization'];

/** What names classes in Python files beside the weights. */
const codeKeys = ['auto_map', 'custom_pipelines'];

/**
 * Makes an output's configuration from its model's: the number type, the number of layers under the architecture's own
 * key, every list that has an entry for each layer, the vocabulary, and what is no longer true of the weights.
 * A configuration that is no object is given back as it is.
 */
export function adaptConfig(configJson: unknown, change: ConfigChange): AdaptedConfig {
  if (!isJsonObject(configJson)) return { config: configJson, notes: [] };
  const notes: string[] = [];
  const { dtype, vocabularySize, tiedEmbeddings } = change;
  let config: JsonObject = configJson;
  for (const tower of change.layers ?? []) config = withLayers(config, tower, notes);
  const typeName = dtype === undefined ? undefined : configTypes[dtype];
  if (typeName !== undefined) config = withType(config, typeName);
  if (dtype !== undefined && denseTypes.has(dtype)) config = without(config, quantisationKeys);
  if (vocabularySize !== undefined) config = withVocabulary(config, vocabularySize);
  const { tokenIds } = change;
  if (tokenIds !== undefined) config = inText(config, (section) => withIds(section, tokenIds));
  if (tiedEmbeddings !== undefined) config = withTied(config, tiedEmbeddings);
  if (change.carriesCode !== true) {
    const classes = codeKeys.filter((key) => key in config);
    config = without(config, classes);
    if (classes.length > 0)
      notes.push(
        `${classes.join(' and ')} named code of the model’s own, which is left behind; --carry-code takes both along`,
      );
  }
  return { config, notes };
}

function withIds(config: JsonObject, ids: Readonly<Record<string, unknown>>): JsonObject {
  const known = Object.entries(ids).filter(([key]) => key in config);
  return { ...config, ...Object.fromEntries(known) };
}

/** Newer tools write `dtype`, older ones `torch_dtype`; each is set where it stands, and the older where none does. */
function withType(config: JsonObject, typeName: string): JsonObject {
  const changed = withTypeUnder(withTypeUnder(config, 'dtype', typeName), 'torch_dtype', typeName);
  const said = 'dtype' in config || 'torch_dtype' in config;
  return said ? changed : { ...changed, torch_dtype: typeName };
}

/** Sets a type wherever it stands: in the configuration itself and in those of its towers; or one for each tower in one place. */
function withTypeUnder(config: JsonObject, key: string, typeName: string): JsonObject {
  return Object.fromEntries(
    Object.entries(config).map(([name, inner]) => {
      if (name === key && isJsonObject(inner))
        return [name, Object.fromEntries(Object.keys(inner).map((tower) => [tower, typeName]))];
      if (name === key) return [name, typeName];
      const isTower = name.endsWith('_config') && isJsonObject(inner);
      return [name, isTower ? withTypeUnder(inner, key, typeName) : inner];
    }),
  );
}

/** Where the text's settings stand: the configuration itself, and the section of its text tower. */
function inText(config: JsonObject, work: (section: JsonObject) => JsonObject): JsonObject {
  const sections = textSections.flatMap((name) => {
    const section = config[name];
    return isJsonObject(section) ? [[name, work(section)] as const] : [];
  });
  return { ...work(config), ...Object.fromEntries(sections) };
}

/** Other towers may have a vocabulary of their own, such as an image tokenizer's. */
function withVocabulary(config: JsonObject, size: number): JsonObject {
  return inText(config, (section) =>
    'vocab_size' in section ? { ...section, vocab_size: size } : section,
  );
}

/** Set at the top, where loaders look first, and wherever it is said. */
function withTied(config: JsonObject, tied: boolean): JsonObject {
  const changed = inText(config, (section) =>
    'tie_word_embeddings' in section ? { ...section, tie_word_embeddings: tied } : section,
  );
  return { ...changed, tie_word_embeddings: tied };
}

function without(config: JsonObject, keys: readonly string[]): JsonObject {
  if (!keys.some((key) => key in config)) return config;
  return Object.fromEntries(Object.entries(config).filter(([key]) => !keys.includes(key)));
}
