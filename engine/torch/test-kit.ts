/** Reads PyTorch files that tests make, each written to one place. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { readTorchFile } from './read-torch-file.ts';
import type { TorchHeader } from './read-torch-file.ts';
import { floatTensor, torchLegacy, torchZip } from './sample-torch.ts';

const folder = mkdtempSync(join(tmpdir(), 'mergewright-test-'));
const path = join(folder, 'pytorch_model.bin');
afterAll(() => rmSync(folder, { recursive: true }));

/** Both kinds of files. */
export const kinds = [
  ['zip', torchZip],
  ['legacy', torchLegacy],
] as const;

export const w = floatTensor([1, 2, 3, 4, 5, 6], [2, 3]);
export const b = floatTensor([7, 8], [2]);

export async function read(bytes: Uint8Array): Promise<TorchHeader> {
  writeFileSync(path, bytes);
  const header = await readTorchFile(path);
  if (!header.ok) throw new Error(`${header.fault.code} ${header.fault.message}`);
  return header.value;
}

/** The bytes are refused with this code, by a sentence and a way out. */
export async function check(bytes: Uint8Array, code: string, says: RegExp): Promise<void> {
  writeFileSync(path, bytes);
  const header = await readTorchFile(path);
  expect(header.ok ? 'read' : `${header.fault.code} ${header.fault.message}`).toMatch(
    new RegExp(`^${code}`),
  );
  if (header.ok) return;
  expect(header.fault.message).toMatch(says);
  expect(header.fault.message).toMatch(/\.$/);
  expect(header.fault.help).toMatch(/^[A-Z].*\.$/);
  expect(header.fault.file).toBe(path);
}

/** The values of a tensor's bytes, as they lie in the file that was read last. */
export function valuesOf({ tensors }: TorchHeader, name: string): number[] {
  const { offset, byteLength } = tensors.find((tensor) => tensor.name === name)!;
  const bytes = readFileSync(path).subarray(offset, offset + byteLength);
  return [...new Float32Array(new Uint8Array(bytes).buffer)];
}
