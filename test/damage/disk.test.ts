/** A disk with too little room: foreseen where it can be, and cleared up after where it cannot. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, writeSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FaultError } from '../../engine/faults/fault.ts';
import { writeFault } from '../../engine/faults/system-fault.ts';
import { nodeFiles, type FileAccess } from '../../engine/run/file-access.ts';
import { start, until } from '../kit/command.ts';
import { runRecipe } from '../kit/merge.ts';
import { writeLargeModel } from '../kit/model.ts';
import { expectOneError } from '../kit/one-error.ts';
import { sources, workspace, type Workspace } from '../kit/workspace.ts';

const recipe = `${sources}merge m = average([math, code])
output m to "./out/m"
`;

/** Files on a disk that takes so many bytes and no more. */
function filling(room: number): FileAccess {
  const files = nodeFiles();
  let left = room;
  return {
    ...files,
    write(path, bytes, position) {
      const taken = Math.min(left, bytes.length);
      files.write(path, bytes.subarray(0, taken), position);
      left -= taken;
      if (taken === bytes.length) return;
      const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
      throw new FaultError(writeFault(full, path));
    },
  };
}

test.each([0, 100, 800])(
  'a disk that is full after %i bytes leaves nothing behind',
  async (room) => {
    using folder = workspace({ 'm.merge': recipe });
    const before = folder.list();
    const result = await runRecipe(folder.at('m.merge'), { inline: filling(room) });
    expect(result).toMatchObject({
      ok: false,
      fault: {
        code: 'MW6001',
        exit: 'machine',
        message: expect.stringContaining('The disk filled up while'),
        help: expect.stringContaining('--out'),
      },
    });
    expect(folder.list()).toEqual(before);
  },
);

/** A small disk at `small` in the folder, where this user may mount one. */
function smallDisk(folder: Workspace, size: string): Disposable | undefined {
  mkdirSync(folder.at('small'));
  const args = ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder.at('small')];
  if (spawnSync('mount', args).status !== 0) return undefined;
  return { [Symbol.dispose]: () => void spawnSync('umount', [folder.at('small')]) };
}

function canMount(): boolean {
  using folder = workspace();
  using disk = smallDisk(folder, '1m');
  return disk !== undefined;
}

function fill(path: string): void {
  const file = openSync(path, 'w');
  try {
    const bytes = Buffer.alloc(1 << 16, 1);
    for (;;) writeSync(file, bytes);
  } catch {
    closeSync(file);
  }
}

const large = { name: 'w', dtype: 'F32', shape: [4 << 20], pieces: 16 } as const;

/** Sixteen MiB each: a merge that the oracle works at for seconds. */
function enlarge(folder: Workspace): void {
  const piece = new Uint8Array(Float32Array.from({ length: 1 << 18 }, Math.sin).buffer);
  for (const name of ['base', 'math', 'code'])
    writeLargeModel(folder.at(name), { ...large, piece });
}

describe.runIf(canMount())('a disk of a few MiB', () => {
  test('that is too small is refused before the first byte', async () => {
    using folder = workspace({ 'm.merge': recipe });
    enlarge(folder);
    using disk = smallDisk(folder, '4m');
    expect(disk).toBeDefined();
    const ended = await folder.run(['run', 'm.merge', '--out', 'small/m']);
    expectOneError(ended, 3);
    expect(folder.plain(ended.err)).toMatchInlineSnapshot(`
      "error MW6002: The output needs 17.8 MB, but the disk of <folder>/small has 4.19 MB free.
        Free 13.6 MB, or give a folder on another disk with --out.
      "
    `);
    expect(readdirSync(folder.at('small'))).toEqual([]);
    const plan = await folder.run(['plan', 'm.merge', '--out', 'small/m']);
    expect(plan).toMatchObject({ code: 3, err: ended.err });
  });

  test('that somebody else fills during the write', async () => {
    using folder = workspace({ 'm.merge': recipe });
    enlarge(folder);
    using disk = smallDisk(folder, '20m');
    expect(disk).toBeDefined();
    const args = ['run', 'm.merge', '--out', 'small/m', '--backend', 'oracle', '--threads', '1'];
    const run = start(args, { cwd: folder.path });
    await until(() => folder.has('small/m.part/model.safetensors'), run);
    fill(folder.at('small/somebody-else'));
    const ended = await run.ended;
    expectOneError(ended, 3);
    expect(folder.plain(ended.err)).toMatchInlineSnapshot(`
      "error MW6001: The disk filled up while <folder>/small/m.part/model.safetensors was being written.
        Free some space, or give a folder on another disk with --out; nothing half-written stays.
      "
    `);
    expect(readdirSync(folder.at('small'))).toEqual(['somebody-else']);
  });
});
