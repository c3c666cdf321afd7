import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { settle, valueOf } from '../faults/fault.ts';
import type { Result } from '../faults/fault.ts';
import { shownPlain } from '../faults/shown.ts';
import { writing } from '../faults/system-fault.ts';
import { foreseeSpace } from './disk-space.ts';
import { nodeFileLayer } from './file-layer.ts';
import type { FileLayer } from './file-layer.ts';
import { journalName, openJournal, type Journal, type ReadJournal } from './journal.ts';
import { recover, workMark, type Recovery, type Resuming } from './leftovers.ts';
import { releaseLock, takeLock } from './lock.ts';
import type { Lock } from './lock.ts';
import type { Notice } from './notice.ts';
import { OutputClaim } from './output-claim.ts';
import { proveOldIsFree, removeEmpty } from './own-places.ts';
import { judgePlace } from './output-folder.ts';
import type { PlaceState } from './output-folder.ts';
import { placesOf, proveNoInputInside, type OutputPlaces } from './output-places.ts';
import type { MergeReport } from './report.ts';

export interface ClaimOptions {
  /** The output's folder. */
  readonly out: string;
  /** SHA-256 in hex; an output that carries it is up to date. */
  readonly planHash: string;
  /** Replace an output that a run made, and make one of this plan anew. */
  readonly overwrite?: boolean;
  /** Files that the recipe reads; none of them may lie in the output. */
  readonly inputs?: readonly string[];
  /** What the output will take; held against the disk's room before the first byte. */
  readonly bytes?: number;
  readonly runId?: string;
  readonly layer?: FileLayer;
  /** Keeps a journal, and goes on with what a killed run of this plan left; without it no work is kept. */
  readonly resuming?: Resuming;
}

export type ClaimOutcome =
  | { readonly kind: 'claimed'; readonly claim: OutputClaim }
  /** There is nothing to do. */
  | {
      readonly kind: 'up-to-date';
      readonly report: MergeReport;
      readonly notices: readonly Notice[];
    };

/**
 * Looks at an output's place as `claimOutput` does, but takes no lock and changes nothing: what a plan can foresee.
 * Faults: MW6002 to MW6004, MW6102 to MW6106.
 */
export function inspectOutput(options: ClaimOptions): Promise<Result<PlaceState>> {
  const { out, planHash, overwrite = false, inputs = [], bytes = 0, layer } = options;
  return settle(async () => {
    const places = await placesOf(out);
    await proveNoInputInside(places, inputs);
    const state = valueOf(await judgePlace({ out: places.out, planHash, overwrite }));
    if (state.kind !== 'up-to-date') {
      valueOf(await foreseeSpace([{ folder: places.out, bytes }], layer));
    }
    return state;
  });
}

/**
 * Takes an output's place for this run: its lock, what a killed run left there, and a work folder beside it. Nothing
 * appears under the output's own name before `publish`. Faults: MW6001 to MW6004, MW6101 to MW6106, MW6108.
 */
export function claimOutput(options: ClaimOptions): Promise<Result<ClaimOutcome>> {
  const { out, planHash, overwrite = false, inputs = [], bytes = 0, resuming } = options;
  const layer = options.layer ?? nodeFileLayer;
  return settle(async (): Promise<ClaimOutcome> => {
    const places = await placesOf(out);
    await proveNoInputInside(places, inputs);
    const parents = await makeParents(places.parent);
    let lock: Lock | undefined;
    try {
      lock = await takeLock(places.lock, options.runId);
      const recovery = await recover({ places, planHash, layer, resuming });
      const { resumed } = recovery;
      const notices = [...lock.notices, ...recovery.notices, ...nothingLeft(recovery, options)];
      const state = valueOf(
        await judgePlace({ out: places.out, planHash, overwrite: overwrite && !recovery.finished }),
      );
      if (state.kind === 'up-to-date') {
        await releaseLock(lock);
        return { kind: 'up-to-date', report: state.report, notices };
      }
      if (state.kind === 'replace') await proveOldIsFree(places);
      if (resumed === undefined) {
        valueOf(await foreseeSpace([{ folder: places.out, bytes }], layer));
        await makeWorkFolder(places.part, lock.runId);
      }
      const journal = await journalOf(places, { layer, resuming, resumed });
      const claim = new OutputClaim({
        ...{ places, planHash, overwrite, layer, lock, parents, notices },
        ...(journal === undefined ? {} : { journal }),
        ...(resumed === undefined ? {} : { resumed }),
      });
      return { kind: 'claimed', claim };
    } catch (error) {
      if (lock !== undefined) await releaseLock(lock);
      await removeEmpty(parents);
      throw error;
    }
  });
}

/** Somebody asks for what an interrupted run left, and there is none. */
function nothingLeft({ resumed, finished }: Recovery, { out, resuming }: ClaimOptions): Notice[] {
  if (resuming?.insist !== true || resumed !== undefined || finished) return [];
  return [
    {
      kind: 'nothing-to-resume',
      message: `No interrupted run left anything beside ${shownPlain(out)}; it is made from the start.`,
    },
  ];
}

async function journalOf(
  { part }: OutputPlaces,
  {
    layer,
    resuming,
    resumed,
  }: {
    readonly layer: FileLayer;
    readonly resuming: Resuming | undefined;
    readonly resumed: ReadJournal | undefined;
  },
): Promise<Journal | undefined> {
  if (resuming === undefined) return undefined;
  return openJournal(join(part, journalName), { layer, head: resuming.head, resumed });
}

/** Makes the folder that the output will stand in. Gives those that were not there before, the deepest first. */
async function makeParents(parent: string): Promise<readonly string[]> {
  const created = await writing(parent, () => mkdir(parent, { recursive: true }));
  return created === undefined ? [] : foldersUpTo(parent, created);
}

/** Marked from its first moment, so that the next run may clear it. */
async function makeWorkFolder(part: string, runId: string): Promise<void> {
  await writing(part, async () => {
    await mkdir(part);
    try {
      await writeFile(join(part, workMark), `${runId}\n`, { flag: 'wx' });
    } catch (error) {
      await rm(part, { recursive: true, force: true });
      throw error;
    }
  });
}

function foldersUpTo(deepest: string, highest: string): string[] {
  const folders = [deepest];
  for (let at = deepest; at !== resolve(highest) && dirname(at) !== at;) {
    at = dirname(at);
    folders.push(at);
  }
  return folders;
}
