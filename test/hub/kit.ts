/** A hub, a cache and a command line for a test; nothing of the user's own is read. */
import { randomBytes } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fetchCommand, type FetchFlags, type FetchSurroundings } from '../../client/cli/fetch.ts';
import type { Environment } from '../../engine/hub/environment.ts';
import { testFolder } from '../kit/merge.ts';
import { writeModel } from '../kit/model.ts';
import { smallModel } from '../kit/workspace.ts';
import { filesIn, isLarge, gitHashOf, sha256Of, startHub, type LocalHub } from './local-hub.ts';

export const commit = '4a83ca6e4526a4f2da3aa259ec36c259f66b2ab2';
export const laterCommit = 'b'.repeat(40);

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface HubDesk {
  readonly hub: LocalHub;
  readonly folder: string;
  readonly cache: string;
  readonly env: Environment & Record<string, string>;
  /** `mergewright fetch`, in this process. */
  fetch(
    wanted: readonly string[],
    flags?: FetchFlags,
    surroundings?: FetchSurroundings,
  ): Promise<Ended>;
  /** A place in a model's folder of the cache. */
  at(id: string, ...parts: readonly string[]): string;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function hubDesk(): Promise<HubDesk> {
  const hub = await startHub();
  const folder = testFolder();
  const cache = join(folder.path, 'cache');
  const env = {
    HOME: folder.path,
    HF_HUB_CACHE: cache,
    HF_ENDPOINT: hub.endpoint,
    HF_HUB_DOWNLOAD_TIMEOUT: '0.3',
    HF_HUB_ETAG_TIMEOUT: '2',
  };
  return {
    hub,
    folder: folder.path,
    cache,
    env,
    async fetch(wanted, flags = { yes: true }, surroundings = {}) {
      const [out, err]: [string[], string[]] = [[], []];
      const terminal = {
        out: (text: string) => void out.push(text),
        err: (text: string) => void err.push(text),
        isInteractive: false,
        columns: 100,
      };
      const code = await fetchCommand(terminal, wanted, flags, {
        env,
        pauses: [0, 10, 10],
        ...surroundings,
      });
      return { code, out: out.join(''), err: err.join('') };
    },
    at: (id, ...parts) => join(cache, `models--${id.replace('/', '--')}`, ...parts),
    async [Symbol.asyncDispose]() {
      await hub.close();
      folder[Symbol.dispose]();
    },
  };
}

const config = {
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  num_hidden_layers: 2,
  torch_dtype: 'bfloat16',
  vocab_size: 8,
};

/** Two shards, and what a merge needs beside them, and does not. */
export function modelFiles(folder: string, fineTune = 0): Record<string, Buffer> {
  const path = join(folder, `source-${fineTune}`);
  writeModel(path, smallModel(fineTune), { config, shardBytes: 700 });
  return {
    ...filesIn(path),
    'tokenizer.json': Buffer.from(`{"model": "of ${fineTune}"}`),
    'tokenizer_config.json': Buffer.from('{}'),
    'generation_config.json': Buffer.from('{}'),
    'chat_template.jinja': Buffer.from('{{ messages }}'),
    'README.md': Buffer.from('---\nlicense: mit\n---\n'),
    LICENSE: Buffer.from('Do as you like.'),
    'modeling_own.py': Buffer.from('import os'),
    'tokenizer_own.py': Buffer.from('import os'),
    'pytorch_model.bin': randomBytes(5000),
    'onnx/model.onnx': randomBytes(5000),
    'training_args.json': Buffer.from('{"seed": 1}'),
  };
}

/** One large file of random bytes, under the name of a model's weights. */
export function bigFiles(size: number): Record<string, Buffer> {
  return { 'model.safetensors': randomBytes(size), 'config.json': Buffer.from('{}') };
}

/** Asserts nothing: what stands in a snapshot, as `path -> blob` with the content proved. */
export function snapshotOf(desk: HubDesk, id: string, files: Record<string, Buffer>): string[] {
  return Object.entries(files).flatMap(([name, content]) => {
    const path = desk.at(id, 'snapshots', commit, name);
    if (!existsSync(path)) return [];
    const isSame = readFileSync(path).equals(content);
    const isBlob = lstatSync(path).isSymbolicLink()
      ? readlinkSync(path) ===
        `../../blobs/${isLarge(content) ? sha256Of(content) : gitHashOf(content)}`
      : undefined;
    return [
      `${name}${isSame ? '' : ' differs'}${isBlob === true ? '' : isBlob === false ? ' leads elsewhere' : ' is a file'}`,
    ];
  });
}
