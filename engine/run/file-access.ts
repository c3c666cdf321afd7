import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { FaultError, makeFault } from '../faults/fault.ts';
import { shownPlain } from '../faults/shown.ts';
import { readFault, writeFault } from '../faults/system-fault.ts';
import { truncatedFile } from '../faults/truncated-file.ts';

/** Positional, blocking reads and writes: what a worker does with files. Errors are thrown faults. */
export interface FileAccess {
  read(path: string, into: Uint8Array, position: number): void;
  write(path: string, bytes: Uint8Array, position: number): void;
  close(): void;
}

/**
 * Bytes that are read or written at once: they are copied while they are in the core's own cache, and the system, which keeps
 * what is written in pieces of that size, need not look for large stretches of free memory.
 */
const atOnce = 256 << 10;

/** Files open once and stay open until `close`. An input is never opened for writing. */
export function nodeFiles(): FileAccess {
  const readers = new Map<string, number>();
  const writers = new Map<string, number>();
  const opened = (table: Map<string, number>, path: string, flags: 'r' | 'r+'): number => {
    const known = table.get(path);
    if (known !== undefined) return known;
    const made = openSync(path, flags);
    table.set(path, made);
    return made;
  };
  return {
    read(path, into, position) {
      let done = 0;
      while (done < into.length) {
        const count = reading(path, () =>
          readSync(
            opened(readers, path, 'r'),
            into,
            done,
            Math.min(atOnce, into.length - done),
            position + done,
          ),
        );
        if (count === 0) throw new FaultError(shortened(path));
        done += count;
      }
    },
    write(path, bytes, position) {
      let done = 0;
      while (done < bytes.length) {
        done += writing(path, () =>
          writeSync(
            opened(writers, path, 'r+'),
            bytes,
            done,
            Math.min(atOnce, bytes.length - done),
            position + done,
          ),
        );
      }
    },
    close() {
      for (const table of [readers, writers]) {
        for (const file of table.values()) closeSync(file);
        table.clear();
      }
    },
  };
}

function shortened(path: string) {
  return makeFault(truncatedFile, {
    file: path,
    message: `${shownPlain(path)} became shorter while it was being read.`,
    help: 'Wait until the program that writes it has finished, then try again.',
  });
}

function reading<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new FaultError(readFault(error, path));
  }
}

function writing<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new FaultError(writeFault(error, path));
  }
}

/** The length of a file that is open for reading elsewhere, in bytes. */
export function fileLength(path: string): number {
  return reading(path, () => {
    const file = openSync(path, 'r');
    try {
      return fstatSync(file).size;
    } finally {
      closeSync(file);
    }
  });
}
