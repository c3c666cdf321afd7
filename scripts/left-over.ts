import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const programName = /\.(mjs|cjs|js|css)(\.map)?$/;
const dayInMs = 24 * 60 * 60 * 1000;

/**
 * Removes what earlier builds left in a folder. What is younger than a day stays: programs of such a build may be running, and
 * another build may be under way.
 */
export function removeLeftOver(folder: string, written: ReadonlySet<string>): void {
  for (const name of readdirSync(folder)) {
    if (!programName.test(name) || written.has(name)) continue;
    const path = join(folder, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat !== undefined && Date.now() - stat.mtimeMs > dayInMs) rmSync(path, { force: true });
  }
}
