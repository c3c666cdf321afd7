/** Names of an output's files: at its top, or in a folder there, as the parts of a sentence encoder have them. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isPlainName } from '../checkpoints/inside-folder.ts';
import { kindOf } from './output-places.ts';

/** A name that leads nowhere but into the output, on any system. */
export function isOutputName(name: string): boolean {
  return isPlainName(name) && name.split('/').length <= 2;
}

/** The folder of the output in which a file of that name lies; none at its top. */
export function folderOf(name: string): string | undefined {
  const at = name.indexOf('/');
  return at < 0 ? undefined : name.slice(0, at);
}

export function foldersOf(names: readonly string[]): readonly string[] {
  return [...new Set(names.flatMap((name) => folderOf(name) ?? []))];
}

/** All that stands in an output, sorted: what these folders hold, and of everything else its name. */
export async function namesIn(out: string, folders: readonly string[]): Promise<string[]> {
  const names: string[] = [];
  for (const name of await readdir(out)) {
    const isOpened = folders.includes(name) && (await kindOf(join(out, name))) === 'folder';
    const inside = isOpened ? await readdir(join(out, name)) : [];
    names.push(...(isOpened ? inside.map((inner) => `${name}/${inner}`) : [name]));
  }
  return names.sort();
}

/** Whether a name's folder is one: through a link it would lead elsewhere. */
export async function isWithin(out: string, name: string): Promise<boolean> {
  const folder = folderOf(name);
  return folder === undefined || (await kindOf(join(out, folder))) === 'folder';
}
