import { existsSync } from 'node:fs';

/** Where Debian's package chromium keeps a Vulkan device that computes on the CPU. */
const packaged = '/usr/lib/chromium/vk_swiftshader_icd.json';

/**
 * Makes the software adapter the one that is found, for tests: VK_DRIVER_FILES if it is set, else chromium's.
 * It has to happen before the bindings are loaded. Returns what is missing.
 */
export function preferSoftwareAdapter(): string | undefined {
  const given = process.env['VK_DRIVER_FILES'];
  if (given !== undefined) {
    return existsSync(given) ? undefined : `VK_DRIVER_FILES names ${given}, which is not there`;
  }
  if (!existsSync(packaged))
    return `no software Vulkan device: install chromium and libvulkan1, or set VK_DRIVER_FILES to a driver's .json (${packaged} is not there)`;
  process.env['VK_DRIVER_FILES'] = packaged;
  return undefined;
}
