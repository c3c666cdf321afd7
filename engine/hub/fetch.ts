/** Models from the hub, as the command line and the editor bring them. Loads the hub's library: import it where it is asked for. */
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { diskFull } from '../faults/disk-full.ts';
import { diskTooSmall } from '../faults/disk-too-small.ts';
import { raise, settle, success } from '../faults/fault.ts';
import type { Fault, Result } from '../faults/fault.ts';
import { shownBytes, shownPlain } from '../faults/shown.ts';
import { systemCode, writing } from '../faults/system-fault.ts';
import { writeFailed } from '../faults/write-failed.ts';
import { writeRefused } from '../faults/write-refused.ts';
import { RunCancelled } from '../run/cancelled.ts';
import type { Environment } from './environment.ts';
import { fetchModels } from './fetch-models.ts';
import type { FetchProgress } from './fetch-models.ts';
import { openLine } from './hub-api.ts';
import type { HubLine } from './hub-line.ts';
import { lackingModels, readRecipeText } from './lacking-models.ts';
import type { RecipeText } from './lacking-models.ts';
import type { NeededOptions } from './needed-files.ts';
import { bytesToFetch, planModels } from './plan-fetch.ts';
import type { FetchPlan } from './plan-fetch.ts';
import type { HubReference } from './repository.ts';

export { bytesToFetch } from './plan-fetch.ts';
export type { FetchPlan, MissingFile, ModelFetch } from './plan-fetch.ts';
export type { FetchProgress } from './fetch-models.ts';

export interface HubOptions extends Partial<Pick<HubLine, 'fetch' | 'pauses' | 'signal'>> {
  /** This process's variables unless given: where the cache and the hub are, and the token. */
  readonly env?: Environment;
}

/** A cancel is no fault. */
export type Cancellable<T> =
  { readonly kind: 'done'; readonly value: T } | { readonly kind: 'cancelled' };

/** What a recipe's models lack, by its file or its text. Faults: those of reading it, and MW4550. */
export function lackingIn(
  recipe: string | RecipeText,
  { env = process.env }: Pick<HubOptions, 'env'> = {},
): Promise<Result<readonly HubReference[]>> {
  return settle(async () =>
    lackingModels(typeof recipe === 'string' ? await readRecipeText(recipe) : recipe, env),
  );
}

/** What fetching would bring, with its sizes; nothing is written. Faults: MW458x, MW4520, MW4521, MW630x. */
export function planFetch(
  references: readonly HubReference[],
  { env = process.env, withCode = false, ...line }: HubOptions & NeededOptions = {},
): Promise<Result<Cancellable<FetchPlan>>> {
  return cancellable(async () =>
    planModels(await openLine(env, line), references, env, { withCode }),
  );
}

/** What a cache's disk would have left, after what a plan brings. */
export interface CacheRoom {
  readonly needed: number;
  readonly free: number;
}

/** Faults: MW6002 where the disk has too little room. */
export function foreseeRoom(plan: FetchPlan): Promise<Result<CacheRoom>> {
  return settle(async () => {
    const needed = bytesToFetch(plan);
    const free = await freeBytes(plan.cache);
    if (needed <= free) return { needed, free };
    return raise(diskTooSmall, {
      file: plan.cache,
      message: `The models need ${shownBytes(needed)}, but the disk of ${shownPlain(plan.cache)} has ${shownBytes(free)} free.`,
      help: `Free ${shownBytes(needed - free)}, or name a cache on another disk with HF_HUB_CACHE.`,
    });
  });
}

/** Brings what a plan lists. Faults: MW458x, MW630x, MW600x. */
export function runFetch(
  plan: FetchPlan,
  {
    env = process.env,
    onProgress,
    ...line
  }: HubOptions & { readonly onProgress?: (progress: FetchProgress) => void } = {},
): Promise<Result<Cancellable<undefined>>> {
  return cancellable(async () => {
    await fetchModels(await openLine(env, line), plan, {
      env,
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    return undefined;
  });
}

async function cancellable<T>(work: () => Promise<T>): Promise<Result<Cancellable<T>>> {
  try {
    const settled = await settle(work);
    if (!settled.ok) return { ok: false, fault: inTheCachesWords(settled.fault) };
    return success({ kind: 'done', value: settled.value });
  } catch (error) {
    if (error instanceof RunCancelled) return success({ kind: 'cancelled' });
    throw error;
  }
}

/** Faults of writing speak of an output; here it is the cache that was written. */
function inTheCachesWords(fault: Fault): Fault {
  const help: Readonly<Record<string, string>> = {
    [diskFull.code]:
      'Free some space, or name a cache on another disk with HF_HUB_CACHE; what has arrived stays.',
    [writeRefused.code]: 'Name a cache that this user may write to with HF_HUB_CACHE.',
    [writeFailed.code]:
      'Look at the disk and the system’s log, or name a cache on another disk with HF_HUB_CACHE.',
  };
  return { ...fault, help: help[fault.code] ?? fault.help };
}

/** Of the disk that a folder is or would be on. */
async function freeBytes(folder: string): Promise<number> {
  return writing(folder, async () => {
    for (let at = folder; ; at = dirname(at)) {
      try {
        const { bavail, bsize } = await statfs(at);
        return bavail * bsize;
      } catch (error) {
        const code = systemCode(error);
        if ((code !== 'ENOENT' && code !== 'ENOTDIR') || dirname(at) === at) throw error;
      }
    }
  });
}
