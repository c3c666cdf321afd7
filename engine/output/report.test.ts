import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseReport, printReport } from './report.ts';
import { sampleReport } from './sample-report.ts';

const report = {
  mark: 'mergewright report',
  version: 1,
  ...sampleReport(),
  files: [{ name: 'a', size: 3 }],
} as const;

test('a report reads back as it was written', () => {
  expect(parseReport(printReport(report), '/m')).toEqual({ ok: true, value: report });
});

test('a report may tell the memory that its run took', () => {
  const told = { ...report, peakMemory: 158_000_000 };
  expect(parseReport(printReport(told), '/m')).toEqual({ ok: true, value: told });
  expect(parseReport(printReport({ ...report, peakMemory: -1 }), '/m')).toMatchObject({
    ok: false,
    fault: { code: 'MW6107' },
  });
});

test('a report that names files outside its folder is no report', () => {
  for (const name of [
    '../a',
    '/etc/passwd',
    'a/b/c',
    'a/../b',
    '../a/b',
    'a/',
    '/a',
    'a\\b',
    '..',
    '',
    'C:a',
    'mergewright.json',
  ]) {
    const text = printReport({ ...report, files: [{ name, size: 3 }] });
    expect(parseReport(text, '/m')).toMatchObject({ ok: false, fault: { code: 'MW6107' } });
  }
});

test('a report keeps the recipes that its recipe uses, and they are proved', () => {
  const withImports = (imports: unknown): string =>
    JSON.stringify({ ...report, recipe: { ...report.recipe, imports } });
  const imports = [{ path: '../team/common.merge', text: 'let keep = 20%\n' }];
  expect(parseReport(withImports(imports), '/m')).toMatchObject({
    ok: true,
    value: { recipe: { imports } },
  });
  for (const wrong of [{}, 'x', [null], [{ path: 'a' }], [{ text: '' }], [{ path: 1, text: '' }]]) {
    expect(parseReport(withImports(wrong), '/m')).toMatchObject({
      ok: false,
      fault: { code: 'MW6107', message: expect.stringContaining('recipe') },
    });
  }
});

test('whatever else stands in the file, reading gives a report or a fault', () => {
  const keys = Object.keys(report) as (keyof typeof report)[];
  fc.assert(
    fc.property(fc.constantFrom(...keys), fc.jsonValue(), (key, value) => {
      const read = parseReport(JSON.stringify({ ...report, [key]: value }), '/m');
      if (read.ok) return;
      expect(read.fault).toMatchObject({ code: 'MW6107', message: expect.stringContaining(key) });
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(parseReport(text, '/m')).toMatchObject({ ok: false, fault: { code: 'MW6107' } });
    }),
  );
});
