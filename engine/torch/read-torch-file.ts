import { createHash } from 'node:crypto';
import { emptyFile } from '../faults/empty-file.ts';
import { raise, settle } from '../faults/fault.ts';
import type { Result } from '../faults/fault.ts';
import { lfsPointer } from '../faults/lfs-pointer.ts';
import { shownPlain } from '../faults/shown.ts';
import { reading } from '../faults/system-fault.ts';
import { unreadFormat } from '../faults/unread-format.ts';
import { unreadTorchFile } from '../faults/unread-torch-file.ts';
import { byteOrder } from '../safetensors/byte-order.ts';
import { openRegular } from '../safetensors/open-regular.ts';
import type { LocatedTensor } from '../safetensors/parse-header.ts';
import { readLegacyFile } from './legacy-file.ts';
import { bytesAt, raiseMalformed } from './torch-file.ts';
import type { OpenFile, TorchContents } from './torch-file.ts';
import { readZipFile } from './zip-file.ts';

/** What a PyTorch file says of itself, read without a byte of its weights. */
export interface TorchHeader {
  /** The file's length in bytes. */
  readonly size: number;
  /** When it was last written: nanoseconds since 1970, in decimal digits. */
  readonly mtimeNs: string;
  /** SHA-256 of the pickle and of the archive's directory (in the older format: of its pickles), in hex. */
  readonly headerHash: string;
  /** The key of the dict in which the tensors are (`state_dict`), if they are not the whole file. */
  readonly within?: string;
  /** In byte order of their names, with offsets from the start of the file. Two may be the same bytes. */
  readonly tensors: readonly LocatedTensor[];
}

/**
 * Reads what `torch.save` wrote, of today and before version 1.6, and runs nothing of it. Each tensor is a run of bytes in the
 * file, so that it is streamed like one of safetensors. The file is treated as hostile: lengths are proved before they are used.
 * Faults: MW4501 to MW4506, MW4509, MW4511, MW4522, MW4590 to MW4595, MW6005.
 */
export function readTorchFile(path: string): Promise<Result<TorchHeader>> {
  return settle(() => reading(path, () => readFrom(path)));
}

async function readFrom(path: string): Promise<TorchHeader> {
  const handle = await openRegular(path);
  try {
    const status = await handle.stat({ bigint: true });
    const size = Number(status.size);
    const header = await readOpenFile({ handle, path, size });
    return { size, mtimeNs: String(status.mtimeNs), ...header };
  } finally {
    await handle.close();
  }
}

/** The same of a file that is open already. Throws the faults. */
export async function readOpenFile(
  file: OpenFile,
): Promise<Pick<TorchHeader, 'headerHash' | 'within' | 'tensors'>> {
  const contents = await readContents(file);
  const hash = createHash('sha256');
  for (const part of contents.header) hash.update(part);
  const { within } = contents.state;
  return {
    headerHash: hash.digest('hex'),
    ...(within === undefined ? {} : { within }),
    tensors: locate(contents),
  };
}

/** By its first bytes, whatever its name. */
async function readContents(file: OpenFile): Promise<TorchContents> {
  const { path, size } = file;
  const name = shownPlain(path);
  if (size === 0) {
    raise(emptyFile, {
      file: path,
      message: `${name} is empty.`,
      help: 'Download or copy the file again.',
    });
  }
  const start = Buffer.from(await bytesAt(file, 0, Math.min(size, 512)));
  const begins = (text: string, at = 0): boolean =>
    start.toString('latin1', at, at + text.length) === text;
  if (begins('PK\x03\x04')) return readZipFile(file);
  if (begins('\x80')) return readLegacyFile(file);
  if (begins('version https://git-lfs')) {
    raise(lfsPointer, {
      file: path,
      message: `${name} is a git-LFS pointer of ${size} bytes; the weights themselves were not fetched.`,
      help: "Run `git lfs pull` in the model's folder, or download the file itself.",
    });
  }
  if (begins('GGUF')) {
    raise(unreadFormat, {
      file: path,
      message: `${name} is a GGUF file under another name, a format that is not read.`,
      help: 'Take the original model in safetensors.',
    });
  }
  if (begins('ustar', 257)) {
    raise(unreadTorchFile, {
      file: path,
      message: `${name} is a tar file of a first version of PyTorch, which is not read.`,
      help: 'Load it with PyTorch and save its state dict again, best as safetensors.',
    });
  }
  if (begins('{"', 8)) {
    return raiseMalformed(
      file,
      'is a safetensors file',
      'Rename it so that it ends in .safetensors.',
    );
  }
  return raiseMalformed(file, 'is neither a zip archive nor a pickle, so PyTorch did not save it');
}

function locate({ state, storagesAt }: TorchContents): LocatedTensor[] {
  return state.tensors
    .map(({ name, dtype, shape, storage, begin, byteLength }) => ({
      name,
      dtype,
      shape,
      offset: storagesAt.get(storage.key)! + begin,
      byteLength,
    }))
    .sort((a, b) => byteOrder(a.name, b.name));
}
