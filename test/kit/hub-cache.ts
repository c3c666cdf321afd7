/** A Hugging Face cache made by hand: blobs under their hashes, snapshots of links to them. */
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeModel, type TestModel } from './model.ts';

export interface HubCache {
  readonly path: string;
  /** Puts a model there, at a commit that `main` then leads to. */
  add(id: string, commit: string, model: TestModel, beside: Readonly<Record<string, string>>): void;
  /** Takes it away, and this process forgets it. */
  [Symbol.dispose](): void;
}

const variable = 'HF_HUB_CACHE';

/** This process looks there for models until it is disposed of. */
export function hubCache(): HubCache {
  const path = mkdtempSync(join(tmpdir(), 'mergewright-hub-'));
  const before = process.env[variable];
  process.env[variable] = path;
  return {
    path,
    add(id, commit, model, beside) {
      const repository = join(path, `models--${id.replaceAll('/', '--')}`);
      const snapshot = join(repository, 'snapshots', commit);
      const { 'config.json': config, ...rest } = beside;
      writeModel(snapshot, model, config === undefined ? {} : { config: JSON.parse(config) });
      for (const [name, text] of Object.entries(rest)) writeFileSync(join(snapshot, name), text);
      mkdirSync(join(repository, 'blobs'), { recursive: true });
      for (const name of readdirSync(snapshot)) {
        const file = join(snapshot, name);
        const isLarge = name.endsWith('.safetensors');
        const hash = createHash(isLarge ? 'sha256' : 'sha1').update(readFileSync(file));
        const blob = hash.digest('hex');
        renameSync(file, join(repository, 'blobs', blob));
        symlinkSync(`../../blobs/${blob}`, file);
      }
      mkdirSync(join(repository, 'refs'), { recursive: true });
      writeFileSync(join(repository, 'refs', 'main'), commit);
    },
    [Symbol.dispose]() {
      if (before === undefined) delete process.env[variable];
      else process.env[variable] = before;
      rmSync(path, { recursive: true, force: true });
    },
  };
}
