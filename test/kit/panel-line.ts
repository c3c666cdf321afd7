/** The panel's computing program in this process, behind a line that carries what VS Code's does: JSON, and buffers beside it. */
import { preferSoftwareAdapter } from '../../engine/backends/gpu/software-adapter.ts';
import type { FromCompute, ToCompute } from '../../engine/protocol/compute.ts';
import { nodeFiles } from '../../engine/run/file-access.ts';
import type { OpenCompute } from '../../engine/run/compute-host.ts';
import {
  panelCompute,
  type ComputeLine,
  type RemoteOptions,
} from '../../engine/run/remote-compute.ts';
import { computeProgram } from '../../webview/compute/program.ts';

export interface PanelLineOptions {
  readonly gpu?: GPU;
  /** What the program says, before it is heard; false cuts the line there. */
  readonly onSaid?: (message: FromCompute) => boolean;
}

export interface CountedLine {
  readonly line: () => ComputeLine;
  /** Reads and writes under way at once, at most, and bytes of the longest. */
  readonly most: { ahead: number; bytes: number };
  readonly isClosed: () => boolean;
}

export function panelLine({ gpu, onSaid }: PanelLineOptions = {}): CountedLine {
  const most = { ahead: 0, bytes: 0 };
  let isClosed = false;
  const line = (): ComputeLine => {
    let ahead = 0;
    let listener: Parameters<ComputeLine['listen']>[0] | undefined;
    const cut = (why: string): void => {
      isClosed = true;
      listener?.cut(why);
    };
    const program = computeProgram({
      gpu,
      post(said) {
        const message = carried(said);
        if (message.kind === 'read' || message.kind === 'write') {
          most.ahead = Math.max(most.ahead, ++ahead);
          const bytes = message.kind === 'read' ? message.length : message.bytes.byteLength;
          most.bytes = Math.max(most.bytes, bytes);
        }
        setImmediate(() => {
          if (isClosed) return;
          if (onSaid?.(message) === false) return cut('the test cut the line');
          listener?.hear(message);
        });
      },
      fail: (error) => cut(String(error)),
    });
    return {
      send(told) {
        const message = carried(told);
        if (['bytes', 'written', 'refused'].includes(message.kind)) ahead--;
        setImmediate(() => {
          if (!isClosed) program(message);
        });
      },
      listen: (given) => (listener = given),
      close: () => (isClosed = true),
    };
  };
  return { line, most, isClosed: () => isClosed };
}

export function panelRun(
  options: Pick<RemoteOptions, 'backend'>,
  { line }: CountedLine = panelLine(),
): OpenCompute {
  return panelCompute({ ...options, allowSoftwareGpu: true, line, files: nodeFiles() });
}

/** WebGPU as a page would have it, on the software adapter. */
export async function pageGpu(): Promise<GPU> {
  const missing = preferSoftwareAdapter();
  if (missing !== undefined) throw new Error(missing);
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  return create([]);
}

function carried<T extends FromCompute | ToCompute>(message: T): T {
  const buffers: ArrayBuffer[] = [];
  const text = JSON.stringify(message, (_, value: unknown) =>
    value instanceof ArrayBuffer ? { buffer: buffers.push(value.slice(0)) - 1 } : value,
  );
  return JSON.parse(text, (_, value: unknown) =>
    isReference(value) ? buffers[value.buffer] : value,
  ) as T;
}

function isReference(value: unknown): value is { readonly buffer: number } {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length === 1 &&
    'buffer' in value &&
    typeof value.buffer === 'number'
  );
}
