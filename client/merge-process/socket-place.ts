import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What every system takes as the path of a socket. */
const longestSocketPath = 100;

export interface SocketPlace {
  readonly path: string;
  remove(): Promise<void>;
}

/** A place for a run's socket that only this user can reach: a pipe's name on Windows, else a file in a folder of its own. */
export async function socketPlace(runId: string): Promise<SocketPlace> {
  if (process.platform === 'win32')
    return { path: `\\\\.\\pipe\\mergewright-${runId}`, remove: async () => undefined };
  const parent = Buffer.byteLength(tmpdir()) > longestSocketPath - 30 ? '/tmp' : tmpdir();
  // The system makes the folder with mode 0700.
  const folder = await mkdtemp(join(parent, 'mergewright-'));
  return {
    path: join(folder, 'run'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
