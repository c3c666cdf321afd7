import { failure, success, type Result } from '../faults/fault.ts';
import { memoryTooSmall } from '../faults/memory-too-small.ts';
import { shownBytes } from '../faults/shown.ts';

/** What slices and resident tensors may take, and how it is spent. */
export interface Budget {
  readonly workers: number;
  /** Elements of a slice: whole 1 MiB pieces of every output. */
  readonly sliceElements: number;
  /** A tensor of so many bytes, in its widest operand, stays whole with one worker through all its passes. */
  readonly residentBytes: number;
}

export interface Demand {
  readonly memory: number;
  readonly threads: number;
  /** The most operands, and the most open histograms, of any tensor. */
  readonly operands: number;
  readonly histograms: number;
  /** The most draws of an element of any tensor: masks that are kept from one pass to another. */
  readonly draws?: number;
  /** Bytes that a worker needs beside operands, output and histograms: what it makes operands from, and converts in. */
  readonly besides?: number;
  /** Bytes of an element of the narrowest type that is computed; 2 unless given. */
  readonly narrowest?: number;
}

const mebi = 1 << 20;
export const pieceElements = 524288;
/** More than this keeps fewer bytes in cache and is slower. */
const mostResident = 8 * mebi;
const slicesInPieces = [4, 2, 1] as const;
const bytesOfWord = 4;

/** Bytes of one worker: its operands, its output and its masks, its histograms, and what it makes and converts them with. */
export function workerBytes(
  { operands, histograms, draws = 0, besides = 0 }: Demand,
  stretchBytes: number,
): number {
  // A bit of a mask for each element, whose operands take 16 at least.
  const stretches = operands + 1 + draws / 16;
  return stretches * stretchBytes + histograms * 512 * 1024 + 64 * 1024 + besides;
}

/** Lowers what stays resident first, then the workers, then the slice. Below one worker with the smallest slice it is a fault. */
export function spendMemory(demand: Demand): Result<Budget> {
  const fixed = 2 * mebi;
  const fits = (workers: number, stretchBytes: number): boolean =>
    fixed + workers * workerBytes(demand, stretchBytes) <= demand.memory;
  const { narrowest = 2 } = demand;
  const sizes = slicesInPieces.filter((pieces) => pieces * narrowest >= 2);
  for (const pieces of sizes) {
    const sliceBytes = pieces * pieceElements * bytesOfWord;
    for (let workers = demand.threads; workers >= 1; workers--) {
      if (!fits(workers, sliceBytes)) continue;
      let residentBytes = mostResident;
      while (residentBytes > sliceBytes && !fits(workers, residentBytes)) residentBytes /= 2;
      return success({
        workers,
        sliceElements: pieces * pieceElements,
        residentBytes: Math.max(residentBytes, sliceBytes),
      });
    }
  }
  const least = fixed + workerBytes(demand, sizes.at(-1)! * pieceElements * bytesOfWord);
  return failure(memoryTooSmall, {
    message: `${shownBytes(demand.memory)} are too little: one worker needs ${shownBytes(least)} for these models.`,
    help: `Give --memory ${Math.ceil(least / mebi)}MiB or more.`,
  });
}
