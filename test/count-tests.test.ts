import { expect, test } from 'vitest';
import { readTestReport } from '../scripts/count-tests.ts';

const report = (...results: readonly (readonly [status: string, fullName: string])[]): string =>
  JSON.stringify({
    numPassedTests: results.filter(([status]) => status === 'passed').length,
    numFailedTests: results.filter(([status]) => status === 'failed').length,
    testResults: [
      { assertionResults: results.map(([status, fullName]) => ({ status, fullName })) },
    ],
  });

test('a skipped test is a failure', () => {
  expect(readTestReport(report(['passed', 'a'], ['skipped', 'b'], ['failed', 'c']))).toEqual({
    passed: 1,
    failed: 2,
    missing: [],
  });
});

test('a test of a program that is not here is told with the line that installs it', () => {
  const name = "Neovim's client (where it is missing: apt-get install neovim) starts";
  expect(readTestReport(report(['passed', 'a'], ['skipped', name]))).toEqual({
    passed: 1,
    failed: 0,
    missing: [name],
  });
});
