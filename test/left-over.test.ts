import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { removeLeftOver } from '../scripts/left-over.ts';

test('old programs that a build did not write are removed, and nothing else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mergewright-'));
  try {
    const old = ['mergewright-0LD.mjs', 'mergewright-0LD.mjs.map', 'worker.mjs', 'package.vsix'];
    for (const name of [...old, 'mergewright-Y0UNG.mjs']) writeFileSync(join(folder, name), '');
    const before = (Date.now() - 25 * 60 * 60 * 1000) / 1000;
    for (const name of old) utimesSync(join(folder, name), before, before);
    removeLeftOver(folder, new Set(['worker.mjs']));
    expect(readdirSync(folder).sort()).toEqual([
      'mergewright-Y0UNG.mjs',
      'package.vsix',
      'worker.mjs',
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
