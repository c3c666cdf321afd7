/** What the header of a checkpoint says of its tensors: all that the language knows of weights. */
export type DType =
  | 'F64'
  | 'F32'
  | 'F16'
  | 'BF16'
  | 'F8_E4M3'
  | 'F8_E5M2'
  | 'I64'
  | 'I32'
  | 'I16'
  | 'I8'
  | 'U64'
  | 'U32'
  | 'U16'
  | 'U8'
  | 'BOOL';

export const floatTypes: ReadonlySet<DType> = new Set<DType>([
  'F64',
  'F32',
  'F16',
  'BF16',
  'F8_E4M3',
  'F8_E5M2',
]);

export interface TensorHeader {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/** A model's signature. Tensors are in byte order of their names. */
export interface Signature {
  readonly tensors: readonly TensorHeader[];
  /** From config.json, where there is one. */
  readonly config?: ModelConfig;
}

export interface ModelConfig {
  readonly modelType?: string;
  readonly layerCount?: number;
  readonly tiedEmbeddings?: boolean;
  readonly vocabularySize?: number;
  /** How positions become angles, in one spelling: equal texts mean equal settings. */
  readonly positions?: string;
}
