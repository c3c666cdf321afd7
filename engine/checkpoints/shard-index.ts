import { join } from 'node:path';
import { raise } from '../faults/fault.ts';
import { malformedIndex } from '../faults/malformed-index.ts';
import { shown, shownPlain } from '../faults/shown.ts';
import { fileInside, isPlainName } from './inside-folder.ts';
import type { FolderBounds } from './inside-folder.ts';
import { pathLeavesFolder } from '../faults/path-leaves-folder.ts';
import type { WeightsFormat } from './pick-weights.ts';
import { indexBounds, isJsonObject, readJsonFile } from './read-json.ts';

/** What an index says: the shard of each tensor. */
export interface ShardIndex {
  /** Tensor name to file name, as written. */
  readonly shardOf: ReadonlyMap<string, string>;
  /** File names without repetition, sorted. */
  readonly shards: readonly string[];
}

/** How the shards of each format end, and what they are called. */
const shardKinds = {
  safetensors: { ending: /\.safetensors$/, word: 'safetensors' },
  torch: { ending: /\.(bin|pt|pth|ckpt)$/, word: 'PyTorch' },
} as const satisfies Record<WeightsFormat, { readonly ending: RegExp; readonly word: string }>;

/** Each is looked for on the disk; the largest models have some hundred. */
const mostShards = 10_000;

/** Reads and proves an index such as `model.safetensors.index.json`. Throws MW4530, and MW4534 for an entry that leaves the folder. */
export async function readShardIndex(
  name: string,
  bounds: FolderBounds,
  format: WeightsFormat,
): Promise<ShardIndex> {
  const { ending, word } = shardKinds[format];
  const shownAs = join(bounds.folder, name);
  const flaw = (what: string): never =>
    raise(malformedIndex, {
      file: shownAs,
      message: `The index ${shownPlain(shownAs)} ${shownPlain(what)}.`,
      help: 'Download or copy the index again; its "weight_map" gives a file name to each tensor.',
    });
  const file = await readJsonFile(await fileInside(name, bounds), indexBounds);
  if (!file.ok) return flaw(file.what);
  const weightMap = isJsonObject(file.json) ? file.json['weight_map'] : undefined;
  if (!isJsonObject(weightMap)) return flaw('has no "weight_map"');
  const shardOf = new Map<string, string>();
  for (const [tensor, shard] of Object.entries(weightMap)) {
    if (typeof shard !== 'string') return flaw(`gives ${shown(tensor)} no file name`);
    if (!isPlainName(shard)) {
      raise(pathLeavesFolder, {
        file: shownAs,
        message: `The index ${shownPlain(shownAs)} looks for ${shown(tensor)} in ${shown(shard)}, outside the model's folder.`,
        help: 'Do not use this model unless you know why; a folder may name its own files alone.',
      });
    }
    if (!ending.test(shard)) {
      return flaw(`looks for ${shown(tensor)} in ${shown(shard)}, which is no ${word} file`);
    }
    shardOf.set(tensor, shard);
  }
  if (shardOf.size === 0) return flaw('names no tensor');
  const shards = [...new Set(shardOf.values())].sort();
  if (shards.length > mostShards) return flaw(`names over ${mostShards} shards`);
  return { shardOf, shards };
}
