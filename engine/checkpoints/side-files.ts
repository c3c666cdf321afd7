import { stat } from 'node:fs/promises';
import { reading } from '../faults/system-fault.ts';
import type { SideFile } from './checkpoint.ts';
import { fileInside } from './inside-folder.ts';
import type { FolderBounds } from './inside-folder.ts';

/** Files that an output takes over as they are; `config.json` is adapted instead. */
const carriedNames: readonly RegExp[] = [
  /^generation_config\.json$/,
  /^tokenizer[^/]*$/,
  /^special_tokens_map\.json$/,
  /^added_tokens\.json$/,
  /^vocab\.[^/]+$/,
  /^merges\.txt$/,
  /^chat_template\.[^/]+$/,
  /^([a-z]+_)?(pre)?processor_config\.json$/,
  // What older tokenizers call their model.
  /^(spiece|sentencepiece\.bpe)\.model$/,
];

export function isCarried(name: string): boolean {
  return carriedNames.some((pattern) => pattern.test(name));
}

/** The side files among a folder's names, sorted; folders of such names are passed over. Throws MW4534. */
export async function findSideFiles(
  names: readonly string[],
  bounds: FolderBounds,
): Promise<SideFile[]> {
  const found: SideFile[] = [];
  for (const name of names.filter(isCarried).sort()) {
    const path = await fileInside(name, bounds);
    const status = await reading(path, () => stat(path));
    if (status.isFile()) found.push({ name, path, size: status.size });
  }
  return found;
}
