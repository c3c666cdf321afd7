/** Before any test: builds what the tests of the command line run. */
import { rmSync } from 'node:fs';
import { buildAll } from '../../scripts/build.ts';
import { command } from './command.ts';

export async function setup(): Promise<void> {
  try {
    await buildAll();
  } catch {
    // esbuild has said why. Without the old build no test can pass on it, and all others still run.
    rmSync(command.built, { force: true });
  }
}
