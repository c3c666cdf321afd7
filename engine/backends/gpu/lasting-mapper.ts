import type { GpuDevice } from './device.ts';
import { createMapper, type MappedSlice, type Mapper, type MapRequest } from './mapper.ts';
import { adaptivePace } from './pace.ts';
import { deviceGone, type Refusal } from './refusal.ts';
import type { RunnerOptions } from './slice-runner.ts';

export interface LastingOptions extends Omit<RunnerOptions, 'pace'> {
  readonly first: GpuDevice;
  /** Opens the device anew; rejects with the reason of the run's signal. Without it the first loss is the last. */
  readonly reopen?: () => Promise<GpuDevice | { readonly refused: string }>;
  /** Hears what happened to the device, once each time. */
  readonly onLoss?: (loss: DeviceLoss) => void;
}

/** What became of a device, in sentences without their ends. */
export interface DeviceLoss {
  readonly name: string;
  readonly why: string;
  /** Absent where the device was opened anew, and goes on; else why nothing more is asked of it. */
  readonly givenUp?: string;
}

/** A device as long as it is in use: by slices under way, and by those whose memory is still read. */
interface Lease {
  readonly mapper: Mapper;
  readonly gpu: GpuDevice;
  users: number;
  isLost: boolean;
}

/**
 * A mapper that outlives its device. A device that is lost is opened anew, once, and the slices that were under way are computed
 * again; at the second loss every slice is refused.
 */
export function lastingMapper({ first, reopen, onLoss, ...options }: LastingOptions): Mapper {
  const pace = adaptivePace();
  const leaseOf = (gpu: GpuDevice): Lease => ({
    gpu,
    mapper: createMapper(gpu, { ...options, pace }),
    users: 0,
    isLost: false,
  });
  let losses = 0;
  let isClosed = false;
  let current: Promise<Lease | Refusal> = Promise.resolve(leaseOf(first));

  /** Ends a device that nobody uses any more. */
  const leave = (lease: Lease): void => {
    if (lease.users > 0) return;
    lease.mapper.close();
    lease.gpu.close();
  };
  const giveBack = (lease: Lease): void => {
    lease.users--;
    if (lease.isLost) leave(lease);
  };

  const replacement = async ({ gpu }: Lease, why: string): Promise<Lease | Refusal> => {
    const { name } = gpu;
    losses++;
    pace.lost();
    const opened = losses > 1 || reopen === undefined ? undefined : await reopen();
    if (opened === undefined) {
      return giveUp({ name, why }, losses > 1 ? `after it had been opened anew, ${why}` : why);
    }
    if ('refused' in opened) return giveUp({ name, why }, `${why}, and then ${opened.refused}`);
    onLoss?.({ name, why });
    if (!isClosed) return leaseOf(opened);
    opened.close();
    return deviceGone(why);
  };
  const giveUp = (loss: DeviceLoss, givenUp: string): Refusal => {
    onLoss?.({ ...loss, givenUp });
    return deviceGone(givenUp);
  };

  const mapOn = async (
    lease: Lease,
    request: MapRequest,
    signal: AbortSignal | undefined,
  ): Promise<MappedSlice | Refusal> => {
    lease.users++;
    let mapped: MappedSlice | Refusal | undefined;
    try {
      mapped = await lease.mapper.map(request, signal);
    } finally {
      if (mapped === undefined || 'refused' in mapped) giveBack(lease);
    }
    if ('refused' in mapped) return mapped;
    const { release, ...slice } = mapped;
    return {
      ...slice,
      release() {
        release();
        giveBack(lease);
      },
    };
  };

  return {
    async map(request, signal) {
      for (;;) {
        const asked = current;
        const lease = await asked;
        if ('refused' in lease) return lease;
        const mapped = await mapOn(lease, request, signal);
        if (!('refused' in mapped) || mapped.lacks !== 'device') return mapped;
        // Of the slices that were under way, the first to come back tells.
        if (current === asked) {
          lease.isLost = true;
          current = replacement(lease, mapped.refused);
          if (lease.users === 0) leave(lease);
        }
      }
    },
    close() {
      isClosed = true;
      void current.then(
        (lease) => {
          if ('refused' in lease) return;
          lease.isLost = true;
          leave(lease);
        },
        () => undefined,
      );
    },
  };
}
