/** Folders and hub ids for completion, as far as trust goes. */
import { readdir } from 'node:fs/promises';
import { absolutePath } from '../../engine/checkpoints/source.ts';
import { hubCacheFolder } from '../../engine/hub/environment.ts';
import type { Surroundings } from '../completion/surroundings.ts';
import { isInWorkspace, type Trust } from './trust.ts';

const mostEntries = 1000;

/** `folder` is where the recipe's relative paths start. */
export function surroundingsAt(folder: string | undefined, trust: Trust): Surroundings {
  return {
    entriesOf: async (written) => {
      if (folder === undefined) return [];
      const path = absolutePath(written, folder);
      if (!trust.trusted && !(await isInWorkspace(path, trust))) return [];
      const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
      return entries.slice(0, mostEntries).map((entry) => ({
        name: entry.name,
        isFolder: entry.isDirectory() || (entry.isSymbolicLink() && !entry.name.includes('.')),
      }));
    },
    hubIds: async () => {
      if (!trust.trusted) return [];
      const names = await readdir(hubCacheFolder(process.env)).catch(() => []);
      return names
        .flatMap((name) => (name.startsWith('models--') ? [name.slice(8).replace('--', '/')] : []))
        .sort();
    },
  };
}
