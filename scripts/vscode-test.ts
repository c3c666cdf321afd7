/**
 * The tests in a real VS Code: the packaged extension is installed, and suites run in the extension host. The host is a desktop
 * VS Code (`--desktop`), or the same workbench from the npm registry in Chromium. Ends with `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  downloadAndUnzipVSCode,
  resolveCliArgsFromVSCodeExecutablePath,
  runTests,
} from '@vscode/test-electron';
import { buildAll } from './build.ts';
import { cacheFolder, findChromium, getVSCode } from './vscode-get.ts';
import { packageExtension, thisTarget } from './vscode-package.ts';
import { buildSuites, makeWorkspace, type Suite } from './vscode-suites.ts';
import { installExtension, writeUserSettings } from './vscode-workbench.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Tally {
  passed: number;
  failed: number;
}

interface Host {
  /** What is started as VS Code. */
  readonly executable: string;
  readonly install: (vsix: string, extensions: string) => void;
  /** Whether a window can be opened without trust. */
  readonly canDistrust: boolean;
}

/** A program that takes VS Code's words and runs the workbench in Chromium. */
function workbenchHost(): Host {
  getVSCode();
  const executable = join(cacheFolder, 'vscode-launcher.sh');
  const launcher = join(root, 'scripts', 'vscode-launcher.ts');
  writeFileSync(executable, `#!/bin/sh\nexec "${process.execPath}" "${launcher}" "$@"\n`);
  chmodSync(executable, 0o755);
  return { executable, install: installExtension, canDistrust: true };
}

async function desktopHost(): Promise<Host> {
  const executable = await downloadAndUnzipVSCode({ cachePath: join(cacheFolder, 'desktop') });
  return {
    executable,
    install(vsix, extensions) {
      const [cli, ...args] = resolveCliArgsFromVSCodeExecutablePath(executable);
      const words = ['--extensions-dir', extensions, '--install-extension', vsix];
      const { status } = spawnSync(cli!, [...args, ...words], { stdio: 'inherit' });
      if (status !== 0) throw new Error('the package could not be installed');
    },
    canDistrust: false,
  };
}

interface Profile {
  readonly userData: string;
  readonly extensions: string;
  readonly workspace: string;
}

async function runSuite(
  host: Host,
  suite: Suite,
  {
    profile,
    suites,
    env,
  }: {
    readonly profile: Profile;
    readonly suites: string;
    readonly env: Readonly<Record<string, string>>;
  },
): Promise<Tally> {
  console.log(`\n— in VS Code: ${suite}`);
  const results = join(profile.userData, `${suite}.json`);
  rmSync(results, { force: true });
  try {
    await runTests({
      vscodeExecutablePath: host.executable,
      extensionDevelopmentPath: suites,
      extensionTestsPath: join(suites, `${suite}.js`),
      extensionTestsEnv: {
        ...env,
        MERGEWRIGHT_SUITE_RESULTS: results,
        MERGEWRIGHT_RUN_RECORDS: join(
          profile.userData,
          ...['User', 'globalStorage', 'mergewright.mergewright', 'runs'],
        ),
      },
      launchArgs: [
        profile.workspace,
        `--user-data-dir=${profile.userData}`,
        `--extensions-dir=${profile.extensions}`,
        ...(suite === 'untrusted' ? ['--enable-workspace-trust'] : []),
        '--limit-seconds=400',
      ],
    });
  } catch {
    // The results say which case failed; without them the window itself did.
  }
  return tallyOf(results);
}

/** Prints what came of a suite. */
function tallyOf(results: string): Tally {
  if (!existsSync(results)) {
    console.log('✗ the window ended without results');
    return { passed: 0, failed: 1 };
  }
  const cases = JSON.parse(readFileSync(results, 'utf8')) as { name: string; error?: string }[];
  for (const { name, error } of cases)
    console.log(
      error === undefined ? `✓ ${name}` : `✗ ${name}\n  ${error.replaceAll('\n', '\n  ')}`,
    );
  const failed = cases.filter(({ error }) => error !== undefined).length;
  return { passed: cases.length - failed, failed };
}

/** The same workbench, worked with mouse and keyboard. */
function runWindows(
  folder: string,
  extensions: string,
  env: Readonly<Record<string, string>>,
): Tally {
  console.log('\n— in VS Code: with mouse and keyboard');
  const results = join(folder, 'windows.json');
  const windows = join(folder, 'windows');
  const program = join(root, 'test', 'editor', 'window', 'main.ts');
  spawnSync(process.execPath, [program, windows, extensions, results], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  return tallyOf(results);
}

/** What the command line gives for a recipe of the workspace. */
function digestByCommandLine(workspace: string, recipe: string): string {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['dist/mergewright.mjs', 'run', join(workspace, recipe), '--json', '--backend', 'wasm'],
    { cwd: root, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  const { outputs } = JSON.parse(stdout) as {
    outputs: { report: { weightsDigest: string } }[];
  };
  rmSync(join(workspace, 'out'), { recursive: true, force: true });
  return outputs[0]!.report.weightsDigest;
}

function freshProfile(
  folder: string,
  name: string,
  extensions: string,
  size: { readonly slowParameters?: number } = {},
): Profile {
  const userData = join(folder, name);
  writeUserSettings(userData);
  const workspace = join(folder, `${name}-workspace`);
  makeWorkspace(workspace, size);
  return { userData, extensions, workspace };
}

export async function testInVSCode({ only }: { readonly only?: string }): Promise<Tally> {
  const wantsDesktop = process.argv.includes('--desktop');
  if (!wantsDesktop && findChromium() === undefined) {
    console.error('There is no Chromium. On Debian, as root: apt-get install chromium');
    return { passed: 0, failed: 1 };
  }
  mkdirSync(cacheFolder, { recursive: true });
  const host = wantsDesktop ? await desktopHost() : workbenchHost();
  const target = thisTarget();
  const vsix = packageExtension(target === undefined ? {} : { target });
  const suites = await buildSuites();
  const folder = mkdtempSync(join(tmpdir(), 'mw-editor-'));
  const total: Tally = { passed: 0, failed: 0 };
  const add = ({ passed, failed }: Tally): void => {
    total.passed += passed;
    total.failed += failed;
  };
  try {
    const extensions = join(folder, 'extensions');
    mkdirSync(extensions);
    host.install(vsix, extensions);
    const wanted = (suite: string): boolean => only === undefined || only === suite;
    const window = freshProfile(folder, 'window', extensions);
    const env = {
      MERGEWRIGHT_EXPECTED_DIGEST: digestByCommandLine(window.workspace, 'digits.merge'),
      MERGEWRIGHT_EXPECTED_SLOW_DIGEST: digestByCommandLine(window.workspace, 'slow.merge'),
    };
    if (wanted('main')) add(await runSuite(host, 'main', { profile: window, suites, env }));
    if (wanted('reload')) {
      // The window takes its time to come back, and the merge must still be at work.
      const profile = freshProfile(folder, 'reload', extensions, { slowParameters: 18e6 });
      const slow = {
        MERGEWRIGHT_EXPECTED_SLOW_DIGEST: digestByCommandLine(profile.workspace, 'slow.merge'),
      };
      const reload = { profile, suites, env: { ...env, ...slow } };
      add(await runSuite(host, 'before-reload', reload));
      add(await runSuite(host, 'after-reload', reload));
    }
    if (wanted('window') && !wantsDesktop) add(runWindows(folder, extensions, env));
    if (wanted('untrusted') && host.canDistrust) {
      const profile = freshProfile(folder, 'untrusted', extensions);
      add(await runSuite(host, 'untrusted', { profile, suites, env }));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
  return total;
}

if (import.meta.main) {
  await buildAll();
  const only = process.argv.find((arg) => arg.startsWith('--only='))?.slice(7);
  const { passed, failed } = await testInVSCode(only === undefined ? {} : { only });
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
