/** Starts VS Code's server and opens its workbench in Chromium: what a desktop window is elsewhere. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { findChromium, getVSCode } from './vscode-get.ts';

export interface ServerOptions {
  /** User settings, state and logs; a second start with the same folder is a reload of the window. */
  readonly userData: string;
  readonly extensions: string;
  /** Whether a folder starts untrusted. */
  readonly workspaceTrust?: boolean;
  /** Reached by the extension host and what it starts. */
  readonly env?: NodeJS.ProcessEnv;
}

export interface WorkbenchServer {
  readonly url: string;
  /** As the workbench calls a file of this machine. */
  uriOf(path: string): string;
  close(): Promise<void>;
}

/** Settings under which windows are quiet and look the same every time. */
const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'git.enabled': false,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
  'files.autoSave': 'off',
};

/** User settings of a fresh profile. */
export function writeUserSettings(
  userData: string,
  settings: Readonly<Record<string, unknown>> = {},
): void {
  const folder = join(userData, 'User');
  mkdirSync(folder, { recursive: true });
  const text = JSON.stringify({ ...quietSettings, ...settings }, null, 2);
  writeFileSync(join(folder, 'settings.json'), text);
  // The workbench's server keeps machine settings apart: what only a machine may say is read there.
  const machine = join(userData, 'Machine');
  mkdirSync(machine, { recursive: true });
  writeFileSync(join(machine, 'settings.json'), text);
}

/** Installs a packaged extension where the server looks for extensions. */
export function installExtension(vsix: string, extensions: string): void {
  const args = ['--install-extension', vsix, '--force', '--extensions-dir', extensions];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      join(getVSCode(), 'out', 'server-main.js'),
      '--accept-server-license-terms',
      '--server-data-dir',
      join(extensions, '..', 'server-data'),
      ...args,
    ],
    { encoding: 'utf8' },
  );
  if (status !== 0 || /Error|Failed/.test(stdout)) throw new Error(`${stdout}\n${stderr}`);
}

export async function startServer(options: ServerOptions): Promise<WorkbenchServer> {
  const port = await freePort();
  const server = spawn(
    process.execPath,
    [
      join(getVSCode(), 'out', 'server-main.js'),
      ...['--host', '127.0.0.1', '--port', String(port)],
      '--without-connection-token',
      '--accept-server-license-terms',
      ...['--telemetry-level', 'off'],
      ...['--user-data-dir', options.userData],
      ...['--server-data-dir', options.userData],
      ...['--extensions-dir', options.extensions],
      ...(options.workspaceTrust === true ? [] : ['--disable-workspace-trust']),
      // Without it a built workbench does not heed the tests of an extension.
      '--enable-smoke-test-driver',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...options.env } },
  );
  await listening(server);
  const host = `127.0.0.1:${port}`;
  return {
    url: `http://${host}/`,
    uriOf: (path) => `vscode-remote://${host}${path}`,
    close: () => ended(server),
  };
}

export interface WindowOptions {
  readonly folder: string;
  /** What the workbench is told beside the folder, such as the tests to run. */
  readonly payload?: readonly (readonly [string, string])[];
  readonly size?: { readonly width: number; readonly height: number };
  /** Lets webviews find Chromium's software adapter. */
  readonly softwareGpu?: boolean;
  /** Before the page is opened: functions that it may call. */
  readonly prepare?: (page: Page) => Promise<void>;
}

export interface WorkbenchWindow {
  readonly browser: Browser;
  readonly page: Page;
  close(): Promise<void>;
}

export async function openWindow(
  server: WorkbenchServer,
  options: WindowOptions,
): Promise<WorkbenchWindow> {
  const executablePath = findChromium();
  if (executablePath === undefined)
    throw new Error('There is no Chromium. On Debian, as root: apt-get install chromium');
  const browser = await chromium.launch({
    executablePath,
    args: [
      ...['--no-sandbox', '--no-first-run', '--disable-quic', '--disable-sync'],
      ...['--disable-background-networking', '--disable-component-update'],
      ...(options.softwareGpu === true
        ? ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']
        : []),
    ],
  });
  const page = await browser.newPage({ viewport: options.size ?? { width: 1400, height: 1000 } });
  await options.prepare?.(page);
  const payload = [...(options.payload ?? []), ['skipWelcome', 'true']];
  const query = new URLSearchParams({ folder: options.folder, payload: JSON.stringify(payload) });
  await page.goto(`${server.url}?${query}`);
  return { browser, page, close: () => browser.close() };
}

async function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address !== null ? done(address.port) : fail(),
      );
    });
  });
}

async function listening(server: ChildProcess): Promise<void> {
  let said = '';
  return new Promise((done, fail) => {
    const hear = (text: Buffer): void => {
      said += text.toString();
      if (/Extension host agent listening|Web UI available/.test(said)) done();
    };
    server.stdout!.on('data', hear);
    server.stderr!.on('data', hear);
    server.once('exit', (code) => fail(new Error(`VS Code's server ended (${code}):\n${said}`)));
  });
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  server.removeAllListeners('exit');
  const exit = new Promise((done) => server.once('exit', done));
  server.kill('SIGTERM');
  const timer = setTimeout(() => server.kill('SIGKILL'), 5000);
  await exit;
  clearTimeout(timer);
}
