import { openGpu } from './dawn.ts';
import type { GpuDevice } from './device.ts';
import { preferSoftwareAdapter } from './software-adapter.ts';

/** The software adapter's device; a machine without one fails the test, and the message says what to install. */
export async function openTestDevice(): Promise<GpuDevice> {
  const missing = preferSoftwareAdapter();
  if (missing !== undefined) throw new Error(missing);
  const gpu = await openGpu({ allowSoftware: true });
  if ('refused' in gpu)
    throw new Error(
      `no software GPU: ${gpu.refused}; it needs the packages chromium and libvulkan1`,
    );
  return gpu;
}
