/** The `adapter_config.json` of an adapter that is written. */
import { isJsonObject } from '../checkpoints/read-json.ts';
import { lastWord, targetNames } from './written-names.ts';

export interface WrittenAdapter {
  readonly modules: readonly { readonly name: string; readonly rank: number }[];
  /** Every module of the model, by the names that the adapter's have. */
  readonly ofModel: readonly string[];
  /** Whether weights are stored as [in, out]. */
  readonly fanInFanOut: boolean;
  readonly base?: WrittenBase;
}

/** The model that the adapter is a change of. */
export interface WrittenBase {
  /** A hub's id, or a folder. */
  readonly name: string;
  readonly revision?: string;
  /** Its own config.json. */
  readonly configJson?: unknown;
}

/** α is the rank everywhere, so that the scale is 1. */
export function writtenConfig({ modules, ofModel, fanInFanOut, base }: WrittenAdapter): string {
  const rank = commonRank(modules);
  const patterns = rankPatterns(modules, rank);
  const config = {
    alpha_pattern: patterns,
    base_model_name_or_path: base?.name ?? null,
    bias: 'none',
    fan_in_fan_out: fanInFanOut,
    inference_mode: true,
    lora_alpha: rank,
    lora_dropout: 0,
    modules_to_save: null,
    peft_type: 'LORA',
    r: rank,
    rank_pattern: patterns,
    revision: base?.revision ?? null,
    target_modules: targetNames(new Set(modules.map(({ name }) => name)), ofModel),
    task_type: taskOf(base?.configJson),
    use_dora: false,
    use_rslora: false,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** That of most modules, of several the largest. */
function commonRank(modules: WrittenAdapter['modules']): number {
  const counts = new Map<number, number>();
  for (const { rank } of modules) counts.set(rank, (counts.get(rank) ?? 0) + 1);
  const [[rank]] = [...counts].sort(([a, of], [b, other]) => other - of || b - a) as [
    [number, number],
  ];
  return rank;
}

/**
 * Ranks of modules that have another. A key holds for every name that ends in it, the first for one that several fit: so last words
 * stand for modules that agree, and among whole names the longer ones come first.
 */
function rankPatterns(
  modules: WrittenAdapter['modules'],
  common: number,
): Readonly<Record<string, number>> {
  const byWord = new Map<string, { readonly name: string; readonly rank: number }[]>();
  for (const module of modules) {
    const word = lastWord(module.name);
    byWord.set(word, [...(byWord.get(word) ?? []), module]);
  }
  const entries = [...byWord].flatMap(([word, group]): readonly (readonly [string, number])[] => {
    const ranks = new Set(group.map(({ rank }) => rank));
    const [only] = ranks;
    if (ranks.size === 1) return only === common ? [] : [[word, only!]];
    const other = group.filter(({ rank }) => rank !== common);
    const asIs = group.filter(
      ({ name, rank }) => rank === common && other.some((of) => name.endsWith(`.${of.name}`)),
    );
    return [...other, ...asIs]
      .sort((a, b) => b.name.length - a.name.length)
      .map(({ name, rank }) => [inItsPlace(name), rank]);
  });
  return Object.fromEntries(entries);
}

/** A key that is a whole number comes before all others, wherever it is written. */
function inItsPlace(name: string): string {
  return /^\d+$/.test(name) ? `^${name}` : name;
}

const tasks: readonly (readonly [RegExp, string])[] = [
  [/ForCausalLM$/, 'CAUSAL_LM'],
  [/ForSequenceClassification$/, 'SEQ_CLS'],
  [/ForTokenClassification$/, 'TOKEN_CLS'],
  [/ForQuestionAnswering$/, 'QUESTION_ANS'],
];

/** As loaders call it, by the class that the model's configuration names. */
function taskOf(configJson: unknown): string | null {
  if (!isJsonObject(configJson) || !Array.isArray(configJson['architectures'])) return null;
  const [architecture] = configJson['architectures'] as readonly unknown[];
  if (typeof architecture !== 'string') return null;
  return tasks.find(([pattern]) => pattern.test(architecture))?.[1] ?? null;
}
