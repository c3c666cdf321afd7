/** Bundles what runs: the command line, and the engine's worker beside it. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

export async function buildAll(): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: { mergewright: 'client/cli/main.ts', worker: 'engine/run/worker.ts' },
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    external: ['webgpu'],
    sourcemap: true,
    logLevel: 'warning',
  });
}

if (import.meta.main) await buildAll();
