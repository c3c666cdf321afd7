/** The software Vulkan device on which the GPU's code is tested: it comes with Debian's Chromium. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const driverFiles = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib/chromium-browser/vk_swiftshader_icd.json',
  '/opt/google/chrome/vk_swiftshader_icd.json',
];
const packages = ['chromium', 'libvulkan1'];

export interface SoftwareDevice {
  readonly file: string;
  /** Variables under which the Vulkan loader finds it. */
  readonly env: Readonly<Record<string, string>>;
}

export function findSoftwareDevice(): SoftwareDevice | undefined {
  const file = process.env.VK_DRIVER_FILES ?? driverFiles.find((path) => existsSync(path));
  if (file === undefined || !hasLoader()) return undefined;
  return { file, env: { VK_DRIVER_FILES: file } };
}

/** Installs it where this user may and the system knows how; else says what to do. */
export function installSoftwareDevice(): SoftwareDevice | undefined {
  const line = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  const isRoot = process.getuid?.() === 0;
  if (process.platform !== 'linux' || !isRoot || spawnSync('apt-get', ['--version']).status !== 0) {
    console.error(
      `The GPU tests need a software Vulkan device (SwiftShader) and the Vulkan loader. As root on Debian: ${line}`,
    );
    return undefined;
  }
  console.log(`installing ${packages.join(' and ')}: the GPU tests need a software Vulkan device`);
  const { status } = spawnSync('sh', ['-c', line], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  const found = status === 0 ? findSoftwareDevice() : undefined;
  if (found === undefined)
    console.error(`The software Vulkan device could not be installed. Try: ${line}`);
  return found;
}

function hasLoader(): boolean {
  const { stdout } = spawnSync('ldconfig', ['-p'], { encoding: 'utf8' });
  return typeof stdout === 'string' && stdout.includes('libvulkan.so.1');
}
