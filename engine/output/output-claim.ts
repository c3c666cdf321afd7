import { lstat, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SideFile } from '../checkpoints/checkpoint.ts';
import { FaultError, raise, settle } from '../faults/fault.ts';
import type { Result } from '../faults/fault.ts';
import { shownPlain } from '../faults/shown.ts';
import { reading, writing } from '../faults/system-fault.ts';
import { workFolderForeign } from '../faults/work-folder-foreign.ts';
import { openRegular, readExactly } from '../safetensors/open-regular.ts';
import { faultWriter } from './file-layer.ts';
import type { FileLayer, FileWriter } from './file-layer.ts';
import { journalName, type Journal, type JournalLine, type ReadJournal } from './journal.ts';
import { foreign, keptOld, workMark } from './leftovers.ts';
import { releaseLock } from './lock.ts';
import type { Lock } from './lock.ts';
import type { Notice } from './notice.ts';
import {
  judgePlace,
  removeIfEmpty,
  removeReplaced,
  replacedMark,
  unlinkIfThere,
} from './output-folder.ts';
import { folderOf, isOutputName, namesIn } from './output-names.ts';
import { kindOf } from './output-places.ts';
import type { OutputPlaces } from './output-places.ts';
import { isOwnFile, proveOldIsFree, removeEmpty } from './own-places.ts';
import { printReport, reportName } from './report.ts';
import type { MergeReport, ReportBody, ReportFile } from './report.ts';

/** Names of the run's own, which no file of an output may have. */
const ownNames: ReadonlySet<string> = new Set([workMark, replacedMark, journalName]);

/** Side files are copied in pieces of this many bytes. */
const copiedAtOnce = 1 << 20;

export interface ClaimState {
  readonly places: OutputPlaces;
  readonly planHash: string;
  readonly overwrite: boolean;
  readonly layer: FileLayer;
  readonly lock: Lock;
  /** Folders above the output that this claim made, the deepest first. */
  readonly parents: readonly string[];
  readonly notices: readonly Notice[];
  /** What is done is written down here. */
  readonly journal?: Journal;
  /** What a killed run left, which lies in the work folder. */
  readonly resumed?: ReadJournal;
}

/**
 * An output in the making. Its life: files are created and written, then `seal` brings them to the disk with their report,
 * then `publish` gives the folder its name. Until then `abandon` removes every trace. When several outputs belong together,
 * all are sealed before the first is published.
 */
export class OutputClaim {
  /** The output's final place. */
  readonly out: string;
  /** Where its files are written until then. */
  readonly workFolder: string;
  readonly #state: ClaimState;
  readonly #notices: Notice[];
  readonly #writers = new Set<FileWriter>();
  /** Folders of the output. */
  readonly #folders = new Set<string>();
  #stage: 'open' | 'sealed' | 'ended' = 'open';
  /** Whether there is something that another run can go on with. */
  #hasWork: boolean;

  constructor(state: ClaimState) {
    this.out = state.places.out;
    this.workFolder = state.places.part;
    this.#state = state;
    this.#notices = [...state.notices];
    this.#hasWork = state.resumed !== undefined;
  }

  /** What was found of earlier runs, and what became of it. */
  get notices(): readonly Notice[] {
    return this.#notices;
  }

  /** What the killed run that this one goes on with has written down. */
  get resumed(): ReadJournal | undefined {
    return this.#state.resumed;
  }

  /** Writes down that a tensor is stored, or what was found over the whole model. Throws faults. */
  async record(line: JournalLine): Promise<void> {
    await this.#state.journal?.append(line);
    this.#hasWork = true;
  }

  /**
   * Makes a file of a known length; one that a killed run left is taken as it is. Its writer throws faults (`FaultError`);
   * `seal` and `abandon` close what is open.
   */
  createFile(name: string, size: number): Promise<Result<FileWriter>> {
    return settle(async () => {
      const writer = await this.#create(name, { keep: true });
      await writer.truncate(size);
      return writer;
    });
  }

  /** Writes a small file whole: index, configuration, card. */
  writeText(name: string, text: string): Promise<Result<void>> {
    return settle(() => this.#writeWhole(name, Buffer.from(text, 'utf8')));
  }

  /** Copies side files of a model. Faults: those of reading and of writing. */
  carry(files: readonly SideFile[]): Promise<Result<void>> {
    return settle(async () => {
      for (const file of files) await this.#copy(file);
    });
  }

  /**
   * Brings all files to the disk, then the report, which lists them, and takes the work folder's mark off. From here on a
   * killed run's output is finished by the next run of the same plan.
   */
  seal(body: ReportBody): Promise<Result<MergeReport>> {
    return settle(async () => {
      this.#expect('open');
      const { layer } = this.#state;
      if (body.planHash !== this.#state.planHash) throw new Error('The report is of another plan.');
      const files = await this.#flush();
      const report: MergeReport = { mark: 'mergewright report', version: 1, ...body, files };
      await this.#writeWhole(reportName, Buffer.from(printReport(report), 'utf8'));
      await writing(this.workFolder, async () => {
        for (const folder of this.#folders) await layer.syncFolder(join(this.workFolder, folder));
        await layer.syncFolder(this.workFolder);
        await unlinkIfThere(join(this.workFolder, workMark));
        await unlinkIfThere(join(this.workFolder, journalName));
        await layer.syncFolder(this.workFolder);
      });
      this.#stage = 'sealed';
      return report;
    });
  }

  /** Brings what is written so far to the disk, so that the last flush has little left. Throws faults. */
  async flushSoFar(): Promise<void> {
    for (const writer of this.#writers) await writer.fdatasync();
  }

  /** Brings all files to the disk and leaves the output unfinished: what a run that only takes the time needs. */
  flush(): Promise<Result<void>> {
    return settle(async () => {
      this.#expect('open');
      await this.#flush();
    });
  }

  /**
   * Gives the sealed output its name, by one rename; an output that it replaces is set aside first and deleted last. If the
   * place was taken meanwhile, the fault says so and the whole work folder stays for a later run.
   */
  publish(): Promise<Result<void>> {
    return settle(async () => {
      this.#expect('sealed');
      const { places, planHash, overwrite, layer, lock } = this.#state;
      const { out, parent, part, old } = places;
      const state = await judgePlace({ out, planHash, overwrite });
      if (!state.ok) {
        this.#stage = 'ended';
        await releaseLock(lock);
        throw new FaultError({
          ...state.fault,
          message: `${state.fault.message} It came there during the run; the finished model is in ${shownPlain(part)}.`,
          help: 'Move away what stands in its place and run again: the finished model then gets its name at once.',
        });
      }
      const replaces = state.value.kind !== 'free';
      await writing(out, async () => {
        if (replaces) await this.#setAside();
        else await removeIfEmpty(out);
        try {
          await layer.rename(part, out);
        } catch (error) {
          if (replaces) await this.#putBack();
          throw error;
        }
        await layer.syncFolder(parent);
      });
      this.#stage = 'ended';
      try {
        if (replaces && !(await removeReplaced(old))) this.#notices.push(keptOld(old));
      } finally {
        await releaseLock(lock);
      }
    });
  }

  /** Removes the work folder and gives the lock back; after `publish` there is nothing to do. */
  abandon(): Promise<Result<void>> {
    return settle(async () => {
      if (this.#stage === 'ended') return;
      this.#stage = 'ended';
      await this.#closeWriters();
      await this.#state.journal?.close();
      await writing(this.workFolder, () => rm(this.workFolder, { recursive: true, force: true }));
      await releaseLock(this.#state.lock);
      await removeEmpty(this.#state.parents);
    });
  }

  /** Leaves what is stored to the next run of the same, which goes on with it, and gives the lock back. */
  leave(): Promise<Result<void>> {
    if (!this.#hasWork) return this.abandon();
    return settle(async () => {
      if (this.#stage === 'ended') return;
      this.#stage = 'ended';
      await this.#closeWriters();
      await this.#state.journal?.close();
      await releaseLock(this.#state.lock);
    });
  }

  async #create(name: string, { keep = false } = {}): Promise<FileWriter> {
    this.#expect('open');
    const folder = folderOf(name);
    if (!isOutputName(name) || ownNames.has(folder ?? name)) {
      throw new Error(`${JSON.stringify(name)} cannot be a file of an output.`);
    }
    if (folder !== undefined) await this.#makeFolder(folder);
    const path = join(this.workFolder, name);
    const writer = faultWriter(await writing(path, () => this.#open(path, keep)));
    this.#writers.add(writer);
    return writer;
  }

  /** One that a killed run left is taken; anything else there was put there by somebody else, and may lead anywhere. */
  async #makeFolder(name: string): Promise<void> {
    if (this.#folders.has(name)) return;
    const path = join(this.workFolder, name);
    await writing(path, async () => {
      const kind = await kindOf(path);
      if (kind === 'absent') await mkdir(path);
      else if (kind !== 'folder') raise(workFolderForeign, foreign(path));
    });
    this.#folders.add(name);
  }

  /** What a killed run left of a file is kept, or made anew. */
  async #open(path: string, keep: boolean): Promise<FileWriter> {
    const { layer, resumed } = this.#state;
    if (resumed === undefined) return layer.create(path);
    if (keep && (await isOwnFile(path))) return layer.reopen(path);
    await unlinkIfThere(path);
    return layer.create(path);
  }

  async #writeWhole(name: string, bytes: Uint8Array): Promise<void> {
    const writer = await this.#create(name);
    await writer.pwrite(bytes, 0);
    await writer.fdatasync();
    this.#writers.delete(writer);
    await writer.close();
  }

  async #copy({ name, path, size }: SideFile): Promise<void> {
    const writer = await this.#create(name);
    await reading(path, async () => {
      const handle = await openRegular(path);
      try {
        const bytes = Buffer.allocUnsafe(Math.min(size, copiedAtOnce));
        for (let at = 0; at < size; at += copiedAtOnce) {
          const piece = bytes.subarray(0, Math.min(copiedAtOnce, size - at));
          await readExactly(handle, piece, { at, path });
          await writer.pwrite(piece, at);
        }
      } finally {
        await handle.close();
      }
    });
    this.#writers.delete(writer);
    await writer.close();
  }

  async #closeWriters(): Promise<void> {
    for (const writer of this.#writers) await writer.close();
    this.#writers.clear();
  }

  async #flush(): Promise<readonly ReportFile[]> {
    await this.#closeWriters();
    await this.#state.journal?.close();
    const files = await this.#listFiles();
    for (const { name } of files) {
      const path = join(this.workFolder, name);
      await writing(path, () => this.#state.layer.syncFile(path));
    }
    return files;
  }

  async #listFiles(): Promise<ReportFile[]> {
    return writing(this.workFolder, async () => {
      const files: ReportFile[] = [];
      for (const name of await namesIn(this.workFolder, [...this.#folders])) {
        // A run that was killed while it sealed its output leaves a report, which is written anew.
        if (ownNames.has(name) || name === reportName) continue;
        const path = join(this.workFolder, name);
        const status = await lstat(path);
        // A link or a folder was put there by somebody else, and may lead anywhere.
        if (!status.isFile()) raise(workFolderForeign, foreign(path));
        files.push({ name, size: status.size });
      }
      return files;
    });
  }

  async #setAside(): Promise<void> {
    const { places, layer, lock } = this.#state;
    await proveOldIsFree(places);
    if ((await kindOf(places.old)) === 'folder') await removeReplaced(places.old);
    await writeFile(join(places.out, replacedMark), `${lock.runId}\n`);
    await layer.rename(places.out, places.old);
  }

  async #putBack(): Promise<void> {
    const { out, old } = this.#state.places;
    await this.#state.layer.rename(old, out);
    await unlinkIfThere(join(out, replacedMark));
  }

  #expect(stage: 'open' | 'sealed'): void {
    if (this.#stage !== stage) throw new Error(`The output is ${this.#stage}, not ${stage}.`);
  }
}
