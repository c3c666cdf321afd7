/** A configuration of mergekit, read and typed: what it says, and where. */
import type { Span } from '../../syntax/span.ts';

export interface Located<T> extends Span {
  readonly value: T;
}

/** `path@revision+lora@revision`. */
export interface ModelReference extends Span {
  readonly path: string;
  readonly revision?: string;
  readonly lora?: { readonly path: string; readonly revision?: string };
}

/** The text by which mergekit tells models apart. */
export function keyOf({ path, revision, lora }: ModelReference): string {
  const part = (of: string, at: string | undefined): string =>
    at === undefined ? of : `${of}@${at}`;
  return lora === undefined
    ? part(path, revision)
    : `${part(path, revision)}+${part(lora.path, lora.revision)}`;
}

export type ParameterValue =
  | ({ readonly kind: 'number'; readonly value: number } & Span)
  | ({ readonly kind: 'gradient'; readonly knots: readonly Located<number>[] } & Span);

/** An entry of a list of filters; a plain value is one without a filter. */
export interface Conditional extends Span {
  readonly filter?: Located<string>;
  readonly value: ParameterValue;
}

/** A parameter as one scope sets it. */
export interface ParameterSetting extends Span {
  readonly name: Located<string>;
  readonly entries: readonly Conditional[];
}

export type Parameters = readonly ParameterSetting[];

export interface ModelEntry extends Span {
  readonly model: ModelReference;
  readonly parameters: Parameters;
  readonly parametersSpan?: Span;
  /** First layer and the one behind the last. */
  readonly range?: { readonly first: number; readonly behind: number } & Span;
}

export interface Slice extends Span {
  readonly sources: readonly ModelEntry[];
  readonly base?: ModelReference;
  readonly parameters: Parameters;
}

export type Layout =
  | ({ readonly kind: 'models'; readonly models: readonly ModelEntry[] } & Span)
  | ({ readonly kind: 'slices'; readonly slices: readonly Slice[] } & Span);

export interface Module extends Span {
  readonly name: Located<string>;
  readonly layout: Layout;
  readonly parameters: Parameters;
}

export interface TokenizerSetting extends Span {
  readonly source: Located<'union' | 'base'> | ModelReference;
  readonly tokens: readonly TokenSetting[];
  readonly padTo?: Located<number>;
}

export interface TokenSetting extends Span {
  readonly token: string;
  readonly force: boolean;
  readonly source?:
    | ({ readonly kind: 'zero' } & Span)
    | ({ readonly kind: 'model'; readonly model: ModelReference } & Span)
    | ({
        readonly kind: 'row';
        readonly model: ModelReference;
        readonly token: string | number;
      } & Span);
}

export type DtypeWord = 'bf16' | 'f16' | 'f32';

export interface MergeDocument extends Span {
  readonly kind: 'merge';
  readonly name?: Located<string>;
  readonly method: Located<string>;
  readonly base?: ModelReference;
  readonly modules: readonly Module[];
  readonly parameters: Parameters;
  readonly dtype?: Located<DtypeWord>;
  readonly outDtype?: Located<DtypeWord>;
  readonly tokenizer?: TokenizerSetting;
  readonly chatTemplate?: Located<string>;
}

export interface MixtureExpert extends Span {
  readonly model: ModelReference;
  readonly prompts: readonly Located<string>[];
  readonly avoid: readonly Located<string>[];
  readonly noise?: Located<number>;
  readonly residualScale?: Located<number>;
}

export interface MixtureDocument extends Span {
  readonly kind: 'mixture';
  readonly base: ModelReference;
  readonly experts: readonly MixtureExpert[];
  readonly shared?: MixtureExpert;
  readonly gate?: Located<string>;
  readonly perToken?: Located<number>;
  readonly architecture?: Located<string>;
  readonly dtype?: Located<DtypeWord>;
}

export type ConfigDocument = MergeDocument | MixtureDocument;
