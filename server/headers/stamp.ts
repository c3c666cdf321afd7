/** What tells that a model on the disk has changed: size and time of every file that its header came from. */
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { configName as adapterConfigName } from '../../engine/adapters/peft-config.ts';
import { type Environment, hubCacheFolder } from '../../engine/hub/environment.ts';
import {
  indexName,
  singleName,
  torchIndexName,
  torchSingleName,
} from '../../engine/checkpoints/pick-weights.ts';
import type { CheckpointSource } from '../../engine/checkpoints/source.ts';
import type { ModelAnswer } from '../analysis/analysis.ts';

/** What a header is told by beside the weights; a model's card tells its licence. */
const besideNames = ['config.json', adapterConfigName, 'README.md'] as const;

/** The state of the places where a source is looked for: whether they are there, and since when as they are. */
export function placesStamp(source: CheckpointSource, env: Environment): Promise<string> {
  return statesOf(placesOf(source, env));
}

function placesOf(source: CheckpointSource, env: Environment): readonly string[] {
  switch (source.kind) {
    case 'local': {
      const { path } = source;
      const within = [indexName, singleName, torchIndexName, torchSingleName].map((name) =>
        join(path, name),
      );
      return [path, ...within, ...filesBeside(path), ...filesBeside(dirname(path))];
    }
    case 'hub': {
      const { id, revision = 'main', sameNamedFolder } = source;
      const repository = join(hubCacheFolder(env), `models--${id.replaceAll('/', '--')}`);
      return [
        repository,
        join(repository, 'refs', revision),
        join(repository, 'snapshots'),
        ...(sameNamedFolder === undefined ? [] : [sameNamedFolder]),
      ];
    }
    default:
      return source satisfies never;
  }
}

/** The state of the files an answer came from, as they are now. */
export async function filesStamp(answer: ModelAnswer): Promise<string> {
  switch (answer.kind) {
    case 'withheld':
    case 'nowhere':
      return '';
    case 'fault':
      return answer.fault.file === undefined ? '' : stateOf(answer.fault.file);
    case 'read': {
      const { files, folder } = answer.checkpoint;
      return statesOf([...files.map(({ path }) => path), ...filesBeside(folder)]);
    }
    default:
      return answer satisfies never;
  }
}

/** The same as it was when the headers were read: a file that changed since shows at the next look. */
export async function filesStampWhenRead(answer: ModelAnswer): Promise<string> {
  if (answer.kind !== 'read') return filesStamp(answer);
  const { files, folder } = answer.checkpoint;
  const read = files.map(({ size, mtimeNs }) => `${size} ${mtimeNs}`);
  return [...read, await statesOf(filesBeside(folder))].join('\n');
}

function filesBeside(folder: string): readonly string[] {
  return besideNames.map((name) => join(folder, name));
}

async function statesOf(paths: readonly string[]): Promise<string> {
  return (await Promise.all(paths.map(stateOf))).join('\n');
}

async function stateOf(path: string): Promise<string> {
  try {
    const status = await stat(path, { bigint: true });
    // A folder's own size says nothing; its time changes when an entry comes or goes.
    return `${status.isDirectory() ? 'folder' : status.size} ${status.mtimeNs}`;
  } catch {
    return 'absent';
  }
}
