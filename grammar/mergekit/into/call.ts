/** One call of a method: what it is made from, and what is written. */
import type { Span } from '../../syntax/span.ts';
import type {
  DtypeWord,
  Located,
  ModelEntry,
  ModelReference,
  Parameters,
} from '../config/config.ts';
import type { ForeignMethod, ForeignParameter } from '../methods.ts';
import type { Piece } from '../pieces.ts';
import type { Numbering } from './filters.ts';
import type { Chain } from './values.ts';

export interface CallInput {
  readonly method: ForeignMethod;
  readonly name: Located<string>;
  readonly entries: readonly ModelEntry[];
  readonly base?: ModelReference;
  /** Of the slice, the module and the document, the nearest first. */
  readonly scopes: readonly Parameters[];
  /** Brackets behind each model, as in `a[0..23]`; without, the models are whole. */
  readonly isCut: boolean;
  /** The tower that is cut, where the network has several. */
  readonly tower?: string;
  /** What layers of the result are numbered more than those of the call. */
  readonly offset: number;
  readonly compute?: DtypeWord;
  readonly stage: string;
  readonly about: Span;
}

export interface Call {
  readonly piece: Piece;
  /** Braces with rules, or nothing. */
  readonly rules: Piece;
  /** Steps that have to stand above it. */
  readonly above: readonly Piece[];
}

export interface Expert {
  readonly reference: ModelReference;
  readonly entry?: ModelEntry;
  /** What a map calls it; an expert in brackets has no name. */
  name?: string;
  piece: Piece;
  readonly numbering: Numbering;
  readonly chains: ReadonlyMap<ForeignParameter, Chain>;
}

export interface Inputs {
  readonly base?: Expert;
  readonly experts: readonly Expert[];
}
