import {
  indexName,
  singleName,
  torchIndexName,
  torchSingleName,
} from '../checkpoints/pick-weights.ts';
import { isOfModule, modulesName } from '../checkpoints/encoder-modules.ts';
import { isCarried, isCode } from '../checkpoints/side-files.ts';

/** Which of a repository's files a merge needs. */
export interface NeededFiles {
  /** The weights, with their index: one set, safetensors where there are any. */
  readonly weights: readonly string[];
  /** What an output is written from beside them: configuration, tokenizer, chat template. */
  readonly carried: readonly string[];
  /** What a model card is made from: the card and the licence. */
  readonly told: readonly string[];
  /** Programs of the model's own, only where they are asked for. */
  readonly code: readonly string[];
}

export interface NeededOptions {
  readonly withCode?: boolean;
}

export type NeededChoice =
  | { readonly kind: 'chosen'; readonly files: NeededFiles }
  | { readonly kind: 'no-weights' }
  /** Several files could each be the model. */
  | { readonly kind: 'several-weights'; readonly names: readonly string[] };

const configurations: readonly string[] = ['config.json', 'adapter_config.json', modulesName];
const told = /^(README\.md|(LICEN[CS]E|NOTICE|COPYING|USE_POLICY)([-._][^/]*)?)$/i;

/** The folders of a sentence encoder's parts are numbered. */
const moduleFolder = /^\d+_\w+\/([^/]+)$/;

/** Chooses among the paths of a repository; only files at its top are a model's, and the parts of a sentence encoder. */
export function chooseNeeded(
  paths: readonly string[],
  { withCode = false }: NeededOptions = {},
): NeededChoice {
  const names = paths.filter((path) => !path.includes('/'));
  const weights = chooseSet(names);
  if (weights === undefined) return { kind: 'no-weights' };
  if ('several' in weights) return { kind: 'several-weights', names: weights.several };
  const texts = names.filter((name) => !isCode(name));
  return {
    kind: 'chosen',
    files: {
      weights: weights.set,
      carried: [
        ...texts.filter(
          (name) => !told.test(name) && (configurations.includes(name) || isCarried(name)),
        ),
        ...(names.includes(modulesName) ? paths.filter(isPartOfEncoder) : []),
      ],
      told: texts.filter((name) => told.test(name)),
      code: withCode ? names.filter(isCode) : [],
    },
  };
}

function isPartOfEncoder(path: string): boolean {
  const name = moduleFolder.exec(path)?.[1];
  return name !== undefined && isOfModule(name);
}

type WeightsSet = { readonly set: readonly string[] } | { readonly several: readonly string[] };

const adapterSingle = 'adapter_model.safetensors';

function chooseSet(names: readonly string[]): WeightsSet | undefined {
  const has = (name: string): boolean => names.includes(name);
  if (has(singleName)) return { set: [singleName] };
  const shards = (stem: string, ending: string): readonly string[] => {
    const shard = new RegExp(`^${stem}-\\d+-of-\\d+\\.${ending}$`);
    return names.filter((name) => shard.test(name));
  };
  const others = names.filter((name) => name.endsWith('.safetensors'));
  if (has(indexName)) {
    const named = shards('model', 'safetensors');
    // Some repositories hold the same weights once more under the name that another program gives them.
    const rest = others.filter((name) => !name.startsWith('consolidated'));
    return { set: [indexName, ...(named.length > 0 ? named : rest)] };
  }
  if (has(adapterSingle)) return { set: [adapterSingle] };
  if (others.length > 1) return { several: others };
  if (others.length === 1) return { set: others };
  const pickled = [torchSingleName, 'adapter_model.bin'].find(has);
  if (pickled !== undefined) return { set: [pickled] };
  return has(torchIndexName)
    ? { set: [torchIndexName, ...shards('pytorch_model', 'bin')] }
    : undefined;
}
