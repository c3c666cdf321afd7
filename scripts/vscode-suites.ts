/** What the tests in a real VS Code are started with: bundled suites, and a workspace made for them. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { makeLlamaTiny } from '../examples/llama-tiny/make.ts';
import { encodeFile, readFolder } from '../examples/safetensors.ts';
import { cacheFolder } from './vscode-get.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

export const suites = ['main', 'before-reload', 'after-reload', 'untrusted'] as const;
export type Suite = (typeof suites)[number];

/** An extension of no content, whose tests the suites are: the one under test is installed from its package. */
export async function buildSuites(): Promise<string> {
  const folder = join(cacheFolder, 'editor-tests');
  mkdirSync(folder, { recursive: true });
  const manifest = {
    name: 'mergewright-tests',
    publisher: 'mergewright',
    version: '0.0.0',
    engines: { vscode: '^1.101.0' },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(
      suites.map((suite) => [suite, `test/editor/suite/${suite}.ts`]),
    ),
    outdir: folder,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    external: ['vscode'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return folder;
}

const slowRecipe = `model base = "./llama/base"
model one = "./llama/expert-1"
model two = "./llama/expert-2"

merge slow = ties(base, [one, two], density: 40%)

output slow to "./out/slow"
`;

/** The digits, a model of another shape, and a model large enough for a merge to be caught at work. */
export function makeWorkspace(
  folder: string,
  { slowParameters = 6e6 }: { readonly slowParameters?: number } = {},
): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const digits = join(root, 'examples', 'digits');
  cpSync(join(digits, 'digits.merge'), join(folder, 'digits.merge'));
  cpSync(join(digits, 'models'), join(folder, 'models'), { recursive: true });
  cpSync(join(digits, 'models', 'base'), join(folder, 'models', 'wide'), { recursive: true });
  writeFileSync(
    join(folder, 'models', 'wide', 'model.safetensors'),
    encodeFile(
      [...readFolder(join(digits, 'models', 'base')).values()].map(({ name, shape, values }) =>
        shape.length === 2 ? { name, ...widened(shape, values) } : { name, shape, values },
      ),
    ),
  );
  makeLlamaTiny({ out: join(folder, 'llama'), parameters: slowParameters, experts: 2 });
  writeFileSync(join(folder, 'slow.merge'), slowRecipe);
}

/** One column more. */
function widened(shape: readonly number[], values: Float32Array) {
  const [rows, columns] = shape as readonly [number, number];
  const wide = new Float32Array(rows * (columns + 1));
  for (let row = 0; row < rows; row++)
    wide.set(values.subarray(row * columns, (row + 1) * columns), row * (columns + 1));
  return { shape: [rows, columns + 1], values: wide };
}
