/** Two tensors of one type, byte by byte, as they lie in files. */
import type { TensorInFile } from '../plan/operand.ts';
import { dtypeBytes } from '../safetensors/dtype-size.ts';
import type { Steps } from './file-request.ts';

export interface Comparison {
  /** Of one type and length. */
  readonly sides: readonly [TensorInFile, TensorInFile];
  readonly byteLength: number;
  /** `first`: whether any element differs, which the first that does settles; `all`: how many do. */
  readonly count: 'first' | 'all';
}

/** Whole elements of every type; small enough to stay in cache. */
const bytesAtOnce = 1 << 18;

/** Elements whose bytes differ; with `first` at most one. */
export function* differingElements({ sides, byteLength, count }: Comparison): Steps<number> {
  const [a, b] = sides;
  if (a.file === b.file && a.offset === b.offset) return 0;
  const room = Math.min(byteLength, bytesAtOnce);
  const buffers = [new Uint8Array(room), new Uint8Array(room)] as const;
  let differing = 0;
  for (let at = 0; at < byteLength; at += bytesAtOnce) {
    const length = Math.min(bytesAtOnce, byteLength - at);
    const [left, right] = [buffers[0].subarray(0, length), buffers[1].subarray(0, length)];
    yield {
      kind: 'read',
      reads: [
        { file: a.file, into: left, position: a.offset + at },
        { file: b.file, into: right, position: b.offset + at },
      ],
    };
    if (areEqual(left, right)) continue;
    if (count === 'first') return 1;
    differing += countDiffering(left, right, dtypeBytes[a.dtype]);
  }
  return differing;
}

/** Whether two stretches, each at the start of its buffer, hold the same bytes. */
function areEqual(left: Uint8Array, right: Uint8Array): boolean {
  const words = left.length >>> 2;
  const a = new Uint32Array(left.buffer, 0, words);
  const b = new Uint32Array(right.buffer, 0, words);
  for (let i = 0; i < words; i++) if (a[i] !== b[i]) return false;
  for (let i = 4 * words; i < left.length; i++) if (left[i] !== right[i]) return false;
  return true;
}

function countDiffering(left: Uint8Array, right: Uint8Array, elementBytes: number): number {
  let differing = 0;
  for (let at = 0; at < left.length; at += elementBytes) {
    for (let byte = at; byte < at + elementBytes; byte++) {
      if (left[byte] === right[byte]) continue;
      differing++;
      break;
    }
  }
  return differing;
}
