/** The plan of a run: everything a worker must know, as plain data. */
import type { CardFacts } from '../card/card-facts.ts';
import type { SideFile } from '../checkpoints/checkpoint.ts';
import type { TensorTerm } from '../../grammar/check/term.ts';
import type { DType } from '../../grammar/places/signature.ts';
import type { ShardFile } from '../safetensors/layout.ts';
import type { LayerOrigin } from '../output/adapt-config.ts';
import type { ReportInput, ReportSeed } from '../output/report.ts';
import type { SourceTensor } from './donor.ts';
import type { PlannedOperand, TensorInFile } from './operand.ts';
import type { PlannedAdapter } from './planned-adapter.ts';

export interface PlannedTensor {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly elements: number;
  readonly byteLength: number;
  readonly work: PlannedWork;
  /** Its like in the model that gives the output its configuration: what changes are measured from. */
  readonly reference?: SourceTensor;
  /** Where it goes in the output. */
  readonly place: { readonly file: number; readonly offset: number };
}

export type PlannedWork =
  /** Taken as it is: the bytes of one tensor, payloads of NaNs and all. */
  | { readonly kind: 'copy'; readonly from: TensorInFile; readonly of: SourceTensor }
  | { readonly kind: 'compute'; readonly item: WorkItem }
  /** One of a module's two factors, which are made together: the output's `adapter` says of what. */
  | { readonly kind: 'factor' };

/** One tensor to run passes over. */
export interface WorkItem {
  readonly term: TensorTerm;
  /** In the order in which the term's program loads them. */
  readonly operands: readonly PlannedOperand[];
  /** By operand, whose tensor it is; planned work has them. */
  readonly sources?: readonly SourceTensor[];
  readonly elements: number;
  /** Of its own statistics, before what is stored can be computed. */
  readonly passes: number;
  /** The most histograms that are open at once in those passes. */
  readonly histograms: number;
  /** Draws of an element: a mask of each may be kept from one pass to another. */
  readonly draws: number;
  /** Elements of all tensors of each call under `scope: whole` that the term holds. */
  readonly wholeElements: Readonly<Record<string, number>>;
}

/** A statistic over the whole model: found over all its tensors before any tensor that needs it is computed. */
export interface PlannedGroup {
  readonly call: string;
  /** In byte order of their names: so sums are added. */
  readonly tensors: readonly { readonly name: string; readonly item: WorkItem }[];
}

export interface PlannedOutput {
  readonly step: string;
  /** Absolute. */
  readonly folder: string;
  /** SHA-256 in hex of all that decides the output: by it a finished one is known as up to date. */
  readonly hash: string;
  readonly files: readonly ShardFile[];
  readonly indexJson?: string;
  /** In byte order of their names. */
  readonly tensors: readonly PlannedTensor[];
  /** Where it is no model: what its tensors are made of. */
  readonly adapter?: PlannedAdapter;
  readonly config?: { readonly text: string; readonly notes: readonly string[] };
  readonly carried: readonly SideFile[];
  /** Small files that are made for it: a tokenizer, a chat template. */
  readonly written: readonly { readonly name: string; readonly text: string }[];
  /** What stands beside the model and was left there. */
  readonly notes?: readonly string[];
  /** Of random calls, where there are some. */
  readonly seeds?: readonly ReportSeed[];
  /** What its model card tells, where it has one. */
  readonly card?: CardFacts;
  readonly bytes: number;
}

export interface Plan {
  /** Absolute paths of the weights files that are read. */
  readonly files: readonly string[];
  readonly inputs: readonly ReportInput[];
  readonly outputs: readonly PlannedOutput[];
  /** Each waits only for those before it. */
  readonly groups: readonly PlannedGroup[];
}

export type { LayerOrigin };
