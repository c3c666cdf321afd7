import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where a model is to be found. Paths are absolute. */
export type CheckpointSource = {
  /** An adapter is looked for instead of a model. */
  readonly as?: 'adapter';
} & (
  | { readonly kind: 'local'; readonly path: string }
  | {
      readonly kind: 'hub';
      readonly id: string;
      /** A branch, tag or commit; `main` where nothing is said. */
      readonly revision?: string;
      /** The folder that the same text would name as a path: if it is there, the text is ambiguous. */
      readonly sameNamedFolder?: string;
    }
);

const weightsFile = /\.(safetensors|safetensors\.index\.json|bin|pt|pth|ckpt|gguf)$/i;

export function localSource(path: string, folder: string): CheckpointSource {
  return { kind: 'local', path: absolutePath(path, folder) };
}

export function hubSource(id: string, revision?: string): CheckpointSource {
  return revision === undefined ? { kind: 'hub', id } : { kind: 'hub', id, revision };
}

/**
 * Reads a model's plain text: a path if it begins with `.`, `/`, `~` or a drive, or ends like a weights file; else a
 * Hugging Face id. Relative paths start at `folder`.
 */
export function sourceOfText(text: string, folder: string): CheckpointSource {
  const isPath = /^([./~\\]|[A-Za-z]:[\\/])/.test(text) || weightsFile.test(text) || text === '';
  if (isPath) return localSource(text, folder);
  return { kind: 'hub', id: text, sameNamedFolder: resolve(folder, text) };
}

/** An absolute path; a leading `~` is the user's home. */
export function absolutePath(path: string, folder: string): string {
  if (path === '~') return homedir();
  if (/^~[\\/]/.test(path)) return join(homedir(), path.slice(2));
  return resolve(folder, path);
}
