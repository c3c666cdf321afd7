import type { Result } from '../faults/fault.ts';
import type { LocatedTensor } from '../safetensors/parse-header.ts';
import { readHeader } from '../safetensors/read-header.ts';
import { readTorchFile } from '../torch/read-torch-file.ts';
import type { WeightsFormat } from './pick-weights.ts';

/** What a weights file says of itself, in whichever format, read without a byte of its weights. */
export interface WeightsHeader {
  readonly size: number;
  /** Nanoseconds since 1970 in decimal digits. */
  readonly mtimeNs: string;
  /** SHA-256 of what says which tensors there are and where, in hex. */
  readonly headerHash: string;
  /** The key of the dict in which a PyTorch file has its tensors, if they are not the whole file. */
  readonly within?: string;
  /** In byte order of their names, with offsets from the start of the file. */
  readonly tensors: readonly LocatedTensor[];
}

/** Reads and proves the header of one file. Faults: MW45xx, MW6005. */
export function readWeightsHeader(
  path: string,
  format: WeightsFormat,
): Promise<Result<WeightsHeader>> {
  switch (format) {
    case 'safetensors':
      return readHeader(path);
    case 'torch':
      return readTorchFile(path);
    default:
      return format satisfies never;
  }
}
