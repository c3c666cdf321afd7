/** What one step computes, in the shape of a document of mergekit’s. */
import { type ForeignMethod, foreignMethods } from '../methods.ts';
import type { OutEntry, OutItem } from './yaml-text.ts';

export interface Body {
  readonly method: ForeignMethod;
  /** The type it computes in; absent: that of its inputs. */
  readonly compute?: string;
  readonly base?: string;
  readonly layout: OutEntry;
  readonly parameters: readonly OutEntry[];
  /** Whether values are computed at all: layers as they are have no type of their own. */
  readonly isComputed: boolean;
  /** The models that go in, by mergekit’s names. */
  readonly models: readonly string[];
}

export const passthrough = foreignMethods.get('passthrough')!;

/** The same of one call, before its sources stand in a document. */
export interface CallBody {
  readonly method: ForeignMethod;
  readonly sources: readonly OutItem[];
  readonly isCut: boolean;
  readonly base?: string;
  readonly parameters: readonly OutEntry[];
  readonly compute?: string;
  readonly isComputed: boolean;
  readonly models: readonly string[];
}
