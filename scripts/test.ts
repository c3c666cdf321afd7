/**
 * The project's tests, from a fresh clone: installs what they need, builds, and runs every suite.
 * Ends with one line of its own: `N passed, N failed`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findSoftwareDevice, installSoftwareDevice } from './software-device.ts';
import { readTestReport } from './count-tests.ts';
import { testInVSCode } from './vscode-test.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Outcome {
  readonly passed: number;
  readonly failed: number;
}

function tool(name: string, args: readonly string[]): boolean {
  const script = join(root, 'node_modules', '.bin', name);
  const { status } = spawnSync(process.execPath, [script, ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  return status === 0;
}

function suite(title: string, run: () => boolean): Outcome {
  console.log(`\n— ${title}`);
  return outcomeOf(run());
}

function outcomeOf(isRight: boolean): Outcome {
  return isRight ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Checks that use one core each, beside each other; what each says stands together. */
function checks(named: Readonly<Record<string, readonly string[]>>): Promise<readonly Outcome[]> {
  return Promise.all(
    Object.entries(named).map(
      ([title, [name, ...args]]) =>
        new Promise<Outcome>((done) => {
          const script = join(root, 'node_modules', '.bin', name!);
          const child = spawn(process.execPath, [script, ...args], { cwd: root });
          const said: Buffer[] = [];
          child.stdout.on('data', (part: Buffer) => said.push(part));
          child.stderr.on('data', (part: Buffer) => said.push(part));
          child.on('close', (status) => {
            console.log(`\n— ${title}`);
            process.stdout.write(Buffer.concat(said));
            done(outcomeOf(status === 0));
          });
        }),
    ),
  );
}

function unitTests(): Outcome {
  console.log('\n— tests');
  const folder = mkdtempSync(join(tmpdir(), 'mergewright-report-'));
  const report = join(folder, 'report.json');
  try {
    const ended = tool('vitest', [
      'run',
      '--reporter=dot',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ]);
    const { passed, failed, missing } = readTestReport(readFileSync(report, 'utf8'));
    for (const name of missing) console.log(`not tried: ${name}`);
    // A runner that fails without a failed test has failed.
    return { passed, failed: failed === 0 && !ended ? 1 : failed };
  } catch (error) {
    console.error(error);
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const device = findSoftwareDevice() ?? installSoftwareDevice();
const outcomes: Outcome[] = [
  suite('a software Vulkan device for the GPU tests', () => {
    if (device === undefined) return false;
    console.log(device.file);
    return true;
  }),
  ...(await checks({
    types: ['tsc', '-b'],
    'lint and import borders': ['eslint', '.', '--max-warnings', '0'],
    format: ['prettier', '--check', '.', '--log-level', 'warn'],
  })),
];
outcomes.push(unitTests());
console.log('\n— in a real VS Code');
outcomes.push(await testInVSCode({}));

const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
