import type { DType, Signature } from '../../grammar/places/signature.ts';

/** One weights file of a checkpoint, with what identifies it. */
export interface CheckpointFile {
  /** Relative to the checkpoint's folder. */
  readonly name: string;
  /** Absolute, links resolved: what is opened is what was proved. */
  readonly path: string;
  readonly size: number;
  /** Nanoseconds since 1970 in decimal digits. */
  readonly mtimeNs: string;
  /** SHA-256 of the header with its length before it, in hex. */
  readonly headerHash: string;
  /** SHA-256 of the whole file as a Hugging Face cache names its blob; absent elsewhere. Not verified here. */
  readonly blobHash?: string;
}

export interface CheckpointTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Place of its file in `files`. */
  readonly file: number;
  /** Bytes from the start of that file. */
  readonly offset: number;
  readonly byteLength: number;
}

/** A file that an output takes over from its model as it is: tokenizer, generation settings, templates. */
export interface SideFile {
  readonly name: string;
  /** Absolute, links resolved. */
  readonly path: string;
  readonly size: number;
}

/** A model as its headers and configuration tell it; no weights have been read. Plain data. */
export interface Checkpoint {
  /** Absolute. */
  readonly folder: string;
  readonly files: readonly CheckpointFile[];
  /** All tensors, integers among them, in byte order of their names. */
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  /** What the language knows of it: float tensors alone. */
  readonly signature: Signature;
  /** The text of `config.json`; from it an output's configuration is made. */
  readonly configText?: string;
  /** The same, read. */
  readonly configJson?: unknown;
  /** The type that the configuration names (`bfloat16`), as it names it. */
  readonly configDtype?: string;
  readonly carried: readonly SideFile[];
  /** The commit of a Hugging Face snapshot. */
  readonly revision?: string;
}
