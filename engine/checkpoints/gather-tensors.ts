import { basename, dirname, join } from 'node:path';
import { FaultError, raise, valueOf } from '../faults/fault.ts';
import { indexDisagrees } from '../faults/index-disagrees.ts';
import { missingShard } from '../faults/missing-shard.ts';
import { shown, shownList, shownPlain } from '../faults/shown.ts';
import { sourceNotFound } from '../faults/source-not-found.ts';
import { tensorInTwoShards } from '../faults/tensor-in-two-shards.ts';
import { byteOrder } from '../safetensors/byte-order.ts';
import type { CheckpointFile, CheckpointTensor } from './checkpoint.ts';
import { fileInside } from './inside-folder.ts';
import type { FolderBounds } from './inside-folder.ts';
import type { WeightsChoice, WeightsFormat } from './pick-weights.ts';
import { readWeightsHeader } from './weights-header.ts';
import type { WeightsHeader } from './weights-header.ts';
import { readShardIndex } from './shard-index.ts';
import type { ShardIndex } from './shard-index.ts';

export interface GatheredTensors {
  readonly files: readonly CheckpointFile[];
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
}

/** Headers read at once: enough to hide the disk's latency, few enough for any limit of open files. */
const headersAtOnce = 8;

/** Reads the headers of a model's files and joins them. Throws the faults of headers and of shards. */
export async function gatherTensors(
  choice: WeightsChoice,
  bounds: FolderBounds,
): Promise<GatheredTensors> {
  if (choice.kind === 'single') {
    return joinShards(
      await readAll([choice.name], [await fileInside(choice.name, bounds)], choice.format),
      bounds,
    );
  }
  const index = await readShardIndex(choice.index, bounds, choice.format);
  const paths = await findShards(index, bounds);
  const shards = await readAll(index.shards, paths, choice.format);
  proveIndex(index, shards, join(bounds.folder, choice.index));
  return joinShards(shards, bounds);
}

interface Shard {
  readonly name: string;
  readonly path: string;
  readonly header: WeightsHeader;
}

async function findShards(index: ShardIndex, bounds: FolderBounds): Promise<string[]> {
  const paths: string[] = [];
  const missing: string[] = [];
  for (const shard of index.shards) {
    try {
      paths.push(await fileInside(shard, bounds));
    } catch (error) {
      if (!(error instanceof FaultError) || error.fault.code !== sourceNotFound.code) throw error;
      missing.push(shard);
    }
  }
  if (missing.length > 0) {
    raise(missingShard, {
      file: bounds.folder,
      message: `${shownPlain(bounds.folder)} lacks ${missing.length} of its ${index.shards.length} shards: ${shownList(missing)}.`,
      help: 'Download or copy the missing files into the folder.',
    });
  }
  return paths;
}

async function readAll(
  names: readonly string[],
  paths: readonly string[],
  format: WeightsFormat,
): Promise<Shard[]> {
  const shards: Shard[] = [];
  for (let first = 0; first < names.length; first += headersAtOnce) {
    const batch = names.slice(first, first + headersAtOnce).map(async (name, i): Promise<Shard> => {
      const path = paths[first + i]!;
      return { name, path, header: valueOf(await readWeightsHeader(path, format)) };
    });
    shards.push(...(await Promise.all(batch)));
  }
  return shards;
}

/** Every tensor is in the shard that the index names, and every tensor of a shard is in the index. */
function proveIndex(index: ShardIndex, shards: readonly Shard[], indexPath: string): void {
  const shardsOf = new Map<string, string[]>();
  for (const shard of shards) {
    for (const { name } of shard.header.tensors) {
      const held = shardsOf.get(name);
      if (held === undefined) shardsOf.set(name, [shard.name]);
      else held.push(shard.name);
    }
  }
  refuseTwice(shardsOf, dirname(indexPath));
  const absent = [...index.shardOf.keys()].filter((name) => !shardsOf.has(name));
  if (absent.length > 0) {
    const [first] = absent;
    raise(indexDisagrees, {
      file: indexPath,
      message:
        `The index places ${shownList(absent)} in ${shown(index.shardOf.get(first!)!)}${absent.length > 1 ? ' and elsewhere' : ''}, ` +
        `but no shard holds ${absent.length > 1 ? 'them' : 'it'}.`,
      help: 'The folder mixes files of two models or versions: download or copy it again.',
    });
  }
  for (const [name, [shard]] of shardsOf) {
    const said = index.shardOf.get(name);
    if (said === shard) continue;
    raise(indexDisagrees, {
      file: indexPath,
      message:
        said === undefined
          ? `${shown(name)} is in ${shown(shard!)}, but the index does not know it.`
          : `${shown(name)} is in ${shown(shard!)}, but the index places it in ${shown(said)}.`,
      help: 'The folder mixes files of two models or versions: download or copy it again.',
    });
  }
}

function refuseTwice(shardsOf: ReadonlyMap<string, readonly string[]>, folder: string): void {
  for (const [name, shards] of shardsOf) {
    if (shards.length < 2) continue;
    raise(tensorInTwoShards, {
      file: folder,
      message: `${shown(name)} is in ${shards.length} shards of ${shownPlain(folder)}: ${shownList(shards)}.`,
      help: 'Remove the shards that do not belong to this model, or download it again.',
    });
  }
}

function joinShards(shards: readonly Shard[], bounds: FolderBounds): GatheredTensors {
  const files = shards.map(({ name, path, header }): CheckpointFile => {
    const { size, mtimeNs, headerHash, within } = header;
    const blobHash = hashInName(path, bounds);
    return {
      name,
      path,
      size,
      mtimeNs,
      headerHash,
      ...(within === undefined ? {} : { within }),
      ...(blobHash === undefined ? {} : { blobHash }),
    };
  });
  const located = shards.flatMap(({ header }, file) =>
    header.tensors.map(({ name, dtype, shape, offset, byteLength }) => {
      const tensor: CheckpointTensor = { dtype, shape, file, offset, byteLength };
      return [name, tensor] as const;
    }),
  );
  located.sort(([a], [b]) => byteOrder(a, b));
  return { files, tensors: new Map(located) };
}

/** A cache names the blob of a large file by its SHA-256; small files have the 40 digits of git's hash. */
function hashInName(path: string, { roots: [, blobs] }: FolderBounds): string | undefined {
  if (blobs === undefined || dirname(path) !== blobs) return undefined;
  const name = basename(path);
  return /^[0-9a-f]{64}$/.test(name) ? name : undefined;
}
