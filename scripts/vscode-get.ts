/** A real VS Code for the tests: its server with the web workbench, as the npm registry has it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const version = '4.139.1';
const root = fileURLToPath(new URL('..', import.meta.url));

/** What is kept between runs: ignored by git, deleted without loss. */
export const cacheFolder = join(root, '.cache');

/** Chromium in which the workbench and its webviews run. */
export function findChromium(): string | undefined {
  const named = process.env.MERGEWRIGHT_CHROMIUM;
  const places = [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ];
  return [...(named === undefined ? [] : [named]), ...places].find((path) => existsSync(path));
}

/** The folder of VS Code's server, fetched once. Throws where the registry cannot be reached. */
export function getVSCode(): string {
  const folder = join(cacheFolder, 'vscode', version);
  if (existsSync(join(folder, 'out', 'server-main.js'))) return folder;
  console.log(`fetching VS Code's server and workbench (code-server ${version}) once, 600 MB`);
  mkdirSync(dirname(folder), { recursive: true });
  const work = mkdtempSync(join(cacheFolder, 'vscode-'));
  try {
    npm(['pack', `code-server@${version}`, '--silent'], work);
    run('tar', ['xzf', `code-server-${version}.tgz`, 'package/lib/vscode'], work);
    const unpacked = join(work, 'package', 'lib', 'vscode');
    // Native modules stay unbuilt; the server only logs that they are missing.
    npm(
      ['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
      unpacked,
    );
    renameSync(unpacked, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return folder;
}

function npm(args: readonly string[], cwd: string): void {
  const program = process.env.npm_execpath;
  if (program?.endsWith('.js')) run(process.execPath, [program, ...args], cwd);
  else run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, cwd);
}

function run(program: string, args: readonly string[], cwd: string): void {
  const { status, error } = spawnSync(program, [...args], {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: program.endsWith('.cmd'),
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${args[0]} ended with exit code ${status}`);
}

if (import.meta.main) console.log(getVSCode());
