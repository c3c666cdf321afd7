/** The tensors of two checkpoints side by side, as far as headers tell. Pure. */
import type { DType } from '../../grammar/places/signature.ts';
import type { Checkpoint, CheckpointTensor } from '../checkpoints/checkpoint.ts';
import { byteOrder } from '../safetensors/byte-order.ts';
import { elementCount } from '../safetensors/dtype-size.ts';

/** What one side has under a name. */
export interface TensorShape {
  readonly dtype: DType;
  readonly shape: readonly number[];
}

export type Side = 'a' | 'b';

export type TensorPair =
  | { readonly kind: 'only'; readonly name: string; readonly side: Side; readonly is: TensorShape }
  | {
      readonly kind: 'other-shape';
      readonly name: string;
      readonly sides: readonly [a: TensorShape, b: TensorShape];
    }
  /** Of one shape: their values can be compared. */
  | {
      readonly kind: 'alike';
      readonly name: string;
      readonly dtypes: readonly [a: DType, b: DType];
      readonly shape: readonly number[];
      readonly elements: number;
      readonly byteLength: number;
    };

/** In byte order of their names; those that `isMeant` leaves out are as if they were not there. */
export function pairTensors(
  a: Pick<Checkpoint, 'tensors'>,
  b: Pick<Checkpoint, 'tensors'>,
  isMeant: (name: string) => boolean = () => true,
): readonly TensorPair[] {
  const names = [...new Set([...a.tensors.keys(), ...b.tensors.keys()])];
  return names
    .filter(isMeant)
    .sort(byteOrder)
    .map((name) => pairOf(name, a.tensors.get(name), b.tensors.get(name)));
}

function pairOf(
  name: string,
  a: CheckpointTensor | undefined,
  b: CheckpointTensor | undefined,
): TensorPair {
  if (a === undefined || b === undefined) {
    const side = a === undefined ? 'b' : 'a';
    return { kind: 'only', name, side, is: shapeOf((a ?? b)!) };
  }
  const { shape, byteLength } = a;
  if (shape.length !== b.shape.length || shape.some((size, axis) => size !== b.shape[axis]))
    return { kind: 'other-shape', name, sides: [shapeOf(a), shapeOf(b)] };
  const elements = elementCount(shape)!;
  return { kind: 'alike', name, dtypes: [a.dtype, b.dtype], shape, elements, byteLength };
}

function shapeOf({ dtype, shape }: TensorShape): TensorShape {
  return { dtype, shape };
}
