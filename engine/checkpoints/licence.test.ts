import { mkdirSync, symlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { sampleFolder } from '../safetensors/sample-files.ts';
import { boundsOf } from './inside-folder.ts';
import { licenceOfCard, readLicence } from './licence.ts';

const root = sampleFolder();
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the head of a card', () => {
  test.each([
    ['license: apache-2.0', { id: 'apache-2.0' }],
    ['tags:\n- x\nlicense: "MIT"  # so it is', { id: 'mit' }],
    ['license:\n- llama2', { id: 'llama2' }],
    [
      'license: other\nlicense_name: house\nlicense_link: LICENSE',
      { id: 'other', name: 'house', link: 'LICENSE' },
    ],
    ['license: mit\nlicense_name: house', { id: 'mit' }],
    ['license: unknown', undefined],
    ['license: [mit, apache-2.0]', undefined],
    ['license: "two\\nlines"', undefined],
    ['license: 3', undefined],
    ['license:\n  - - mit', undefined],
    ['a: &a [*a]\nlicense: *a', undefined],
    ['license: mit: x', undefined],
  ])('%s', async (matter, licence) => {
    const read = await licenceOfCard(`---\n${matter}\n---\ntext\n`);
    expect(read).toEqual(licence === undefined ? undefined : { ...licence, file: 'README.md' });
  });

  test('is only what stands between the marks at the very beginning', async () => {
    expect(await licenceOfCard('license: mit\n')).toBeUndefined();
    expect(await licenceOfCard('# x\n---\nlicense: mit\n---\n')).toBeUndefined();
    expect(await licenceOfCard('---\nlicense: mit\n')).toBeUndefined();
    expect(await licenceOfCard('\uFEFF---\r\nlicense: mit\r\n---\r\n')).toMatchObject({
      id: 'mit',
    });
  });

  test('that is hostile says nothing, and soon', async () => {
    const laughs = Array.from(
      { length: 30 },
      (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(9)}]`,
    );
    for (const matter of [
      `license: ${'['.repeat(60_000)}`,
      `${'- '.repeat(30_000)}license`,
      Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}license:`).join('\n'),
      `l0: &l0 lol\n${laughs.join('\n')}\nlicense: *l30`,
      `license: ${'x'.repeat(60_000)}`,
    ]) {
      const began = performance.now();
      expect(await licenceOfCard(`---\n${matter}\n---\n`)).toBeUndefined();
      expect(performance.now() - began).toBeLessThan(1000);
    }
  });

  test('may be any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        const read = await licenceOfCard(`---\nlicense: ${text}\n---\n`);
        if (read !== undefined) expect(read.id).toMatch(/^[a-z0-9][a-z0-9.+_-]*$/);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a folder', () => {
  const folderOf = async (name: string, files: Readonly<Record<string, string>>) => {
    const folder = join(root, name);
    mkdirSync(folder);
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
    return readLicence(Object.keys(files), await boundsOf(folder));
  };

  test('tells by its card first, then by the name of a file', async () => {
    const card = '---\nlicense: mit\n---\n';
    expect(await folderOf('card', { 'README.md': card, 'LICENSE-APACHE': '' })).toEqual({
      id: 'mit',
      file: 'README.md',
    });
    expect(await folderOf('name', { 'README.md': '# x\n', 'LICENSE-APACHE': '' })).toEqual({
      id: 'apache-2.0',
      file: 'LICENSE-APACHE',
    });
    expect(await folderOf('both', { 'LICENSE-MIT': '', 'LICENSE-APACHE': '' })).toBeUndefined();
    expect(await folderOf('plain', { LICENSE: 'Copyright' })).toBeUndefined();
  });

  test.runIf(process.platform !== 'win32')('whose card lies elsewhere tells nothing', async () => {
    writeFileSync(join(root, 'outside.md'), '---\nlicense: mit\n---\n');
    const folder = join(root, 'linked');
    mkdirSync(folder);
    symlinkSync(join(root, 'outside.md'), join(folder, 'README.md'));
    expect(await readLicence(['README.md'], await boundsOf(folder))).toBeUndefined();
  });
});
