import { constants, open, rename, statfs } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { systemCode, writing } from '../faults/system-fault.ts';

/** A file that is being written: any order, any part. A layer's writer throws the system's errors as they come. */
export interface FileWriter {
  readonly path: string;
  /** Writes all bytes at a position, which counts from the start of the file. */
  pwrite(bytes: Uint8Array, position: number): Promise<void>;
  /** Sets the file's length. */
  truncate(length: number): Promise<void>;
  /** Waits until the bytes are on the disk. */
  fdatasync(): Promise<void>;
  close(): Promise<void>;
}

/** All effects that an output's life has on the disk's state. Tests give one that fills, fails or is killed. */
export interface FileLayer {
  /** Makes a file that is not there yet. */
  create(path: string): Promise<FileWriter>;
  /** Opens a file that an earlier run made, as it is. */
  reopen(path: string): Promise<FileWriter>;
  /** Waits until a closed file's bytes are on the disk. */
  syncFile(path: string): Promise<void>;
  /** Waits until a folder's names are on the disk. */
  syncFolder(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Bytes that this user may still write on the disk of a folder. */
  freeBytes(folder: string): Promise<number>;
}

/** A link that somebody put in a work folder leads nowhere; Windows knows no such flag. */
const noFollow = (constants as { O_NOFOLLOW?: number }).O_NOFOLLOW ?? 0;

export const nodeFileLayer: FileLayer = {
  async create(path) {
    return new NodeFileWriter(path, await open(path, 'wx+'));
  },
  async reopen(path) {
    return new NodeFileWriter(path, await open(path, constants.O_RDWR | noFollow));
  },
  async syncFile(path) {
    const handle = await open(path, 'r+');
    try {
      await handle.datasync();
    } finally {
      await handle.close();
    }
  },
  syncFolder,
  rename,
  async freeBytes(folder) {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  },
};

class NodeFileWriter implements FileWriter {
  readonly path: string;
  readonly #handle: FileHandle;

  constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  async pwrite(bytes: Uint8Array, position: number): Promise<void> {
    let done = 0;
    while (done < bytes.length) {
      const { bytesWritten } = await this.#handle.write(
        bytes,
        done,
        bytes.length - done,
        position + done,
      );
      done += bytesWritten;
    }
  }

  truncate(length: number): Promise<void> {
    return this.#handle.truncate(length);
  }

  fdatasync(): Promise<void> {
    return this.#handle.datasync();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** The same writer, whose errors are thrown faults (MW6001 to MW6004); closing it twice is no error. */
export function faultWriter(writer: FileWriter): FileWriter {
  const { path } = writer;
  let closed = false;
  return {
    path,
    pwrite: (bytes, position) => writing(path, () => writer.pwrite(bytes, position)),
    truncate: (length) => writing(path, () => writer.truncate(length)),
    fdatasync: () => writing(path, () => writer.fdatasync()),
    async close() {
      if (closed) return;
      closed = true;
      await writing(path, () => writer.close());
    },
  };
}

/** Some systems (Windows, some network disks) cannot sync a folder; there its names are safe without. */
async function syncFolder(path: string): Promise<void> {
  const unsupported = ['EPERM', 'EISDIR', 'EACCES', 'EINVAL', 'ENOTSUP', 'EBADF'];
  try {
    const handle = await open(path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined || !unsupported.includes(code)) throw error;
  }
}
