import { join } from 'node:path';
import { raise } from '../faults/fault.ts';
import { hubOffline } from '../faults/hub-offline.ts';
import { noWeights } from '../faults/no-weights.ts';
import { severalWeights } from '../faults/several-weights.ts';
import { shown, shownList } from '../faults/shown.ts';
import { bytesThere } from './download-file.ts';
import { hubCacheFolder, offlineVariable } from './environment.ts';
import type { Environment } from './environment.ts';
import { commitOf, filesOf } from './hub-api.ts';
import type { HubLine } from './hub-line.ts';
import { chooseNeeded } from './needed-files.ts';
import type { NeededOptions } from './needed-files.ts';
import { snapshotPath } from './place-file.ts';
import { proveReference, repositoryFolder } from './repository.ts';
import type { HubReference } from './repository.ts';
import { sizeOf } from './snapshot-state.ts';
import { blobName, readTree } from './tree.ts';
import type { RepositoryFile } from './tree.ts';

/** What a fetch would bring. Nothing has been written. */
export interface FetchPlan {
  /** The cache's folder. */
  readonly cache: string;
  readonly models: readonly ModelFetch[];
}

export interface ModelFetch {
  readonly reference: HubReference;
  readonly commit: string;
  /** The model's folder in the cache. */
  readonly repository: string;
  /** Every file of the commit. */
  readonly tree: readonly RepositoryFile[];
  /** Files that a merge needs and that are in the cache whole. */
  readonly present: number;
  readonly missing: readonly MissingFile[];
}

export interface MissingFile {
  readonly file: RepositoryFile;
  /** Where its bytes go. */
  readonly blob: string;
  /** Bytes of it that are there, of an earlier try or of another revision. */
  readonly there: number;
}

/** A file's bytes, which several names or revisions may share. */
export interface MissingBlob {
  readonly blob: string;
  readonly places: readonly { readonly model: ModelFetch; readonly missing: MissingFile }[];
}

/** What is to be brought, each once. */
export function missingBlobs({ models }: Pick<FetchPlan, 'models'>): readonly MissingBlob[] {
  const places = models.flatMap((model) => model.missing.map((missing) => ({ model, missing })));
  const byBlob = Map.groupBy(places, ({ missing }) => missing.blob);
  return [...byBlob].map(([blob, of]) => ({ blob, places: of }));
}

/** Bytes that would come over the line. */
export function bytesToFetch(plan: Pick<FetchPlan, 'models'>): number {
  return missingBlobs(plan)
    .map(({ places }) => places[0]!.missing)
    .reduce((sum, { file, there }) => sum + file.size - there, 0);
}

/**
 * Asks the hub what models are made of, and finds what the cache lacks of it. Throws MW4580 to MW4583, MW4520 and MW4521 for
 * a repository without a model's weights, MW6301 to MW6303, and `RunCancelled`.
 */
export async function planModels(
  line: HubLine,
  references: readonly HubReference[],
  env: Environment,
  options: NeededOptions = {},
): Promise<FetchPlan> {
  const cache = hubCacheFolder(env);
  for (const reference of references) proveReference(reference);
  refuseOffline(references, env);
  const models: ModelFetch[] = [];
  for (const reference of references) models.push(await planModel(line, reference, cache, options));
  return { cache, models };
}

function refuseOffline(references: readonly HubReference[], env: Environment): void {
  const variable = offlineVariable(env);
  if (variable === undefined || references.length === 0) return;
  raise(hubOffline, {
    message: `${variable} is set, so nothing is fetched: ${shownList(references.map(({ id }) => id))} ${references.length === 1 ? 'stays' : 'stay'} as the cache has ${references.length === 1 ? 'it' : 'them'}.`,
    help: `Unset ${variable}, and fetch again.`,
  });
}

async function planModel(
  line: HubLine,
  reference: HubReference,
  cache: string,
  options: NeededOptions,
): Promise<ModelFetch> {
  const repository = repositoryFolder(cache, reference.id);
  const commit = await commitOf(line, reference);
  const tree = (await readTree(repository, commit)) ?? (await filesOf(line, reference, commit));
  const needed = neededOf(tree, reference, options);
  const missing: MissingFile[] = [];
  for (const file of needed) {
    const place = { repository, commit, path: file.path };
    if ((await sizeOf(snapshotPath(place))) === file.size) continue;
    const blob = join(repository, 'blobs', blobName(file));
    const isThere = (await sizeOf(blob)) === file.size;
    missing.push({ file, blob, there: isThere ? file.size : await bytesThere(blob, file) });
  }
  return {
    reference,
    commit,
    repository,
    tree,
    present: needed.length - missing.length,
    missing,
  };
}

function neededOf(
  tree: readonly RepositoryFile[],
  { id }: HubReference,
  options: NeededOptions,
): readonly RepositoryFile[] {
  const paths = tree.map(({ path }) => path);
  const choice = chooseNeeded(paths, options);
  switch (choice.kind) {
    case 'chosen': {
      const { weights, carried, told, code } = choice.files;
      const needed = new Set([...weights, ...carried, ...told, ...code]);
      return tree.filter(({ path }) => needed.has(path));
    }
    case 'no-weights':
      return raise(noWeights, {
        message: `${shown(id)} holds no weights that a merge could read${paths.some((path) => path.endsWith('.gguf')) ? ': they are GGUF, made for inference' : ''}.`,
        help: 'Name a model whose page lists safetensors files.',
      });
    case 'several-weights':
      return raise(severalWeights, {
        message: `${shown(id)} holds several sets of weights: ${shownList(choice.names)}.`,
        help: 'Download the one that is meant, and name that file in the recipe.',
      });
    default:
      return choice satisfies never;
  }
}
