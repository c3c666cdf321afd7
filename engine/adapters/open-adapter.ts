/** Finds an adapter and reads its header, its configuration and its alphas; none of its factors. */
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { floatTypes } from '../../grammar/places/signature.ts';
import type { Checkpoint, CheckpointTensor } from '../checkpoints/checkpoint.ts';
import { gatherTensors } from '../checkpoints/gather-tensors.ts';
import { boundsOf, type FolderBounds } from '../checkpoints/inside-folder.ts';
import { chooseFile, type WeightsChoice } from '../checkpoints/pick-weights.ts';
import { malformedAdapter } from '../faults/malformed-adapter.ts';
import { notARegularFile } from '../faults/not-a-regular-file.ts';
import { noWeights } from '../faults/no-weights.ts';
import { raise } from '../faults/fault.ts';
import { severalWeights } from '../faults/several-weights.ts';
import { shown, shownList, shownPlain } from '../faults/shown.ts';
import { reading } from '../faults/system-fault.ts';
import type { Adapter, AdapterModule, FactorName } from './adapter.ts';
import { readAlphas } from './alphas.ts';
import { readFactorKeys, type FactorKeys } from './factor-keys.ts';
import { moduleName } from './module-name.ts';
import { configName, readPeftConfig, type PeftConfig } from './peft-config.ts';

/** Throws MW4524 and MW4525, and the faults of files and headers. */
export async function openLocalAdapter(path: string): Promise<Checkpoint> {
  const status = await reading(path, () => stat(path));
  if (status.isDirectory()) return openAdapterFolder(path);
  if (!status.isFile()) {
    raise(notARegularFile, {
      file: path,
      message: `${shownPlain(path)} is neither a file nor a folder.`,
      help: 'Name the file or the folder of an adapter.',
    });
  }
  return openFile(path);
}

export async function openAdapterFolder(folder: string): Promise<Checkpoint> {
  const names = await reading(folder, () => readdir(folder));
  const bounds = await boundsOf(folder);
  const choice = chooseAdapter(names, folder);
  return assemble({ choice, weightsIn: bounds, folder: bounds, names });
}

async function openFile(path: string): Promise<Checkpoint> {
  const folder = dirname(path);
  const choice = chooseFile(basename(path), path);
  const names = await reading(folder, () => readdir(folder));
  const bounds = await boundsOf(folder);
  // The user named this very file, so a link at its place may lead where it likes.
  const real = await reading(path, () => realpath(path));
  const weightsIn = { folder, roots: [dirname(real), ...bounds.roots.slice(1)] };
  const isOfConfig = /^adapter_model\./.test(basename(path));
  return assemble({ choice, weightsIn, folder: bounds, names: isOfConfig ? names : [] });
}

const ownNames = ['adapter_model.safetensors', 'adapter_model.bin'] as const;

function chooseAdapter(names: readonly string[], folder: string): WeightsChoice {
  const own = ownNames.find((name) => names.includes(name));
  if (own !== undefined) return chooseFile(own, folder);
  const others = names.filter((name) => name.endsWith('.safetensors'));
  const [only] = others;
  if (only === undefined) {
    raise(noWeights, {
      file: folder,
      message: `${shownPlain(folder)} holds no adapter: neither ${ownNames[0]} nor another safetensors file.`,
      help: 'Name the folder that holds the adapter, or its file.',
    });
  }
  if (others.length > 1) {
    raise(severalWeights, {
      file: folder,
      message: `${shownPlain(folder)} holds several files that may be an adapter: ${shownList(others)}.`,
      help: 'Name the file that is meant.',
    });
  }
  return chooseFile(only, folder);
}

async function assemble({
  choice,
  weightsIn,
  folder,
  names,
}: {
  readonly choice: WeightsChoice;
  readonly weightsIn: FolderBounds;
  readonly folder: FolderBounds;
  readonly names: readonly string[];
}): Promise<Checkpoint> {
  const { files, tensors } = await gatherTensors(choice, weightsIn);
  const { path } = files[0]!;
  const config = names.includes(configName) ? await readPeftConfig(folder) : undefined;
  const keys = readFactorKeys([...tensors.keys()], path);
  const alphas = await readAlphas(keys, tensors, path);
  return {
    folder: folder.folder,
    files,
    tensors,
    signature: { tensors: [] },
    carried: [],
    adapter: adapterOf({ keys, tensors, alphas, config, path }),
  };
}

interface Parts {
  readonly keys: readonly FactorKeys[];
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  /** By module. */
  readonly alphas: ReadonlyMap<string, number>;
  readonly config: PeftConfig | undefined;
  readonly path: string;
}

function adapterOf(parts: Parts): Adapter {
  const { keys, config } = parts;
  return {
    modules: keys.map((of) => moduleOf(of, parts)),
    fanInFanOut: config?.fanInFanOut === true,
  };
}

/** More than this is no thin factor, and would have to lie in memory whole. */
const mostFactorBytes = 2 ** 30;

function moduleOf(keys: FactorKeys, parts: Parts): AdapterModule {
  const { tensors, path } = parts;
  const { key, isEmbedding } = keys;
  const [up, down] = [keys.up, keys.down].map((tensor): FactorName => {
    const { dtype, shape } = tensors.get(tensor)!;
    if (!floatTypes.has(dtype))
      malformed(path, `${shown(tensor)} is of the type ${dtype}, which no factor has`);
    return { tensor, shape };
  }) as [FactorName, FactorName];
  const rank = down.shape[0] ?? 0;
  const [rows, ofUp, ...rest] = up.shape;
  const isPair = down.shape.length >= 2 && rest.every((length) => length === 1);
  if (!isPair || rank < 1 || rows === undefined || ofUp !== rank) {
    const shapes = `[${down.shape.join(', ')}] and [${up.shape.join(', ')}]`;
    malformed(path, `the factors of ${shown(key)}, ${shapes}, make no product`);
  }
  const columns = down.shape.slice(1).reduce((product, length) => product * length, 1);
  if (rank * Math.max(rows, columns) * 8 > mostFactorBytes)
    malformed(path, `the factors of ${shown(key)} are too large to be those of a LoRA`);
  return {
    key,
    ...moduleName(key),
    up,
    down,
    rank,
    scale: scaleOf(keys, rank, parts),
    isEmbedding,
  };
}

/** α/r: by the configuration, else by an α beside the factors, else 1. */
function scaleOf({ key }: FactorKeys, rank: number, { config, alphas, path }: Parts): number {
  if (config !== undefined) {
    const told = config.ofModule(moduleName(key).path);
    if (told.rank !== rank)
      malformed(
        path,
        `${shown(key)} has factors of rank ${rank}, and ${configName} says ${told.rank}`,
      );
    return told.scale;
  }
  const alpha = alphas.get(key);
  if (alpha !== undefined) return alpha / rank;
  if (key.startsWith('base_model.'))
    malformed(path, `its scale is told by ${configName}, which is not beside it`);
  return 1;
}

function malformed(path: string, what: string): never {
  raise(malformedAdapter, {
    file: path,
    message: `The adapter ${shownPlain(path)} is damaged: ${what}.`,
    help: 'Copy the adapter again from where it came from, all of its files together.',
  });
}
