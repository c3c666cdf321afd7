import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { diskTooSmall } from '../faults/disk-too-small.ts';
import { failure, settle, success } from '../faults/fault.ts';
import type { Result } from '../faults/fault.ts';
import { shownBytes, shownPlain } from '../faults/shown.ts';
import { systemCode, writing } from '../faults/system-fault.ts';
import { nodeFileLayer } from './file-layer.ts';
import type { FileLayer } from './file-layer.ts';

/** What an output will take on its disk. */
export interface SpaceNeed {
  /** The output's folder; it need not be there yet. */
  readonly folder: string;
  readonly bytes: number;
}

/** The figures of one disk. */
export interface DiskSpace {
  /** A folder on the disk, the output's own or the nearest above it that is there. */
  readonly folder: string;
  readonly needed: number;
  readonly free: number;
}

/** Beside the weights: reports, tables of the file system, rounding up to its blocks. */
const slackBytes = 1 << 20;

/**
 * Holds what several outputs will take against the room on their disks, those of one disk added up.
 * Faults: MW6002 with both figures, MW6003, MW6004.
 */
export async function foreseeSpace(
  needs: readonly SpaceNeed[],
  layer: FileLayer = nodeFileLayer,
): Promise<Result<readonly DiskSpace[]>> {
  return settleFlat(async () => {
    const disks = new Map<number, DiskSpace>();
    for (const { folder, bytes } of needs) {
      const { folder: existing, device } = await nearestFolder(folder);
      const known = disks.get(device);
      disks.set(device, {
        folder: known?.folder ?? existing,
        needed: (known?.needed ?? slackBytes) + bytes,
        free: known?.free ?? (await writing(existing, () => layer.freeBytes(existing))),
      });
    }
    for (const { folder, needed, free } of disks.values()) {
      if (needed <= free) continue;
      return failure(diskTooSmall, {
        file: folder,
        message: `The output needs ${shownBytes(needed)}, but the disk of ${shownPlain(folder)} has ${shownBytes(free)} free.`,
        help: `Free ${shownBytes(needed - free)}, or give a folder on another disk with --out.`,
      });
    }
    return success([...disks.values()]);
  });
}

async function settleFlat<T>(work: () => Promise<Result<T>>): Promise<Result<T>> {
  const settled = await settle(work);
  return settled.ok ? settled.value : settled;
}

async function nearestFolder(folder: string): Promise<{ folder: string; device: number }> {
  return writing(folder, async () => {
    for (let at = folder; ; at = dirname(at)) {
      try {
        return { folder: at, device: (await stat(at)).dev };
      } catch (error) {
        const code = systemCode(error);
        if ((code !== 'ENOENT' && code !== 'ENOTDIR') || dirname(at) === at) throw error;
      }
    }
  });
}
