import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { changedFile, removeReplaced } from './output-folder.ts';
import { printReport, reportName, type MergeReport } from './report.ts';
import { sampleReport } from './sample-report.ts';

let root: string;
let old: string;
let report: MergeReport;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mergewright-'));
  old = join(root, 'out.old');
  mkdirSync(join(old, 'in'), { recursive: true });
  const files = [{ name: 'in/a.json', size: 1 }];
  report = { mark: 'mergewright report', version: 1, ...sampleReport(), files };
  writeFileSync(join(old, reportName), printReport(report));
  writeFileSync(join(old, 'in/a.json'), '1');
});
afterEach(() => rmSync(root, { recursive: true }));

test('a replaced output goes with its folders', async () => {
  expect(await removeReplaced(old)).toBe(true);
  expect(existsSync(old)).toBe(false);
});

test('what somebody put into such a folder stays, and the folder with it', async () => {
  writeFileSync(join(old, 'in/mine'), '');
  expect(await removeReplaced(old)).toBe(false);
  expect(existsSync(join(old, 'in/mine'))).toBe(true);
});

test.runIf(process.platform !== 'win32')('nothing is found or deleted through a link', async () => {
  mkdirSync(join(root, 'elsewhere'));
  writeFileSync(join(root, 'elsewhere/a.json'), '1');
  rmSync(join(old, 'in'), { recursive: true });
  symlinkSync(join(root, 'elsewhere'), join(old, 'in'));
  expect(await changedFile(old, report)).toBe('in/a.json');
  expect(await removeReplaced(old)).toBe(false);
  expect(existsSync(join(root, 'elsewhere/a.json'))).toBe(true);
});
