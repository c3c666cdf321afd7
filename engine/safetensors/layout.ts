import type { DType, TensorHeader } from '../../grammar/places/signature.ts';
import { failure, success } from '../faults/fault.ts';
import type { Result } from '../faults/fault.ts';
import { shownBytes } from '../faults/shown.ts';
import { unwritableHeader } from '../faults/unwritable-header.ts';
import { byteOrder } from './byte-order.ts';
import { tensorBytes } from './dtype-size.ts';
import { headerCap } from './read-header.ts';

/** One file of an output, its header made, its length known. */
export interface ShardFile {
  readonly name: string;
  /** Length of the whole file in bytes. */
  readonly size: number;
  /** What the file begins with: the header's length, its JSON and the spaces that fill it up to 8 bytes. */
  readonly header: Uint8Array;
}

export interface PlacedTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Place of its file in `files`. */
  readonly file: number;
  /** Bytes from the start of that file. */
  readonly offset: number;
  readonly byteLength: number;
}

export interface OutputLayout {
  readonly files: readonly ShardFile[];
  /** In byte order of their names. */
  readonly tensors: ReadonlyMap<string, PlacedTensor>;
  /** Bytes of all tensors, without headers. */
  readonly totalBytes: number;
  /** The text of `model.safetensors.index.json`; absent where one file holds all. */
  readonly indexJson?: string;
}

export interface LayoutOptions {
  /** The largest sum of tensor bytes in one file; a larger tensor has a file alone. Absent: one file for all. */
  readonly shardBytes?: number;
  /** What the files' names begin with; `model` unless given. */
  readonly stem?: string;
  /** Told in every header besides. */
  readonly metadata?: ReadonlyMap<string, string>;
}

interface SizedTensor extends TensorHeader {
  readonly byteLength: number;
}

/**
 * Lays the tensors of an output into files: in byte order of their names, filled greedily up to the size of a shard.
 * The headers' metadata is `{"format":"pt"}` and what is given, so that files depend on nothing else.
 * Fault: MW4560, where a header would pass the format's cap.
 */
export function layoutShards(
  tensors: readonly TensorHeader[],
  {
    shardBytes = Number.POSITIVE_INFINITY,
    stem = 'model',
    metadata = new Map(),
  }: LayoutOptions = {},
): Result<OutputLayout> {
  if (!(shardBytes > 0)) throw new Error(`A shard of ${shardBytes} bytes cannot be filled.`);
  const shards = fillShards(sized(tensors), shardBytes);
  const files: ShardFile[] = [];
  const placed = new Map<string, PlacedTensor>();
  let totalBytes = 0;
  for (const [file, shard] of shards.entries()) {
    const name = shardName(stem, file, shards.length);
    const header = headerBytes(shard, metadata);
    if (header.length - 8 > headerCap) {
      return failure(unwritableHeader, {
        message: `The header of ${name} would take ${shownBytes(header.length - 8)}; the format allows 100 MB.`,
        help: 'Write the output in shards, or in smaller ones.',
      });
    }
    let offset = header.length;
    for (const { name: tensorName, dtype, shape, byteLength } of shard) {
      placed.set(tensorName, { dtype, shape, file, offset, byteLength });
      offset += byteLength;
      totalBytes += byteLength;
    }
    files.push({ name, size: offset, header });
  }
  if (files.length === 1) return success({ files, tensors: placed, totalBytes });
  return success({
    files,
    tensors: placed,
    totalBytes,
    indexJson: indexText(placed, files, totalBytes),
  });
}

function sized(tensors: readonly TensorHeader[]): SizedTensor[] {
  const sorted = tensors.map(({ name, dtype, shape }) => {
    const byteLength = tensorBytes(dtype, shape);
    if (byteLength === undefined) throw new Error(`${name} is larger than any file.`);
    if (name === '__metadata__' || !name.isWellFormed()) {
      throw new Error(`${JSON.stringify(name)} cannot be a tensor's name.`);
    }
    return { name, dtype, shape, byteLength };
  });
  sorted.sort((a, b) => byteOrder(a.name, b.name));
  for (const [i, { name }] of sorted.entries()) {
    if (i > 0 && sorted[i - 1]!.name === name) throw new Error(`Two tensors are named ${name}.`);
  }
  return sorted;
}

function fillShards(tensors: readonly SizedTensor[], shardBytes: number): SizedTensor[][] {
  const shards: SizedTensor[][] = [[]];
  let filled = 0;
  for (const tensor of tensors) {
    const shard = shards.at(-1)!;
    if (shard.length > 0 && filled + tensor.byteLength > shardBytes) {
      shards.push([tensor]);
      filled = tensor.byteLength;
    } else {
      shard.push(tensor);
      filled += tensor.byteLength;
    }
  }
  return shards;
}

function shardName(stem: string, index: number, count: number): string {
  if (count === 1) return `${stem}.safetensors`;
  const digits = (n: number): string => String(n).padStart(5, '0');
  return `${stem}-${digits(index + 1)}-of-${digits(count)}.safetensors`;
}

/** Keys are joined by hand: an object would put a tensor named "10" before all others. */
function headerBytes(
  tensors: readonly SizedTensor[],
  metadata: ReadonlyMap<string, string>,
): Uint8Array {
  const told = JSON.stringify({ format: 'pt', ...Object.fromEntries(metadata) });
  const members = [`"__metadata__":${told}`];
  let begin = 0;
  for (const { name, dtype, shape, byteLength } of tensors) {
    const end = begin + byteLength;
    members.push(
      `${JSON.stringify(name)}:{"dtype":"${dtype}","shape":[${shape.join(',')}],"data_offsets":[${begin},${end}]}`,
    );
    begin = end;
  }
  const json = Buffer.from(`{${members.join(',')}}`, 'utf8');
  const padded = Math.ceil(json.length / 8) * 8;
  const header = Buffer.alloc(8 + padded, ' ');
  header.writeBigUInt64LE(BigInt(padded), 0);
  json.copy(header, 8);
  return header;
}

function indexText(
  tensors: ReadonlyMap<string, PlacedTensor>,
  files: readonly ShardFile[],
  totalBytes: number,
): string {
  const lines = [...tensors].map(
    ([name, { file }]) => `    ${JSON.stringify(name)}: ${JSON.stringify(files[file]!.name)}`,
  );
  return `{\n  "metadata": {\n    "total_size": ${totalBytes}\n  },\n  "weight_map": {\n${lines.join(',\n')}\n  }\n}\n`;
}
