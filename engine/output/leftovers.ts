import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cannotResume } from '../faults/cannot-resume.ts';
import { raise } from '../faults/fault.ts';
import { shownBytes, shownPlain } from '../faults/shown.ts';
import { writing } from '../faults/system-fault.ts';
import { workFolderForeign } from '../faults/work-folder-foreign.ts';
import type { FileLayer } from './file-layer.ts';
import {
  changedSince,
  journalName,
  readJournal,
  type JournalHead,
  type ReadJournal,
} from './journal.ts';
import type { Notice } from './notice.ts';
import { changedFile, removeReplaced, replacedMark, unlinkIfThere } from './output-folder.ts';
import { kindOf } from './output-places.ts';
import type { OutputPlaces } from './output-places.ts';
import { readReport } from './report.ts';

/** In a work folder from its first moment until all in it is on the disk. */
export const workMark = '.mergewright-part';

/** What a run that was killed left in its work folder. */
type PartState = 'absent' | 'unfinished' | 'sealed';

export interface Recovery {
  readonly notices: readonly Notice[];
  /** A killed run's output was whole, of this very plan, and got its name now. */
  readonly finished: boolean;
  /** A killed run of this very plan left its work folder, which stays where it is. */
  readonly resumed?: ReadJournal;
}

/** Whether a run goes on with what a killed run of its own plan left, or was asked to do nothing else. */
export interface Resuming {
  readonly head: JournalHead;
  /** Where what is left is of another plan, the run is refused and all stays. */
  readonly insist: boolean;
}

export interface RecoveryQuestion {
  readonly places: OutputPlaces;
  readonly planHash: string;
  readonly layer: FileLayer;
  /** Without it what is unfinished is removed. */
  readonly resuming: Resuming | undefined;
}

/**
 * Clears up after a run that was killed, under the output's lock. A half-made swap is finished where the new output is
 * whole and of this plan, else undone; an unfinished output of this plan stays, to be gone on with; other leftovers with our
 * mark are removed. Throws MW6104 and MW6108.
 */
export async function recover({
  places,
  planHash,
  layer,
  resuming,
}: RecoveryQuestion): Promise<Recovery> {
  const { out, parent, part, old } = places;
  return writing(part, async () => {
    const notices: Notice[] = [];
    const partState = await lookAtPart(part);
    const resumed = partState === 'unfinished' ? await resumedFrom(part, resuming) : undefined;
    const outIsThere = (await kindOf(out)) !== 'absent';
    const oldIsOurs = await isReplaced(old);
    if (outIsThere) await unlinkIfThere(join(out, replacedMark)).catch(() => undefined);
    const ofThisPlan = partState === 'sealed' && (await planHashOf(part)) === planHash;
    const finished = !outIsThere && ofThisPlan;
    if (finished) {
      await unlinkIfThere(join(part, journalName));
      await layer.rename(part, out);
      await layer.syncFolder(parent);
      notices.push({
        kind: 'swap-finished',
        message: `An earlier run was killed when its output was whole; ${shownPlain(out)} got its name now.`,
      });
    } else if (!outIsThere && oldIsOurs) {
      await layer.rename(old, out);
      await unlinkIfThere(join(out, replacedMark));
      await layer.syncFolder(parent);
      notices.push({
        kind: 'swap-undone',
        message: `An earlier run was killed while it replaced ${shownPlain(out)}; the old output is back in its place.`,
      });
    }
    if (oldIsOurs && (outIsThere || finished)) notices.push(await clearOld(old));
    if (resumed !== undefined) {
      notices.push(goneOnWith(part, resumed));
      return { notices, finished, resumed };
    }
    if (partState !== 'absent' && !finished) {
      await rm(part, { recursive: true, force: true });
      notices.push({
        kind: 'leftovers-cleared',
        message: `An earlier run was killed before its output was whole; its work folder ${shownPlain(part)} was removed.`,
      });
    }
    return { notices, finished };
  });
}

/** The journal of an unfinished output, if this run would make the same. Throws MW6108. */
async function resumedFrom(
  part: string,
  resuming: Resuming | undefined,
): Promise<ReadJournal | undefined> {
  if (resuming === undefined) return undefined;
  const journal = await readJournal(join(part, journalName));
  const changed =
    journal === undefined ? 'it left no journal' : changedSince(journal.head, resuming.head);
  if (changed === undefined) return journal !== undefined && hasWork(journal) ? journal : undefined;
  if (!resuming.insist || (journal === undefined && (await isBare(part)))) return undefined;
  raise(cannotResume, {
    file: part,
    message: `The run that was interrupted in ${shownPlain(part)} cannot be continued: ${shownPlain(changed)}.`,
    help: 'Put back what was changed, or run without --resume: that removes its work and begins anew.',
  });
}

/** Killed before it had begun its journal: there is nothing to lose. */
async function isBare(part: string): Promise<boolean> {
  const begun = new Set([workMark, journalName]);
  return (await readdir(part)).every((name) => begun.has(name));
}

function hasWork({ stored, groups }: ReadJournal): boolean {
  return stored.size + groups.size > 0;
}

function goneOnWith(part: string, { stored }: ReadJournal): Notice {
  const lines = [...stored.values()].flatMap((stretches) => [...stretches.values()]);
  const bytes = lines.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return {
    kind: 'resumed',
    message: `An earlier run of the same was interrupted, and is continued: ${shownBytes(bytes)} are in ${shownPlain(part)} already.`,
  };
}

async function clearOld(old: string): Promise<Notice> {
  if (await removeReplaced(old)) {
    return {
      kind: 'old-removed',
      message: `An earlier run was killed after it replaced its output; the replaced one, ${shownPlain(old)}, was removed.`,
    };
  }
  return keptOld(old);
}

export function keptOld(old: string): Notice {
  return {
    kind: 'old-kept',
    message: `The replaced output ${shownPlain(old)} holds files that no run made; they were kept.`,
  };
}

async function lookAtPart(part: string): Promise<PartState> {
  const kind = await kindOf(part);
  if (kind === 'absent') return 'absent';
  if (kind !== 'folder') raise(workFolderForeign, foreign(part));
  const names = await readdir(part);
  if (names.length === 0) {
    // Killed between making the folder and marking it: there is nothing to lose.
    await rmdir(part);
    return 'absent';
  }
  if (names.includes(workMark)) return 'unfinished';
  const report = await readReport(part);
  if (!report.ok) raise(workFolderForeign, foreign(part));
  return (await changedFile(part, report.value)) === undefined ? 'sealed' : 'unfinished';
}

async function planHashOf(folder: string): Promise<string | undefined> {
  const report = await readReport(folder);
  return report.ok ? report.value.planHash : undefined;
}

/** Whether `<out>.old` is an output that a run set aside; a folder that merely has this name is not. */
export async function isReplaced(old: string): Promise<boolean> {
  if ((await kindOf(old)) !== 'folder') return false;
  return (await readdir(old)).includes(replacedMark);
}

export function foreign(path: string): { file: string; message: string; help: string } {
  return {
    file: path,
    message: `${shownPlain(path)} is needed for this run, but something that no run made stands there.`,
    help: 'Move it away, or give another folder with --out.',
  };
}
