import type { ModelConfig } from '../../grammar/places/signature.ts';
import { readPositions } from './positions.ts';
import { isJsonObject } from './read-json.ts';

/** Keys under which architectures keep the number of layers of their text tower. */
export const layerCountKeys = ['num_hidden_layers', 'n_layer', 'n_layers', 'num_layers'] as const;

/** Objects in which models of several towers keep what concerns their text. */
export const textSections = ['text_config', 'llm_config', 'language_config'] as const;

/** What the language reads from a `config.json`; keys of another type than expected are as if they were not there. */
export function readModelConfig(configJson: unknown): ModelConfig | undefined {
  if (!isJsonObject(configJson)) return undefined;
  const text = textSections.map((key) => configJson[key]).find(isJsonObject);
  const sections = text === undefined ? [configJson] : [configJson, text];
  const modelType = sections.map((section) => section['model_type']).find(isText);
  const layerCount = sections
    .flatMap((section) => layerCountKeys.map((key) => section[key]))
    .find(isCount);
  const tiedEmbeddings = sections
    .map((section) => section['tie_word_embeddings'])
    .find((value) => typeof value === 'boolean');
  const vocabularySize = sections.map((section) => section['vocab_size']).find(isCount);
  const positions = readPositions(sections);
  return {
    ...(modelType === undefined ? {} : { modelType }),
    ...(layerCount === undefined ? {} : { layerCount }),
    ...(tiedEmbeddings === undefined ? {} : { tiedEmbeddings }),
    ...(vocabularySize === undefined ? {} : { vocabularySize }),
    ...(positions === undefined ? {} : { positions }),
  };
}

/** The type that the configuration names, under its newer or its older key. */
export function readConfigDtype(configJson: unknown): string | undefined {
  if (!isJsonObject(configJson)) return undefined;
  const text = textSections.map((key) => configJson[key]).find(isJsonObject);
  const sections = text === undefined ? [configJson] : [configJson, text];
  return sections.flatMap((section) => [section['dtype'], section['torch_dtype']]).find(isText);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
