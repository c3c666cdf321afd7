/** Bundles what runs: command line, language server, extension, the engine's processes and worker, and the panel. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type BuildOptions } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Programs of Node, each a module of its own beside the worker that they share. */
const programs = {
  mergewright: 'client/cli/main.ts',
  worker: 'engine/run/worker.ts',
  server: 'server/main.ts',
  'merge-process': 'client/merge-process/main.ts',
  'measure-process': 'client/measure-process/main.ts',
} as const;

const common = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  sourcemap: true,
  logLevel: 'warning',
} satisfies BuildOptions;

export async function buildAll(): Promise<void> {
  await Promise.all([buildPrograms(), buildExtension(), buildPanel()]);
}

async function buildPrograms(): Promise<void> {
  await build({
    ...common,
    entryPoints: Object.fromEntries(
      Object.entries(programs).filter(([, source]) => existsSync(join(root, source))),
    ),
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    platform: 'node',
    target: 'node22',
    external: ['webgpu'],
    // Packages in the older module format ask for Node's modules by a function that modules do not have.
    banner: {
      js: `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);`,
    },
  });
}

async function buildExtension(): Promise<void> {
  await build({
    ...common,
    entryPoints: { extension: 'client/extension/extension.ts' },
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    external: ['vscode'],
  });
}

async function buildPanel(): Promise<void> {
  const source = 'webview/main.ts';
  if (!existsSync(join(root, source))) return;
  await build({
    ...common,
    entryPoints: [
      { in: source, out: 'panel' },
      { in: 'webview/panel.css', out: 'panel' },
    ],
    format: 'esm',
    platform: 'browser',
    target: 'chrome128',
    loader: { '.svg': 'text' },
  });
}

if (import.meta.main) await buildAll();
