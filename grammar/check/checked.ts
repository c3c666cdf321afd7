/**
 * What a check gives: the recipe with every name resolved, every value typed, and its findings.
 * The plan, hover, `explain` and the panel all read this; nothing else reads the text again.
 */
import type { MethodSignature, ParameterValue } from '../catalogue.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Origin } from '../places/cut.ts';
import type { Place } from '../places/place.ts';
import type { DType, Signature } from '../places/signature.ts';
import type { Span } from '../syntax/span.ts';
import type { Recipe, Statement } from '../syntax/tree.ts';
import type { Curve, Value } from './value.ts';
import type { TemplateWord } from './forms.ts';

export type SourceReference =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'hub'; readonly id: string; readonly revision?: string };

/** What is known of a source's files before the check: its header, or why there is none. */
export type HeaderAnswer =
  | {
      readonly kind: 'signature';
      readonly signature: Signature;
      /** The terms that its model card tells: `apache-2.0`. */
      readonly licence?: string;
    }
  | {
      readonly kind: 'adapter';
      /** What it changes of a model: the Delta's signature, or why it does not fit. */
      readonly on: (base: Signature) => AdapterAnswer;
    }
  | { readonly kind: 'fault'; readonly code: string; readonly message: string };

/** An adapter laid on a model. */
export type AdapterAnswer =
  | { readonly kind: 'signature'; readonly signature: Signature }
  | { readonly kind: 'fault'; readonly code: string; readonly message: string };

export interface Source extends Span {
  readonly kind: 'model' | 'adapter' | 'stats';
  readonly name: string;
  readonly reference: SourceReference;
  /** The model an adapter lies on, or statistics are of. */
  readonly on?: string;
  /** Of that model, once headers are reached. */
  readonly base?: Signature;
  /** Present once headers are reached; tensors in byte order of their names. Of an adapter, the tensors that it changes. */
  readonly signature?: Signature;
}

/**
 * A tensor-valued expression: a Model, a Delta or another, whole.
 * `share` is 1 for a Model, 0 for a Delta; `signature` holds its tensors with their result types.
 */
export type TensorValue = TensorValueShape & {
  readonly span: Span;
  /** A curve only inside a sum, where other terms make up for it. */
  readonly share: number | Curve;
  readonly signature?: Signature;
  /** Whether any part of it is checked only, so that a run refuses it; the word names the form. */
  readonly later?: string;
};

type TensorValueShape =
  | { readonly kind: 'source'; readonly source: Source }
  | { readonly kind: 'step'; readonly step: Step }
  | { readonly kind: 'call'; readonly call: MethodCall }
  | {
      readonly kind: 'sum';
      readonly terms: readonly { readonly negative: boolean; readonly value: TensorValue }[];
    }
  | {
      readonly kind: 'scaled';
      readonly by: number | Curve;
      readonly divide: boolean;
      readonly value: TensorValue;
    }
  | { readonly kind: 'negated'; readonly value: TensorValue }
  | {
      readonly kind: 'layers';
      readonly value: TensorValue;
      /** Ascending; empty before headers. */
      readonly layers: readonly number[];
      readonly tower?: string;
      /** For every tensor of the result, its name in `value`; present with the signature. */
      readonly origins?: ReadonlyMap<string, Origin>;
    }
  | {
      readonly kind: 'stack';
      readonly parts: readonly TensorValue[];
      /** For every tensor of the result, its part and its name there; present with the signature. */
      readonly origins?: ReadonlyMap<string, Origin>;
    }
  /** What could not be read, or is checked only (then `later` says what). */
  | { readonly kind: 'broken' };

export interface Expert {
  /** The name it has in maps of values: of a model, step or `let`. */
  readonly name?: string;
  readonly value: TensorValue;
  readonly span: Span;
  /** Values written at the expert: `[math { weight: 0.6 }]`. */
  readonly own?: ReadonlyMap<string, Value>;
}

export interface MethodCall {
  /** Names the call within its recipe: its statement's name, and which call of that statement it is. */
  readonly id: string;
  readonly method: MethodSignature;
  readonly base?: TensorValue;
  /** Ends by position, the experts of the list, or the one operand. */
  readonly inputs: readonly Expert[];
  /** Arguments as written, after spreads; what is absent has its default. */
  readonly args: ReadonlyMap<string, Value>;
  readonly compat: 'paper' | 'mergekit';
  /** Which random call of its statement, from 1, where the method is random. */
  readonly drawSlot?: number;
}

export interface Step extends Span {
  readonly name: string;
  readonly statement: Statement;
  readonly value: TensorValue;
  readonly rules: readonly BoundRule[];
}

export interface BoundRule extends Span {
  readonly place: Place;
  /** The tensors of the step's result that the place holds; absent before headers. */
  readonly tensors?: ReadonlySet<string>;
  readonly actions: readonly BoundAction[];
}

export type BoundAction =
  | ({ readonly kind: 'take'; readonly value: TensorValue } & Span)
  /** `expert` absent: for all experts (or a parameter that has one value). */
  | ({
      readonly kind: 'set';
      readonly parameter: string;
      readonly expert?: string;
      readonly value: Value;
    } & Span);

export interface Output extends Span {
  readonly step: Step;
  readonly folder: string;
  readonly dtype?: DType;
  /** Bytes of a shard; absent: one file. */
  readonly shards?: number;
  readonly card: boolean;
  readonly vocabulary?: OutputVocabulary;
  readonly chatTemplate?: ChatTemplate;
  /** Written into the header of each file, values as texts. */
  readonly metadata?: ReadonlyMap<string, string>;
  /** Why a run refuses it, if it depends on what runs later. */
  readonly later?: string;
}

/** Whose tokens an output has, and where the rows of single ones come from. */
export interface OutputVocabulary extends Span {
  /** The first has the tokenizer; the tokens of others that it lacks come behind, in this order. */
  readonly models: readonly TensorValue[];
  readonly tokens: ReadonlyMap<string, TokenRow>;
  /** The height of the embedding is rounded up to a multiple of it. */
  readonly padTo: number;
}

/** The row of one token, for every model that has not the token itself; a forced one for all. */
export interface TokenRow extends Span {
  readonly from:
    | { readonly kind: 'zero' }
    | { readonly kind: 'model'; readonly value: TensorValue }
    /** Another token of the model, by its text or number. */
    | { readonly kind: 'row'; readonly value: TensorValue; readonly token: string | number };
  readonly forced: boolean;
}

export type ChatTemplate =
  | { readonly kind: 'word'; readonly word: TemplateWord }
  /** From the recipe's folder. */
  | { readonly kind: 'file'; readonly path: string };

export interface Expectation extends Span {
  readonly text: string;
  readonly condition: Condition;
  /** The step asked about first; the outputs it reaches judge it. */
  readonly step: Step;
}

export type Condition =
  | {
      readonly kind: 'compare';
      readonly operator: '<' | '<=' | '>' | '>=' | '==' | '!=';
      readonly left: Figure;
      readonly right: Figure;
    }
  | { readonly kind: 'finite'; readonly step: Step }
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition };

/** A number that only weights can give. */
export type Figure =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'measure'; readonly measure: MeasureCall }
  | {
      readonly kind: 'arithmetic';
      readonly operator: '+' | '-' | '*' | '/';
      readonly left: Figure;
      readonly right: Figure;
    }
  | { readonly kind: 'negated'; readonly operand: Figure };

export interface MeasureCall extends Span {
  readonly measure: string;
  readonly step: Step;
  readonly models: readonly Expert[];
  readonly base?: TensorValue;
  /** Names of the step's result within `at:`; absent: all. */
  readonly tensors?: ReadonlySet<string>;
  readonly options: Readonly<Record<string, ParameterValue>>;
}

/** A name that an import brings in, as the recipe writes it: `gentle` or `common.gentle`. */
export interface ImportedName extends Span {
  readonly name: string;
  /** The statement that declares it there. */
  readonly kind: Statement['kind'];
  readonly doc?: string;
  /** The file's key; the span is its own. */
  readonly file: string;
}

export interface Checked {
  readonly recipe: Recipe;
  readonly diagnostics: readonly Diagnostic[];
  /** How deep it could look. */
  readonly reached: 'text' | 'headers';
  readonly sources: readonly Source[];
  /** Of this recipe. */
  readonly steps: readonly Step[];
  /** Of the recipes it uses; their spans, like those of imported sources, lie behind every text: `locate` reads them. */
  readonly importedSteps: readonly Step[];
  readonly imports: readonly ImportedName[];
  readonly outputs: readonly Output[];
  readonly expectations: readonly Expectation[];
}
