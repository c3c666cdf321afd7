/** Brings what a plan lists into the cache, several files at a time. */
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readBoundedText } from '../checkpoints/read-json.ts';
import { settle } from '../faults/fault.ts';
import { writing } from '../faults/system-fault.ts';
import { RunCancelled } from '../run/cancelled.ts';
import { lockBlob } from './blob-lock.ts';
import { downloadFile } from './download-file.ts';
import { mayLink } from './environment.ts';
import type { Environment } from './environment.ts';
import type { HubLine } from './hub-line.ts';
import { placeFile } from './place-file.ts';
import { bytesToFetch, missingBlobs } from './plan-fetch.ts';
import type { FetchPlan, MissingBlob, ModelFetch } from './plan-fetch.ts';
import { sizeOf } from './snapshot-state.ts';
import { readTree, writeTree, writeWhole } from './tree.ts';

export interface FetchProgress {
  /** Bytes that have come over the line. */
  readonly bytes: number;
  readonly bytesToFetch: number;
  readonly filesDone: number;
  readonly files: number;
  readonly seconds: number;
}

export interface FetchRunOptions {
  readonly env: Environment;
  readonly onProgress?: (progress: FetchProgress) => void;
}

/** More would not be faster, and a hub allows few. */
const atOnce = 4;

/**
 * Throws what stopped the first file that did not arrive: MW6301 to MW6305, MW4581 to MW4583, MW6001 to MW6004, or
 * `RunCancelled`. What has arrived stays, and the names of revisions are written for models that are whole.
 */
export async function fetchModels(
  line: HubLine,
  plan: FetchPlan,
  { env, onProgress }: FetchRunOptions,
): Promise<void> {
  const tally = beginTally(plan, onProgress);
  const stop = new AbortController();
  const signal =
    line.signal === undefined ? stop.signal : AbortSignal.any([line.signal, stop.signal]);
  const queue = [...missingBlobs(plan)];
  for (const model of plan.models) await prepare(model);
  const left = new Map(plan.models.map((model) => [model, model.missing.length]));
  for (const [model, files] of left) if (files === 0) await nameRevision(model);
  const failures: unknown[] = [];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      try {
        await bring({ ...line, signal }, plan, next, { env, tally });
        for (const { model } of next.places) {
          const rest = left.get(model)! - 1;
          left.set(model, rest);
          if (rest === 0) await nameRevision(model);
        }
      } catch (error) {
        failures.push(error);
        queue.length = 0;
        stop.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  if (line.signal?.aborted === true) throw new RunCancelled();
  // Those after the first were stopped because of it.
  if (failures.length > 0) throw failures[0];
}

/** A model that is whole may lie in a cache that this user cannot write to: nothing has to be written then. */
async function prepare(model: ModelFetch): Promise<void> {
  const { repository, commit, missing } = model;
  if (missing.length === 0) {
    await settle(() => leaveTree(model));
    return;
  }
  for (const name of ['blobs', join('snapshots', commit)]) {
    const folder = join(repository, name);
    await writing(folder, () => mkdir(folder, { recursive: true }));
  }
  await leaveTree(model);
}

async function leaveTree({ repository, commit, tree }: ModelFetch): Promise<void> {
  if ((await readTree(repository, commit)) === undefined) await writeTree(repository, commit, tree);
}

/** The revision's name leads to the commit only once the commit's files are there. */
async function nameRevision({ repository, commit, reference }: ModelFetch): Promise<void> {
  const { revision } = reference;
  if (revision === commit) return;
  const path = join(repository, 'refs', revision);
  const named = await readBoundedText(path, 200).catch(() => undefined);
  if (named !== commit) await writeWhole(path, commit);
}

async function bring(
  line: HubLine,
  { cache }: FetchPlan,
  { blob, places }: MissingBlob,
  { env, tally }: { readonly env: Environment; readonly tally: Tally },
): Promise<void> {
  const [first] = places;
  const { reference, commit, repository } = first!.model;
  const { file } = first!.missing;
  const lock = await lockBlob({
    cache,
    repository: basename(repository),
    blob: basename(blob),
    isLarge: file.sha256 !== undefined,
  });
  try {
    const isNew = (await sizeOf(blob)) !== file.size;
    if (isNew) {
      const onBytes = (bytes: number): void => tally.arrived(blob, bytes);
      await downloadFile({ line, reference, commit, file, blob, onBytes });
    }
    for (const [at, { model, missing }] of places.entries()) {
      const place = { repository, commit: model.commit, path: missing.file.path };
      // Where there are no links, the last place takes the file itself.
      const isLast = at === places.length - 1;
      await placeFile(place, { blob, isNew: isNew && isLast, mayLink: mayLink(env) });
    }
    tally.done(blob, places.length);
  } finally {
    await lock.release();
  }
}

interface Tally {
  /** So many of a file's bytes are there now. */
  arrived(blob: string, bytes: number): void;
  /** All of them, under so many names. */
  done(blob: string, names: number): void;
}

/** Faster than eyes need no progress. */
const toldEveryMs = 100;

function beginTally(plan: FetchPlan, onProgress: FetchRunOptions['onProgress']): Tally {
  const began = performance.now();
  const blobs = missingBlobs(plan);
  const files = blobs.reduce((sum, { places }) => sum + places.length, 0);
  const all = bytesToFetch(plan);
  const sizes = new Map(blobs.map(({ blob, places }) => [blob, places[0]!.missing.file.size]));
  const there = new Map(blobs.map(({ blob, places }) => [blob, places[0]!.missing.there]));
  let [filesDone, bytes, told] = [0, 0, 0];
  const hold = (blob: string, now: number): void => {
    bytes += now - there.get(blob)!;
    there.set(blob, now);
  };
  const tell = (): void => {
    told = performance.now();
    onProgress?.({ bytes, bytesToFetch: all, filesDone, files, seconds: (told - began) / 1000 });
  };
  return {
    arrived(blob, now) {
      hold(blob, now);
      if (performance.now() - told >= toldEveryMs) tell();
    },
    done(blob, names) {
      filesDone += names;
      hold(blob, sizes.get(blob)!);
      tell();
    },
  };
}
