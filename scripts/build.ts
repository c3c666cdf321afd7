/** Bundles what runs: command line, language server, extension, the engine's processes and worker, the panel and its thread. */
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type BuildOptions } from 'esbuild';
import { removeLeftOver } from './left-over.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Programs of Node, each a module of its own beside the worker that they share. */
const programs = {
  worker: 'engine/run/worker.ts',
  server: 'server/main.ts',
  'merge-process': 'client/merge-process/main.ts',
  'measure-process': 'client/measure-process/main.ts',
  // What the extension does itself where no process can be started.
  'measure-desk': 'client/measure-process/desk.ts',
  'panel-merge': 'client/panel-merge/merge-in-panel.ts',
  'hub-fetch': 'engine/hub/fetch.ts',
} as const;

const common = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  sourcemap: true,
  logLevel: 'warning',
} satisfies BuildOptions;

export async function buildAll(): Promise<void> {
  const written = await Promise.all([
    buildPrograms(),
    buildCommandLine(),
    buildExtension(),
    buildPanel(),
    buildPanelCompute(),
  ]);
  removeLeftOver(join(root, common.outdir), new Set(written.flat()));
}

/** The names of the files that it wrote. */
async function built(options: BuildOptions): Promise<readonly string[]> {
  const { metafile } = await build({ ...options, metafile: true });
  return Object.keys(metafile.outputs).map((path) => basename(path));
}

const nodeProgram = {
  ...common,
  outExtension: { '.js': '.mjs' },
  format: 'esm',
  platform: 'node',
  target: 'node22',
  external: ['webgpu'],
  // Less to read at every start.
  minifyWhitespace: true,
  minifySyntax: true,
  // Packages in the older module format ask for Node's modules by a function that modules do not have.
  banner: {
    js: `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);`,
  },
} satisfies BuildOptions;

function buildPrograms(): Promise<readonly string[]> {
  return built({ ...nodeProgram, entryPoints: programs });
}

/** Each command is a file of its own beside the program, so that a run starts without the language server. */
function buildCommandLine(): Promise<readonly string[]> {
  return built({
    ...nodeProgram,
    entryPoints: { mergewright: 'client/cli/main.ts' },
    splitting: true,
    chunkNames: 'mergewright-[hash]',
  });
}

function buildExtension(): Promise<readonly string[]> {
  return built({
    ...common,
    entryPoints: { extension: 'client/extension/extension.ts' },
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    external: ['vscode'],
  });
}

function buildPanel(): Promise<readonly string[]> {
  const source = 'webview/main.ts';
  return built({
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

/** The thread that computes in the panel: its text goes to the page with each merge, so it is small and one. */
function buildPanelCompute(): Promise<readonly string[]> {
  return built({
    ...common,
    entryPoints: { 'panel-compute': 'webview/compute/main.ts' },
    sourcemap: false,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'chrome128',
  });
}

if (import.meta.main) await buildAll();
