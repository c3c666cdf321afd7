/** Paths of documents and folders, where they lie on this machine's file system. */
import { fileURLToPath } from 'node:url';

/** The path of a recipe's file; of a notebook's cell, that of the notebook. */
export function documentPath(uri: string): string | undefined {
  if (!uri.startsWith('vscode-notebook-cell:')) return pathOfUri(uri);
  return pathOfUri(uri.replace(/^vscode-notebook-cell:/, 'file:').replace(/#.*$/, ''));
}

export function pathOfUri(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    // A host or an escape that no path of this system can have.
    return undefined;
  }
}
