/** Paths of documents and folders, where they lie on this machine's file system. */
import { fileURLToPath } from 'node:url';

export function pathOfUri(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    // A host or an escape that no path of this system can have.
    return undefined;
  }
}
