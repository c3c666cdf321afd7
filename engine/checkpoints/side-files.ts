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
  /^bpe\.codes$/,
  /^normalizer\.json$/,
  /^tekken\.json$/,
  /^[^/]+\.(tiktoken|spm)$/,
  /^chat_template\.[^/]+$/,
  /^([a-z]+_)?(pre)?processor_config\.json$/,
  // What older tokenizers call their model.
  /^(spiece|sentencepiece\.bpe)\.model$/,
  /^(config_sentence_transformers|sentence_bert_config)\.json$/,
  /^(LICEN[CS]E|NOTICE|COPYING|USE_POLICY)([-._][^/]*)?$/i,
];

/** Programs that a loader runs when it is told to trust them. */
const codeName = /\.py$/i;

export function isCarried(name: string): boolean {
  return !codeName.test(name) && carriedNames.some((pattern) => pattern.test(name));
}

export function isCode(name: string): boolean {
  return codeName.test(name);
}

/** The side files among a folder's names, sorted; folders of such names are passed over. Throws MW4534. */
export function findSideFiles(
  names: readonly string[],
  bounds: FolderBounds,
): Promise<readonly SideFile[]> {
  return regularFiles(names.filter(isCarried), bounds);
}

/** Code of the model's own among a folder's names, sorted. Throws MW4534. */
export function findCode(
  names: readonly string[],
  bounds: FolderBounds,
): Promise<readonly SideFile[]> {
  return regularFiles(names.filter(isCode), bounds);
}

/** Those of these names that are regular files, sorted by name. Throws MW4534. */
export async function regularFiles(
  names: readonly string[],
  bounds: FolderBounds,
): Promise<readonly SideFile[]> {
  const found: SideFile[] = [];
  for (const name of names.toSorted()) {
    const path = await fileInside(name, bounds);
    const status = await reading(path, () => stat(path));
    if (status.isFile()) found.push({ name, path, size: status.size });
  }
  return found;
}
