import type { DType } from '../../grammar/places/signature.ts';
import { duplicateTensor } from '../faults/duplicate-tensor.ts';
import { failure, success } from '../faults/fault.ts';
import type { Result } from '../faults/fault.ts';
import { malformedHeader } from '../faults/malformed-header.ts';
import { offsetsLie } from '../faults/offsets-lie.ts';
import { shown, shownBytes, shownPlain } from '../faults/shown.ts';
import { truncatedFile } from '../faults/truncated-file.ts';
import { unknownDtype } from '../faults/unknown-dtype.ts';
import { byteOrder } from './byte-order.ts';
import { isDType, tensorBytes, unreadTypes } from './dtype-size.ts';
import { scanHeader } from './header-scanner.ts';
import type { HeaderEntry } from './header-scanner.ts';

/** A tensor and where its bytes are. */
export interface LocatedTensor {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Bytes from the start of the file. */
  readonly offset: number;
  readonly byteLength: number;
}

export interface ParsedHeader {
  readonly metadata: ReadonlyMap<string, string>;
  /** In byte order of their names. */
  readonly tensors: readonly LocatedTensor[];
}

export interface HeaderPlace {
  /** The file's path, for messages. */
  readonly file: string;
  /** Where the data begins in the file: 8 and the header's length. */
  readonly dataOffset: number;
  /** The file's whole length. */
  readonly fileSize: number;
}

const wayOut = 'Download or copy the file again, or save the model anew as safetensors.';

/**
 * Reads and proves a header: every tensor of a known type, as long as its shape says, one behind the other over the whole
 * data, inside the file. The bytes are the JSON alone, without the length before it.
 */
export function parseHeader(json: Uint8Array, place: HeaderPlace): Result<ParsedHeader> {
  const { file } = place;
  const name = shownPlain(file);
  const text = decodeUtf8(json);
  if (text === undefined) {
    return failure(malformedHeader, {
      file,
      message: `The header of ${name} is not UTF-8 text.`,
      help: wayOut,
    });
  }
  const scanned = scanHeader(text);
  if ('kind' in scanned) {
    return failure(scanned.kind === 'duplicate' ? duplicateTensor : malformedHeader, {
      file,
      message: `The header of ${name} ${shownPlain(scanned.what)}.`,
      help: wayOut,
    });
  }
  const tensors: LocatedTensor[] = [];
  for (const entry of scanned.entries) {
    const located = locate(entry, place);
    if (!located.ok) return located;
    tensors.push(located.value);
  }
  const cover = proveCover(tensors, place);
  if (!cover.ok) return cover;
  tensors.sort((a, b) => byteOrder(a.name, b.name));
  return success({ metadata: scanned.metadata, tensors });
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function locate(entry: HeaderEntry, { file, dataOffset }: HeaderPlace): Result<LocatedTensor> {
  const { name, dtype, shape, begin, end } = entry;
  const where = `${shown(name)} in ${shownPlain(file)}`;
  if (!isDType(dtype)) {
    return failure(unknownDtype, {
      file,
      message: `Tensor ${where} has the type ${shown(dtype)}, which is not read${unreadTypes.has(dtype) ? ' yet' : ''}.`,
      help: 'Save the model in F32, F16 or BF16.',
    });
  }
  const byteLength = tensorBytes(dtype, shape);
  const dimensions = `[${shown(shape.join(', ')).slice(1, -1)}]`;
  if (byteLength === undefined) {
    return failure(offsetsLie, {
      file,
      message: `Tensor ${where} has the shape ${dimensions}, which is larger than any file.`,
      help: wayOut,
    });
  }
  if (end < begin || end - begin !== byteLength) {
    return failure(offsetsLie, {
      file,
      message:
        `Tensor ${where} is said to lie in bytes ${begin} to ${end}, ` +
        `but ${dtype} ${dimensions} takes ${byteLength} bytes.`,
      help: wayOut,
    });
  }
  return success({ name, dtype, shape, offset: dataOffset + begin, byteLength });
}

/** Tensors must cover the data without holes and overlaps; empty ones may stand on any border. */
function proveCover(
  tensors: readonly LocatedTensor[],
  { file, dataOffset, fileSize }: HeaderPlace,
): Result<undefined> {
  const name = shownPlain(file);
  const inOrder = [...tensors].sort((a, b) => a.offset - b.offset || a.byteLength - b.byteLength);
  const last = inOrder.at(-1);
  const claimed = last === undefined ? dataOffset : last.offset + last.byteLength;
  let covered = dataOffset;
  for (const tensor of inOrder) {
    if (tensor.offset !== covered) {
      const gap = Math.abs(tensor.offset - covered);
      return failure(offsetsLie, {
        file,
        message:
          tensor.offset > covered
            ? `The header of ${name} leaves a hole of ${gap} bytes before tensor ${shown(tensor.name)}.`
            : `Tensor ${shown(tensor.name)} in ${name} overlaps the one before it by ${gap} bytes.`,
        help: wayOut,
      });
    }
    covered += tensor.byteLength;
  }
  if (claimed > fileSize) {
    return failure(truncatedFile, {
      file,
      message: `${name} ends too early: its header promises ${shownBytes(claimed)}, the file has ${shownBytes(fileSize)} (${claimed - fileSize} bytes are missing).`,
      help: 'Download or copy the file again; the last try was cut off.',
    });
  }
  if (claimed < fileSize) {
    return failure(offsetsLie, {
      file,
      message: `${name} has ${fileSize - claimed} bytes behind its last tensor that the header does not know.`,
      help: wayOut,
    });
  }
  return success(undefined);
}
