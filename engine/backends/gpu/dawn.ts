/** WebGPU in a Node process, through Dawn's bindings. */
import { tmpdir } from 'node:os';
import { firstLine, openDevice, type GpuDevice, type OpenOptions } from './device.ts';

/** What is collected takes the whole process with it while a device is in use. */
const kept: object[] = [];

/** Opens the machine's GPU, or says why there is none that gives exact results. */
export async function openGpu(
  options: OpenOptions,
): Promise<GpuDevice | { readonly refused: string }> {
  if (process.versions.electron !== undefined)
    return { refused: 'this process is Electron, which cannot map GPU memory; a plain Node can' };
  const gpu = await loadBindings();
  if ('refused' in gpu) return gpu;
  kept.push(gpu);
  return openDevice(gpu, options);
}

async function loadBindings(): Promise<GPU | { readonly refused: string }> {
  try {
    // The Vulkan loader complains on standard error where no session has set it.
    process.env.XDG_RUNTIME_DIR ??= tmpdir();
    const { create, globals } = await import('webgpu');
    Object.assign(globalThis, globals);
    return create(['disable-dawn-features=lazy_clear_resource_on_first_use']);
  } catch (error) {
    return { refused: `the WebGPU bindings do not load here: ${firstLine(error)}` };
  }
}
