/** What stands around a configuration's file: folders beside it, and the headers of its models. */
import { statSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { openCheckpoint } from '../../engine/checkpoints/open-checkpoint.ts';
import { hubSource, localSource } from '../../engine/checkpoints/source.ts';
import type { SourceReference } from '../../grammar/check/checked.ts';
import { modelsOfSlices } from '../../grammar/mergekit/import.ts';
import { sourceText, type Surroundings } from '../../grammar/mergekit/into/source.ts';
import { anatomyOf } from '../../grammar/places/anatomy.ts';

/** `file` is the configuration's, `recipe` where its recipe will stand; the same folder unless said. */
export async function fileSurroundings(options: {
  readonly text: string;
  readonly file: string;
  readonly recipe?: string;
}): Promise<Surroundings> {
  const { text, file, recipe = file } = options;
  const folder = dirname(resolve(file));
  const home = dirname(resolve(recipe));
  const plain: Surroundings = {
    isFolder: (path) => isFolder(resolve(folder, path)),
    ...(home === folder ? {} : { moved: (path: string) => movedPath(resolve(folder, path), home) }),
  };
  const counts = new Map<string, number>();
  for (const model of modelsOfSlices(text)) {
    const { reference } = sourceText(model, plain);
    const key = JSON.stringify(reference);
    if (counts.has(key)) continue;
    const count = await layersOf(reference, home);
    if (count !== undefined) counts.set(key, count);
  }
  return { ...plain, layersOf: (reference) => counts.get(JSON.stringify(reference)) };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Relative, with a dot before it, so that it reads as a path. */
function movedPath(path: string, home: string): string {
  const short = relative(home, path).replaceAll('\\', '/');
  return short.startsWith('.') ? short : `./${short}`;
}

async function layersOf(reference: SourceReference, folder: string): Promise<number | undefined> {
  const source =
    reference.kind === 'path'
      ? localSource(reference.path, folder)
      : hubSource(reference.id, reference.revision);
  const opened = await openCheckpoint(source);
  return opened.ok ? anatomyOf(opened.value.signature).towers[0]?.layerCount : undefined;
}
