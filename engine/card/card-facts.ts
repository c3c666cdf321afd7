/** What a model card tells that is known before the run. Plain data: it travels with the plan. */
import type { MethodCall, Output, Source } from '../../grammar/check/checked.ts';
import { reachedBy } from '../../grammar/check/reached.ts';
import type { DType } from '../../grammar/places/signature.ts';
import type { Checkpoint, Licence } from '../checkpoints/checkpoint.ts';
import type { ReportSeed } from '../output/report.ts';
import { isJsonObject } from '../checkpoints/read-json.ts';

export interface CardFacts {
  /** The step that the output holds. */
  readonly step: string;
  /** Whether more than copying happens: one model stored anew is no merge. */
  readonly isMerge: boolean;
  /** What loads the folder, where its configuration says so. */
  readonly library?: 'transformers' | 'peft';
  /** Of an adapter: the hub's id of the model that it lies on, where that has one. */
  readonly adapter?: { readonly base?: string };
  /** The base first, as they are met. */
  readonly inputs: readonly CardInput[];
  readonly methods: readonly CardMethod[];
  /** Of each random call, by its method. */
  readonly seeds: readonly ReportSeed[];
  readonly tensors: number;
  readonly parameters: number;
  readonly dtypes: readonly DType[];
  /** What a person should look at. */
  readonly notes: readonly string[];
}

export interface CardInput {
  /** In the recipe. */
  readonly name: string;
  readonly kind: Source['kind'];
  /** Absent for a folder of the machine, whose path concerns nobody else. */
  readonly hub?: { readonly id: string; readonly commit?: string };
  readonly licence?: Licence;
  readonly files: readonly CardFile[];
}

export interface CardFile {
  readonly name: string;
  readonly size: number;
  readonly headerHash: string;
  /** Of the whole file, where it is known. */
  readonly sha256?: string;
}

export interface CardMethod {
  readonly name: string;
  readonly title: string;
  readonly formula: string;
  readonly reference: string;
}

export interface CardRequest {
  readonly output: Output;
  /** By the source's name in the recipe. */
  readonly checkpoints: ReadonlyMap<string, Checkpoint>;
  readonly tensors: readonly { readonly dtype: DType; readonly elements: number }[];
  /** The output's own config.json. */
  readonly configText?: string;
  readonly notes: readonly string[];
}

export function cardFacts(request: CardRequest): CardFacts {
  const { output, checkpoints, tensors, configText, notes } = request;
  const { step } = output;
  const { sources, calls, steps } = reachedBy(step);
  const rules = [...steps].some((of) => of.rules.length > 0);
  const isPlain = [...steps].every(({ value }) => value.kind === 'source' || value.kind === 'step');
  return {
    step: step.name,
    isMerge: sources.size > 1 || rules || !isPlain,
    ...(isOfTransformers(configText) ? { library: 'transformers' } : {}),
    inputs: [...sources].map((source) => inputOf(source, checkpoints.get(source.name))),
    methods: methodsOf(calls),
    seeds: seedsOf(calls),
    tensors: tensors.length,
    parameters: tensors.reduce((sum, { elements }) => sum + elements, 0),
    dtypes: [...new Set(tensors.map(({ dtype }) => dtype))].sort(),
    notes,
  };
}

function isOfTransformers(configText: string | undefined): boolean {
  if (configText === undefined) return false;
  // Numbers that JSON does not have stand in no key that is read here.
  const config: unknown = JSON.parse(configText.replace(/-?\bInfinity\b|\bNaN\b/g, '0'));
  return isJsonObject(config) && typeof config['model_type'] === 'string';
}

function inputOf({ name, kind, reference }: Source, checkpoint: Checkpoint | undefined): CardInput {
  const { files = [], revision, licence } = checkpoint ?? {};
  const commit = revision === undefined ? {} : { commit: revision };
  return {
    name,
    kind,
    ...(reference.kind === 'hub' ? { hub: { id: reference.id, ...commit } } : {}),
    ...(licence === undefined ? {} : { licence }),
    files: files.map(({ name: file, size, headerHash, blobHash }) => ({
      name: file,
      size,
      headerHash,
      ...(blobHash === undefined ? {} : { sha256: blobHash }),
    })),
  };
}

function methodsOf(calls: ReadonlySet<MethodCall>): readonly CardMethod[] {
  const methods = new Map([...calls].map(({ method }) => [method.name, method]));
  return [...methods.values()].map(({ name, title, formula, reference }) => ({
    name,
    title,
    formula,
    reference,
  }));
}

/** Of the random ones among calls; a seed that is not written is 0. */
export function seedsOf(calls: Iterable<MethodCall>): readonly ReportSeed[] {
  return [...calls].flatMap(({ method, args }) => {
    if (method.random !== true) return [];
    const written = args.get('seed');
    return [{ method: method.name, seed: written?.kind === 'number' ? written.value : 0 }];
  });
}
