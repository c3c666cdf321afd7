/**
 * The parts of a sentence encoder: `modules.json` lists them, and each but the first lies in a folder beside the weights. An
 * output takes all of them over from its model or none, for a list whose parts are missing is worse than no list.
 */
import { readdir, stat } from 'node:fs/promises';
import { shown, shownBytes, shownPlain } from '../faults/shown.ts';
import { reading } from '../faults/system-fault.ts';
import type { SideFile } from './checkpoint.ts';
import { fileInside, isPlainName, type FolderBounds } from './inside-folder.ts';
import { isJsonObject, readJsonFile } from './read-json.ts';
import { regularFiles } from './side-files.ts';

export const modulesName = 'modules.json';

export type EncoderModules =
  | { readonly kind: 'carried'; readonly files: readonly SideFile[] }
  /** The end of a sentence that begins with what was left behind. */
  | { readonly kind: 'left'; readonly why: string };

const listBounds = { mostBytes: 100_000, deepest: 8 };
const mostModules = 32;
const mostFiles = 200;
/** Pooling, normalisation and thin matrices take a few megabytes; what is larger is a model. */
const mostBytes = 256_000_000;

/** Settings, vocabularies and weights. Programs and pickles are never among them. */
const carriedName = /^[^.][^/]*\.(json|txt|safetensors)$/i;
const pickledName = /\.(bin|pt|pth|ckpt|pkl)$/i;
/** Modules that settings alone make. Of any other, pickled weights may have been left out when the model was downloaded. */
const weightless = /\.(Pooling|SpladePooling|Normalize|Dropout|BoW|WordWeights)$/;

interface Module {
  /** A folder's name; none where it is the model itself. */
  readonly path: string;
  /** The class that loads it. */
  readonly type: string;
}

/** Whether a file of that name in a module's folder goes along. */
export function isOfModule(name: string): boolean {
  return carriedName.test(name);
}

/** The list and all that it names, of a model whose folder holds `names`. Throws MW4534 for links that lead out. */
export async function findModules(
  names: readonly string[],
  bounds: FolderBounds,
): Promise<EncoderModules> {
  const modules = await readModules(await fileInside(modulesName, bounds));
  if (typeof modules === 'string') return { kind: 'left', why: modules };
  const files = [...(await regularFiles([modulesName], bounds))];
  for (const module of modules) {
    // What only normalises has no files, and many copies of such a model then have no folder.
    if (!names.includes(module.path) && module.type.endsWith('.Normalize')) continue;
    if (!names.includes(module.path))
      return { kind: 'left', why: `${shownPlain(module.path)} is missing` };
    const found = await filesOf(module, bounds);
    if (typeof found === 'string') return { kind: 'left', why: found };
    files.push(...found);
    if (files.length > mostFiles)
      return { kind: 'left', why: `they are more than ${mostFiles} files` };
  }
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return bytes > mostBytes
    ? {
        kind: 'left',
        why: `they hold ${shownBytes(bytes)}, more than the ${shownBytes(mostBytes)} that are taken along`,
      }
    : { kind: 'carried', files };
}

/** Those in folders; a text says what is wrong. */
async function readModules(path: string): Promise<readonly Module[] | string> {
  const read = await readJsonFile(path, listBounds);
  if (!read.ok) return `${modulesName} ${shownPlain(read.what)}`;
  const { json } = read;
  if (!Array.isArray(json) || json.length > mostModules || !json.every(isModule))
    return `${modulesName} is no list of modules`;
  const inFolders = json.filter((module) => module.path !== '');
  for (const { path: folder, type } of inFolders) {
    if (!isPlainName(folder) || folder.includes('/') || folder.startsWith('.'))
      return `${shown(folder)} is no folder beside the weights`;
    if (!type.startsWith('sentence_transformers.'))
      return `${shown(type)} is a program of the model’s own`;
    if (type.endsWith('.Transformer')) return `a Transformer lies in ${shownPlain(folder)}`;
  }
  if (new Set(inFolders.map(({ path: folder }) => folder)).size < inFolders.length)
    return `${modulesName} names a folder twice`;
  return inFolders;
}

function isModule(json: unknown): json is Module {
  return isJsonObject(json) && typeof json.path === 'string' && typeof json.type === 'string';
}

/** What goes along of a module's folder, sorted; a text says why it cannot. */
async function filesOf(
  { path: folder, type }: Module,
  bounds: FolderBounds,
): Promise<readonly SideFile[] | string> {
  const real = await fileInside(folder, bounds);
  if (!(await reading(real, () => stat(real))).isDirectory())
    return `${shownPlain(folder)} is no folder`;
  const names = await reading(real, () => readdir(real));
  if (!names.some((name) => name.endsWith('.safetensors'))) {
    const pickled = names.find((name) => pickledName.test(name));
    if (pickled !== undefined)
      return `${shownPlain(`${folder}/${pickled}`)} is a pickle, which is not taken along unread`;
    if (!weightless.test(type)) return `${shownPlain(folder)} holds no weights in safetensors`;
  }
  return regularFiles(
    names.filter(isOfModule).map((name) => `${folder}/${name}`),
    bounds,
  );
}
