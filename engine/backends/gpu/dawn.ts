/** WebGPU in a Node process, through Dawn's bindings. */
import { tmpdir } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { firstLine, openDevice, type OpenGpu } from './device.ts';

/** What is collected takes the whole process with it while a device is in use. */
const kept: object[] = [];

/** Opens the machine's GPU, or says why there is none that gives exact results. */
export const openGpu: OpenGpu = async (options, signal) => {
  signal?.throwIfAborted();
  // Mapping is refused there once memory is needed, by an exception out of native code.
  if (process.versions.electron !== undefined)
    return { refused: 'this process is Electron, which cannot map GPU memory; a plain Node can' };
  // A thread that is ended while the GPU works for it takes the process with it.
  if (!isMainThread) return { refused: 'a GPU is opened by a process, and by none of its threads' };
  const gpu = await loadBindings();
  if ('refused' in gpu) return gpu;
  kept.push(gpu);
  return openDevice(gpu, options, signal);
};

async function loadBindings(): Promise<GPU | { readonly refused: string }> {
  try {
    // They need newer system libraries than some systems have, and then fail to load.
    // The Vulkan loader complains on standard error where no session has set it.
    process.env.XDG_RUNTIME_DIR ??= tmpdir();
    const { create, globals } = await import('webgpu');
    Object.assign(globalThis, globals);
    return create(['disable-dawn-features=lazy_clear_resource_on_first_use']);
  } catch (error) {
    return { refused: `the WebGPU bindings do not load here: ${firstLine(error)}` };
  }
}
