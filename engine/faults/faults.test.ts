import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FaultError, raise, settle } from './fault.ts';
import { faultKinds } from './registry.ts';
import { shown, shownBytes, shownList } from './shown.ts';
import { readFault, writeFault } from './system-fault.ts';
import { diskFull } from './disk-full.ts';

test('each fault has a code of its own, and every file of a fault is in the registry', () => {
  const codes = faultKinds.map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  for (const { code, what, wrong, right } of faultKinds) {
    expect(code).toMatch(/^MW[3456]\d{3}$/);
    expect(what.length * wrong.length * right.length).toBeGreaterThan(0);
  }
  for (const name of readdirSync(import.meta.dirname)) {
    const [, code] =
      /code: '(MW\d{4})'/.exec(readFileSync(`${import.meta.dirname}/${name}`, 'utf8')) ?? [];
    if (code !== undefined && !name.endsWith('.test.ts')) expect(codes).toContain(code);
  }
});

test('a fault thrown in the deep is a value at the rim, and a bug stays a bug', async () => {
  const settled = await settle(() => raise(diskFull, { message: 'Full.', help: 'Empty it.' }));
  expect(settled).toEqual({
    ok: false,
    fault: {
      code: 'MW6001',
      severity: 'error',
      exit: 'machine',
      message: 'Full.',
      help: 'Empty it.',
    },
  });
  await expect(settle(() => Promise.reject(new TypeError('bug')))).rejects.toThrow(TypeError);
});

test('errors of the system become faults with a way out', () => {
  const error = (code: string): Error => Object.assign(new Error(code), { code });
  expect(writeFault(error('ENOSPC'), '/m').code).toBe('MW6001');
  expect(writeFault(error('EDQUOT'), '/m').message).toContain('share of the disk');
  expect(writeFault(error('EROFS'), '/m').code).toBe('MW6003');
  expect(writeFault(error('EIO'), '/m')).toMatchObject({ code: 'MW6004', exit: 'machine' });
  expect(readFault(error('ENOENT'), '/m')).toMatchObject({
    code: 'MW4501',
    exit: 'input',
    file: '/m',
  });
  expect(readFault(error('EIO'), '/m').code).toBe('MW6005');
  expect(() => readFault(new Error('bug'), '/m')).toThrow('bug');
  const fault = new FaultError(writeFault(error('EIO'), '/m')).fault;
  expect(readFault(new FaultError(fault), '/n')).toBe(fault);
});

test('text out of a file cannot steer a terminal', () => {
  expect(shown('a\u001b[31m\u202eb\ud800')).toBe('"a\\u{1b}[31m\\u{202e}b\\u{d800}"');
  expect(shown('x'.repeat(500)).length).toBeLessThan(130);
  expect(shownList(['a', 'b', 'c', 'd', 'e'])).toBe('"a", "b", "c" and 2 more');
  expect([0, 999, 1000, 5_230_000_000].map(shownBytes)).toEqual([
    '0 bytes',
    '999 bytes',
    '1.00 kB',
    '5.23 GB',
  ]);
});
