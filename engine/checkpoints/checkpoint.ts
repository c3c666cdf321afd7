import type { DType, Signature } from '../../grammar/places/signature.ts';
import type { Adapter, LaidFactors } from '../adapters/adapter.ts';
import type { RowRuns } from '../vocabulary/row-runs.ts';

/** The terms of a model, as it tells them. */
export interface Licence {
  /** An identifier in lower case, as the hub writes it: `apache-2.0`, `mit`, `other`. */
  readonly id: string;
  /** Of one that has no identifier: `license_name` and `license_link`. */
  readonly name?: string;
  readonly link?: string;
  /** The file that tells it. */
  readonly file: string;
}

/** One weights file of a checkpoint, with what identifies it. */
export interface CheckpointFile {
  /** Relative to the checkpoint's folder. */
  readonly name: string;
  /** Absolute, links resolved: what is opened is what was proved. */
  readonly path: string;
  readonly size: number;
  /** Nanoseconds since 1970 in decimal digits. */
  readonly mtimeNs: string;
  /** SHA-256 of what says which tensors there are and where, in hex: the header with its length before it. */
  readonly headerHash: string;
  /** The key of the dict in which a PyTorch file has its tensors (`state_dict`), if they are not the whole file. */
  readonly within?: string;
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

/** A matrix whose rows come from those of several models, each by its name in the recipe. */
export interface RebuiltTensor extends RowRuns {
  readonly columns: number;
  readonly from: readonly { readonly source: string; readonly name: string }[];
}

/** A file that an output takes over from its model as it is: tokenizer, generation settings, templates. */
export interface SideFile {
  /** That of a sentence encoder's part has its folder before it, and `/`. */
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
  /** All tensors, integers among them, in byte order of their names. In a PyTorch file, tied ones have the same bytes. */
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
  /** Python files beside the weights: an output takes them only when it is asked to. */
  readonly code?: readonly SideFile[];
  /** Of a sentence encoder: why its parts in folders beside the weights are not among the files that an output takes over. */
  readonly modulesLeft?: string;
  /** As its model card or the name of its licence's file tells it. */
  readonly licence?: Licence;
  /** The commit of a Hugging Face snapshot. */
  readonly revision?: string;
  /** Of a model that is brought to another vocabulary: its tensors whose rows are others than in its files. */
  readonly rebuilt?: ReadonlyMap<string, RebuiltTensor>;
  /** Rows of its embedding then. */
  readonly vocabularySize?: number;
  /** What it does to a model, where it is an adapter; its tensors are factors then, and its signature is empty. */
  readonly adapter?: Adapter;
  /** Of an adapter that is laid on its model: by the model's tensors, the factors that change each. */
  readonly factors?: ReadonlyMap<string, LaidFactors>;
}
