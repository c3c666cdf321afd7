/** Model folders that tests make, opened or refused. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { sampleFolder } from '../safetensors/sample-files.ts';
import type { Checkpoint } from './checkpoint.ts';
import { openCheckpoint } from './open-checkpoint.ts';
import { localSource } from './source.ts';

export const root = sampleFolder();
afterAll(() => rmSync(root, { recursive: true }));

let made = 0;

/** A new folder with these files in it. */
export function folderOf(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  made += 1;
  const folder = join(root, `model-${made}`);
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

export async function opened(path: string): Promise<Checkpoint> {
  const result = await openCheckpoint(localSource(path, root));
  if (!result.ok) throw new Error(`${result.fault.code} ${result.fault.message}`);
  return result.value;
}

/** It is refused with this code, by a sentence, a way out and the file in question. */
export async function check(path: string, code: string, says: RegExp = /./): Promise<void> {
  const result = await openCheckpoint(localSource(path, root));
  expect(result.ok ? 'opened' : result.fault.code, result.ok ? '' : result.fault.message).toBe(
    code,
  );
  if (result.ok) return;
  expect(result.fault.message).toMatch(says);
  expect(result.fault.message).not.toMatch(/\p{Cc}/u);
  expect(result.fault.help).toMatch(/^[A-Z].*\.$/);
  expect(result.fault.file).toBeDefined();
}
