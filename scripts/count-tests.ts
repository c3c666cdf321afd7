/** What a run of the unit tests came to. */

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

export interface TestCount {
  readonly passed: number;
  readonly failed: number;
  /** Tests of a program that this machine does not have; each names the line that installs it. */
  readonly missing: readonly string[];
}

/** A skipped test counts as a failure, but where it says which program it misses. */
export function readTestReport(json: string): TestCount {
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(json) as Report;
  const skipped = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status !== 'passed' && status !== 'failed')
    .map(({ fullName }) => fullName);
  const missing = skipped.filter((name) => name.includes('where it is missing: '));
  return {
    passed: numPassedTests,
    failed: numFailedTests + skipped.length - missing.length,
    missing,
  };
}
