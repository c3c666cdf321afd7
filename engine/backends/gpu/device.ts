import { countedAlarm, late, patienceMs, within, type Alarm } from './alarm.ts';
import { probeExactness } from './probe.ts';

/** A device that passed the exactness probe. */
export interface GpuDevice {
  readonly device: GPUDevice;
  /** The adapter's own words, for the report. */
  readonly name: string;
  readonly vendor: string;
  /** Whether it computes on the CPU: for tests alone. */
  readonly isSoftware: boolean;
  /** Largest range of a buffer that a kernel can see, and largest buffer, in bytes. */
  readonly maxBindingBytes: number;
  readonly maxBufferBytes: number;
  readonly workgroupSize: number;
  /** Workgroups of one dispatch: enough to fill the device, which then go on through a slice in strides. */
  readonly workgroups: number;
  /** By which its slices are timed. */
  readonly alarm: Alarm;
  /** Resolves, with the reason, when the device is gone. */
  readonly lost: Promise<string>;
  /** Why nothing more may be asked of it: lost, closed, or faulty; undefined while it is well. */
  failure(): string | undefined;
  /** It does not answer: nothing more is asked of it. */
  abandon(why: string): void;
  close(): void;
}

export interface OpenOptions {
  /** Software adapters are ten to forty times slower than WebAssembly: only tests want them. */
  readonly allowSoftware: boolean;
  /** How long a device may take, and each of its slices. */
  readonly alarm?: Alarm;
}

/** Opens a device, or says why there is none that gives exact results. Rejects with the signal's reason. */
export type OpenGpu = (
  options: OpenOptions,
  signal?: AbortSignal,
) => Promise<GpuDevice | { readonly refused: string }>;

/** What every device has to offer, and no more than its defaults unless it has more to give. */
const plannedBindingBytes = 128 << 20;

let abandoned = 0;

/** Whether a device was left behind that does not answer. Nobody knows how long a process with one takes to end by itself. */
export function hasAbandonedDevice(): boolean {
  return abandoned > 0;
}

/** Adapters in use: under Node a device whose adapter is collected takes the whole process with it. */
const kept: object[] = [];

/** A device of this entry to WebGPU, or why there is none that gives exact results. Rejects with the signal's reason. */
export async function openDevice(
  gpu: GPU,
  options: OpenOptions,
  signal?: AbortSignal,
): Promise<GpuDevice | { readonly refused: string }> {
  signal?.throwIfAborted();
  let isAwaited = true;
  const opening = openAndProbe(gpu, options).then((opened) => {
    if (!isAwaited && !('refused' in opened)) opened.close();
    return opened;
  });
  try {
    const alarm = alarmOf(options);
    const opened = await within(opening, { alarm, signal });
    if (opened !== late) return opened;
    isAwaited = false;
    return { refused: `the GPU did not open within ${patienceMs / 1000} s` };
  } catch (error) {
    isAwaited = false;
    throw error;
  }
}

async function openAndProbe(
  gpu: GPU,
  options: OpenOptions,
): Promise<GpuDevice | { readonly refused: string }> {
  const { allowSoftware } = options;
  const alarm = alarmOf(options);
  const adapter = await findAdapter(gpu);
  if ('refused' in adapter) return adapter;
  kept.push(adapter);
  const { description, vendor, architecture, device: model } = adapter.info;
  const name = description || [vendor, architecture, model].filter(Boolean).join(' ');
  const isSoftware = isSoftwareAdapter(adapter.info);
  if (isSoftware && !allowSoftware)
    return { refused: `${name} computes on the CPU, where WebAssembly is faster` };
  const opened = await requestDevice(adapter);
  if ('refused' in opened) return opened;
  const device = watched(opened, { name, vendor, isSoftware, alarm });
  const mismatch = await probeExactness(device).catch(firstLine);
  if (mismatch === undefined) return device;
  device.close();
  return { refused: `${name} failed the exactness probe: ${mismatch}` };
}

/** On a test's machine a device that computes on the CPU shares it with all others. */
function alarmOf({ allowSoftware, alarm = countedAlarm }: OpenOptions): Alarm {
  return allowSoftware ? (milliseconds, ring) => alarm(4 * milliseconds, ring) : alarm;
}

async function findAdapter(gpu: GPU): Promise<GPUAdapter | { readonly refused: string }> {
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    return adapter ?? { refused: 'no GPU adapter was found' };
  } catch (error) {
    return { refused: `no GPU adapter was found: ${firstLine(error)}` };
  }
}

async function requestDevice(
  adapter: GPUAdapter,
): Promise<GPUDevice | { readonly refused: string }> {
  const { maxStorageBufferBindingSize, maxBufferSize } = adapter.limits;
  try {
    return await adapter.requestDevice({
      requiredLimits: {
        maxStorageBufferBindingSize: Math.min(maxStorageBufferBindingSize, 4 * plannedBindingBytes),
        maxBufferSize: Math.min(maxBufferSize, 4 * plannedBindingBytes),
      },
    });
  } catch (error) {
    return { refused: `the GPU gives no device: ${firstLine(error)}` };
  }
}

function isSoftwareAdapter(info: GPUAdapterInfo): boolean {
  const words = `${info.description} ${info.architecture} ${info.device}`;
  return info.isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|basic render/i.test(words);
}

function watched(
  device: GPUDevice,
  about: Pick<GpuDevice, 'name' | 'vendor' | 'isSoftware' | 'alarm'>,
): GpuDevice {
  let failure: string | undefined;
  let isAbandoned = false;
  const lost = device.lost.then(({ reason, message }) => {
    const why =
      reason === 'destroyed' ? 'the device was closed' : `the device was lost: ${message}`;
    failure ??= why;
    return why;
  });
  device.addEventListener('uncapturederror', (event) => {
    // Whatever was computed since is not to be trusted.
    failure ??= `the device reported an error: ${firstLine((event as GPUUncapturedErrorEvent).error)}`;
  });
  const { limits } = device;
  return {
    ...about,
    device,
    maxBindingBytes: limits.maxStorageBufferBindingSize,
    maxBufferBytes: limits.maxBufferSize,
    workgroupSize: about.isSoftware ? 64 : 256,
    workgroups: about.isSoftware ? 64 : 4096,
    lost,
    failure: () => failure,
    abandon(why) {
      failure ??= why;
      isAbandoned = true;
      abandoned++;
    },
    close() {
      failure ??= 'the device was closed';
      // Destroying waits for what is under way, and that does not come back.
      if (!isAbandoned) device.destroy();
    },
  };
}

/** The first line of what an exception or a device's error says. */
export function firstLine(error: unknown): string {
  const message = error instanceof Error || isGpuError(error) ? error.message : String(error);
  return message.split('\n')[0]!;
}

function isGpuError(error: unknown): error is GPUError {
  return typeof error === 'object' && error !== null && 'message' in error;
}
