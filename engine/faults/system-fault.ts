import { diskFull } from './disk-full.ts';
import { FaultError, makeFault } from './fault.ts';
import type { Fault } from './fault.ts';
import { notARegularFile } from './not-a-regular-file.ts';
import { readFailed } from './read-failed.ts';
import { shownPlain } from './shown.ts';
import { sourceNotFound } from './source-not-found.ts';
import { sourceUnreadable } from './source-unreadable.ts';
import { writeFailed } from './write-failed.ts';
import { writeRefused } from './write-refused.ts';

/** The code that Node gives an error of the system (`ENOENT`), or nothing for any other exception. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const code = error.code;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

/** What the system said when a file was read. Anything but an error of the system is a bug and is thrown on. */
export function readFault(error: unknown, file: string): Fault {
  if (error instanceof FaultError) return error.fault;
  const code = systemCode(error);
  if (code === undefined) throw error;
  const name = shownPlain(file);
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return makeFault(sourceNotFound, {
        file,
        message: `There is no file or folder at ${name}.`,
        help: "Correct the path; relative paths start at the recipe's folder.",
      });
    case 'EACCES':
    case 'EPERM':
      return makeFault(sourceUnreadable, {
        file,
        message: `${name} cannot be read: the system denies access.`,
        help: 'Give this user the right to read it.',
      });
    case 'EISDIR':
    case 'ENXIO':
    case 'ELOOP':
    case 'ENAMETOOLONG':
      return makeFault(notARegularFile, {
        file,
        message: `${name} is not a file that can be read (${code}).`,
        help: 'Name a regular file or a model folder.',
      });
    case 'EMFILE':
    case 'ENFILE':
      return makeFault(readFailed, {
        file,
        message: `${name} cannot be opened: too many files are open.`,
        help: 'Raise the limit of open files (ulimit -n) or close other programs.',
      });
    default:
      return makeFault(readFailed, {
        file,
        message: `Reading ${name} failed (${code}).`,
        help: "Look at the disk and the system's log, or copy the model to another disk.",
      });
  }
}

/** What the system said when the output was written. Anything but an error of the system is a bug and is thrown on. */
export function writeFault(error: unknown, file: string): Fault {
  if (error instanceof FaultError) return error.fault;
  const code = systemCode(error);
  if (code === undefined) throw error;
  const name = shownPlain(file);
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return makeFault(diskFull, {
        file,
        message:
          code === 'ENOSPC'
            ? `The disk filled up while ${name} was being written.`
            : code === 'EDQUOT'
              ? `This user's share of the disk filled up while ${name} was being written.`
              : `${name} grew larger than this file system or user allows.`,
        help: 'Free some space, or give a folder on another disk with --out; nothing half-written stays.',
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return makeFault(writeRefused, {
        file,
        message: `${name} cannot be written: the system ${code === 'EROFS' ? 'has it mounted read-only' : 'denies access'}.`,
        help: 'Give a folder that this user may write to with --out.',
      });
    default:
      return makeFault(writeFailed, {
        file,
        message: `Writing ${name} failed (${code}).`,
        help: "Look at the disk and the system's log, or give a folder on another disk with --out.",
      });
  }
}

/** Runs a reading step; an error of the system becomes a thrown fault about `file`. */
export async function reading<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new FaultError(readFault(error, file));
  }
}

/** Runs a writing step; an error of the system becomes a thrown fault about `file`. */
export async function writing<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new FaultError(writeFault(error, file));
  }
}
