import type { BackendShare } from '../output/report.ts';
import type { Budget } from './budget.ts';
import type { GpuMap } from './gpu-map.ts';
import type { RunOptions } from './options.ts';

/** Who computes, and why. */
export interface Chosen {
  readonly cpu: 'wasm' | 'oracle' | 'none';
  readonly gpu?: GpuMap;
  /** One sentence for the user. */
  readonly reason: string;
  shares(cpuSlices: number): readonly BackendShare[];
}

export async function chooseBackend(
  options: RunOptions,
  files: readonly string[],
  budget: Budget,
): Promise<Chosen> {
  void files;
  void budget;
  const cpu =
    options.backend === 'oracle' ? 'oracle' : options.backend === 'none' ? 'none' : 'wasm';
  return { cpu, reason: '', shares: (slices) => [{ backend: cpu, slices }] };
}
