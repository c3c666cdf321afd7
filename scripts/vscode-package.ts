/** Packs the extension: what VS Code needs and nothing else, from a folder made for it. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAll } from './build.ts';
import { cacheFolder } from './vscode-get.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const files = [
  'dist/extension.cjs',
  'dist/server.mjs',
  'dist/merge-process.mjs',
  'dist/measure-process.mjs',
  'dist/measure-desk.mjs',
  'dist/panel-merge.mjs',
  'dist/hub-fetch.mjs',
  'dist/worker.mjs',
  'dist/panel.js',
  'dist/panel-compute.js',
  'dist/panel.css',
  'icons/mergewright.png',
  'icons/recipe-light.svg',
  'icons/recipe-dark.svg',
  'syntaxes/merge.tmLanguage.json',
  'syntaxes/markdown-merge.tmLanguage.json',
  'language-configuration.json',
  'docs/walkthrough',
  'docs/pictures/light/completion.png',
  'docs/pictures/light/fix.png',
  'docs/pictures/light/hover.png',
  'docs/pictures/light/panel.png',
  'docs/diagnostics',
  'LICENSE',
  'README.md',
  'CHANGELOG.md',
] as const;

/** The folder of WebGPU's native code for each target of VS Code that has one. */
const nativeFolders: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-x64': 'darwin-universal',
  'darwin-arm64': 'darwin-universal',
  'win32-x64': 'win32-x64',
  'win32-arm64': 'win32-arm64',
};

/** VS Code's name of this machine, where native code for it exists. */
export function thisTarget(): string | undefined {
  const target = `${process.platform}-${process.arch}`;
  return target in nativeFolders ? target : undefined;
}

/** Packs what is built; the path of the package. Without a target no native code is in it, and it runs everywhere. */
export function packageExtension({ target }: { readonly target?: string }): string {
  const stage = join(cacheFolder, 'package', target ?? 'universal');
  rmSync(stage, { recursive: true, force: true });
  for (const file of files) cpSync(join(root, file), join(stage, file), { recursive: true });
  const manifest = stagedManifest();
  writeFileSync(join(stage, 'package.json'), JSON.stringify(manifest, null, 2));
  if (target !== undefined) stageNative(stage, nativeFolders[target]!);
  // All that lies here is meant.
  writeFileSync(join(stage, '.vscodeignore'), '.vscodeignore\n');
  const out = join(root, 'dist', `mergewright-${target ?? 'universal'}.vsix`);
  mkdirSync(join(root, 'dist'), { recursive: true });
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules', '@vscode', 'vsce', 'vsce'),
      'package',
      ...['--no-dependencies', '--allow-missing-repository'],
      ...['--no-rewrite-relative-links', '--out', out],
      ...(target === undefined ? [] : ['--target', target]),
    ],
    { cwd: stage, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${stdout}\n${stderr}`);
  return out;
}

function stagedManifest(): Record<string, unknown> {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  const { scripts, devDependencies, dependencies, optionalDependencies, bin, ...rest } = manifest;
  void [scripts, devDependencies, dependencies, optionalDependencies, bin];
  delete rest.private;
  return rest;
}

/** Beside the programs that import it, so that they find it as a module. */
function stageNative(stage: string, folder: string): void {
  const from = join(root, 'node_modules', 'webgpu');
  const to = join(stage, 'dist', 'node_modules', 'webgpu');
  for (const name of ['package.json', 'index.js', 'LICENSE.md', join('dist', folder)])
    cpSync(join(from, name), join(to, name), { recursive: true });
}

if (import.meta.main) {
  await buildAll();
  const target = process.argv.includes('--universal') ? undefined : thisTarget();
  const path = packageExtension(target === undefined ? {} : { target });
  console.log(`packed ${basename(path)}`);
}
