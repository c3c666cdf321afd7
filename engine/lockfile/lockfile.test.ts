import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseLockfile, printLockfile, type Lockfile } from './lockfile.ts';

const lock: Lockfile = {
  mark: 'mergewright lock',
  version: 1,
  engineVersion: '0.1.0',
  recipes: [{ path: 'common.merge', sha256: '1'.repeat(64) }],
  sources: [
    {
      name: 'base',
      hub: 'org/base',
      revision: 'main',
      commit: 'a'.repeat(40),
      files: [
        {
          name: 'model.safetensors',
          size: 96,
          sha256: '2'.repeat(64),
          headerHash: '3'.repeat(64),
          mtimeNs: '1',
        },
        { name: 'config.json', size: 2, sha256: '4'.repeat(64), mtimeNs: '2' },
      ],
    },
    { name: 'again', path: './base', files: [] },
  ],
};

test('a lock reads back as it was written, in one order whatever it was made in', () => {
  const text = printLockfile(lock);
  const read = parseLockfile(text, '/m.lock');
  expect(read).toMatchObject({
    ok: true,
    value: { sources: [{ name: 'again' }, { name: 'base' }] },
  });
  expect(read.ok && printLockfile(read.value)).toBe(text);
  expect(printLockfile({ ...lock, sources: lock.sources.toReversed() })).toBe(text);
});

test('whatever else stands in the file, reading gives a lock or a fault', () => {
  const keys = Object.keys(lock) as (keyof Lockfile)[];
  fc.assert(
    fc.property(fc.constantFrom(...keys), fc.jsonValue(), (key, value) => {
      const read = parseLockfile(JSON.stringify({ ...lock, [key]: value }), '/m.lock');
      if (!read.ok) expect(read.fault).toMatchObject({ code: 'MW6402' });
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(parseLockfile(text, '/m.lock')).toMatchObject({ fault: { code: 'MW6402' } });
    }),
  );
  const later = JSON.stringify({ ...lock, version: 2 });
  expect(parseLockfile(later, '/m.lock')).toMatchObject({ fault: { code: 'MW6402' } });
});
