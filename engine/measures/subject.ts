import type { Output, Step, TensorValue } from '../../grammar/check/checked.ts';
import { kindOf } from '../../grammar/check/share.ts';
import { anatomyOf } from '../../grammar/places/anatomy.ts';
import { floatTypes, type DType, type TensorHeader } from '../../grammar/places/signature.ts';
import type { StoredOutput } from '../run/options.ts';
import { byteOrder } from '../safetensors/byte-order.ts';

/** The step whose values are measured, and where they come from. */
export interface Subject {
  readonly step: Step;
  readonly values:
    /** Read back from the shards of an output that is not published yet. */
    | { readonly kind: 'stored'; readonly stored: StoredOutput }
    /** Computed, and rounded as that output would store them; without one they stay f32. */
    | { readonly kind: 'computed'; readonly as?: Output };
}

/** A model whose change is measured. */
export interface Who {
  readonly label: string;
  readonly value: TensorValue;
  readonly base?: TensorValue;
}

export function isDelta(value: TensorValue): boolean {
  return kindOf(value) === 'delta';
}

/** The step's float tensors, in byte order of their names: so sums are added. */
export function tensorsOf({ step }: Subject): readonly TensorHeader[] {
  return step.value
    .signature!.tensors.filter(({ dtype }) => floatTypes.has(dtype))
    .sort((a, b) => byteOrder(a.name, b.name));
}

/** The type in which a tensor's values are stored; undefined where they stay f32. */
export function storedType(subject: Subject, { name, dtype }: TensorHeader): DType | undefined {
  const { values } = subject;
  if (values.kind === 'stored') {
    return values.stored.output.tensors.find((tensor) => tensor.name === name)!.dtype;
  }
  return values.as && (values.as.dtype ?? dtype);
}

/** Tied weights count once: a head that is its embedding is left out where the embedding is counted. */
export function withoutTwins(names: ReadonlySet<string>, { step }: Subject): ReadonlySet<string> {
  const signature = step.value.signature!;
  if (signature.config?.tiedEmbeddings !== true) return names;
  const { places } = anatomyOf(signature);
  const partOf = (name: string): string | undefined => places.get(name)?.part;
  if (![...names].some((name) => partOf(name) === 'embeddings')) return names;
  return new Set([...names].filter((name) => partOf(name) !== 'head'));
}
