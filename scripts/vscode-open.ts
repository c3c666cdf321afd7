/** `npm run code`: the example recipes in VS Code, the desktop's where there is one, else the real workbench on localhost. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAll } from './build.ts';
import { cacheFolder } from './vscode-get.ts';
import { packageExtension, thisTarget } from './vscode-package.ts';
import { installExtension, startServer, writeUserSettings } from './vscode-workbench.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const workspace = join(root, 'examples', 'digits');

function hasDesktop(): boolean {
  return spawnSync('code', ['--version'], { shell: process.platform === 'win32' }).status === 0;
}

function openDesktop(vsix: string): void {
  const code = (...args: readonly string[]): void => {
    const { status } = spawnSync('code', [...args], {
      stdio: 'inherit',
      shell: process.platform === 'win32',
    });
    if (status !== 0) process.exit(status ?? 1);
  };
  code('--install-extension', vsix, '--force');
  code(workspace, join(workspace, 'digits.merge'));
}

async function openWorkbench(vsix: string): Promise<void> {
  const userData = join(cacheFolder, 'code');
  const extensions = join(userData, 'extensions');
  mkdirSync(extensions, { recursive: true });
  if (!existsSync(join(userData, 'User'))) writeUserSettings(userData);
  installExtension(vsix, extensions);
  const server = await startServer({ userData, extensions });
  const query = new URLSearchParams({ folder: workspace });
  console.log(`\nVS Code with the example recipes: ${server.url}?${query}`);
  console.log('Open digits.merge there, and click Preview above its first line. Ctrl+C ends it.');
  await new Promise((done) => process.once('SIGINT', done));
  await server.close();
}

await buildAll();
const target = thisTarget();
const vsix = packageExtension(target === undefined ? {} : { target });
if (hasDesktop()) openDesktop(vsix);
else await openWorkbench(vsix);
