/**
 * What the extension and the program that computes in its panel say to each other. The extension owns the run: it reads, hashes
 * and writes, and the program asks it for slices by the file's number. A run that is cancelled or ends is not told: its thread
 * is ended, and the extension hears no more of it. Each message names its run, so that one that comes late is known.
 */
import type { Notice } from '../output/notice.ts';
import type { Packed } from './packed.ts';

/** Bytes of a message at most: what is longer goes in several. A cancel waits behind those that are under way. */
export const messageBytes = 1 << 20;
/** Reads and writes of the program that may be under way at once. */
export const messagesAhead = 4;

/** Tensors that are worked on at once: the one thread computes on one while another's bytes are on their way. */
export const benches = 2;

export interface ComputeStart {
  readonly backend: 'wasm' | 'oracle' | 'none';
  /** Whether a GPU is looked for, and whether one that computes on the CPU will do: for tests alone. */
  readonly gpu: 'never' | 'real' | 'any';
  readonly benches: number;
  readonly sliceElements: number;
  /** The most operands of any tensor. */
  readonly operands: number;
}

export type ToCompute =
  | { readonly kind: 'start'; readonly start: ComputeStart }
  /** A job of `engine/run/job.ts`. */
  | { readonly kind: 'job'; readonly id: number; readonly job: Packed }
  /** A tensor to map on the GPU: a request of `engine/run/gpu-map.ts`. */
  | { readonly kind: 'store'; readonly id: number; readonly request: Packed }
  | { readonly kind: 'bytes'; readonly id: number; readonly bytes: ArrayBuffer }
  /** Hashes of the pieces. */
  | { readonly kind: 'written'; readonly id: number; readonly pieces: Packed }
  /** A read or a write met a fault. */
  | { readonly kind: 'refused'; readonly id: number; readonly fault: Packed };

export type FromCompute =
  /** With a GPU, or why without where one was looked for. */
  | { readonly kind: 'started'; readonly device?: string; readonly refused?: string }
  | {
      readonly kind: 'read';
      readonly id: number;
      readonly file: number;
      readonly position: number;
      readonly length: number;
    }
  | {
      readonly kind: 'write';
      readonly id: number;
      readonly path: string;
      /** Where the tensor begins in the file, and the bytes in the tensor. */
      readonly offset: number;
      readonly at: number;
      readonly bytes: ArrayBuffer;
    }
  /** What befell its GPU. */
  | { readonly kind: 'notice'; readonly notice: Notice }
  /** To a job or a tensor. */
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Packed };

/** What the page does for the run: it holds the thread, and passes on what is said. */
export type ToPage =
  /** The program's text comes with the run: the page fetches nothing. */
  | { readonly kind: 'compute-begin'; readonly run: string; readonly program: string }
  | { readonly kind: 'compute'; readonly run: string; readonly message: ToCompute }
  | { readonly kind: 'compute-end'; readonly run: string };

export type FromPage =
  | { readonly kind: 'compute'; readonly run: string; readonly message: FromCompute }
  /** The thread met a bug, or could not be started. */
  | { readonly kind: 'compute-failed'; readonly run: string; readonly reason: string };
