/** A folder for a fuzzer's cases, and beside it one that nobody may look into. */
import { execFileSync } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tensorsOf } from '../../engine/safetensors/sample-files.ts';
import { layoutShards } from '../../engine/safetensors/layout.ts';
import { expectThat } from './expectations.ts';

export interface Sandbox {
  readonly root: string;
  /** Holds the weights of one tensor, `canary`, and other files that models have. */
  readonly canary: string;
  /** Puts a pipe at a place: who opens it waits for ever. */
  pipeAt(path: string): void;
  /** Throws where the canary's folder is not as it was. */
  proveUntouched(): void;
  remove(): void;
}

export function makeSandbox(): Sandbox {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'mergewright-fuzz-')));
  const canary = join(root, 'canary');
  mkdirSync(canary);
  for (const [name, content] of Object.entries(canaryFiles())) {
    writeFileSync(join(canary, name), content);
  }
  const pipe = join(root, 'pipe');
  if (process.platform !== 'win32') execFileSync('mkfifo', [pipe]);
  const before = listing(canary);
  return {
    root,
    canary,
    pipeAt(path) {
      if (process.platform !== 'win32') linkSync(pipe, path);
    },
    proveUntouched() {
      expectThat(listing(canary) === before, `the folder beside was changed: ${listing(canary)}`);
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

function canaryFiles(): Readonly<Record<string, string | Uint8Array>> {
  return {
    'model.safetensors': weightsFile({ canary: 'U8 [4]' }),
    'config.json': '{"model_type":"canary"}',
    'tokenizer.json': '{"canary":true}',
    'mergewright.json': '{"mark":"canary"}',
    'canary.txt': 'canary',
  };
}

/** The bytes of one file that holds these tensors, all zeros. */
export function weightsFile(words: Readonly<Record<string, string>>): Uint8Array {
  const layout = layoutShards(tensorsOf(words));
  if (!layout.ok) throw new Error(layout.fault.message);
  const { size, header } = layout.value.files[0]!;
  const bytes = new Uint8Array(size);
  bytes.set(header);
  return bytes;
}

function listing(folder: string): string {
  const files = readdirSync(folder).sort();
  return JSON.stringify(files.map((name) => [name, readFileSync(join(folder, name), 'base64')]));
}
