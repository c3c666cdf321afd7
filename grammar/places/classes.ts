/** Tensors that no rule tells apart: those that lie in the same sets, and at one depth where depth matters. */
import { anatomyOf } from './anatomy.ts';
import { floatTypes, type Signature } from './signature.ts';

export interface TensorClass {
  /** Stands for them all. */
  readonly tensor: string;
  readonly isFloat: boolean;
  /** For each set, whether they lie in it. */
  readonly within: readonly boolean[];
}

export type ClassesBy = 'sets' | 'sets and depth';

/** By the sets' own identities: places that say the same give the same set. */
const known = new WeakMap<Signature, Map<string, readonly TensorClass[]>>();
const knownAtMost = 500;
const numbers = new WeakMap<ReadonlySet<string>, number>();
let lastNumber = 0;

/** The classes of a signature's tensors, in the order of their first ones. An absent set holds none. */
export function classesOf(
  signature: Signature,
  sets: readonly (ReadonlySet<string> | undefined)[],
  by: ClassesBy,
): readonly TensorClass[] {
  let ofSignature = known.get(signature);
  if (ofSignature === undefined) known.set(signature, (ofSignature = new Map()));
  const key = `${by} ${sets.map((set) => (set === undefined ? '' : numberOf(set))).join(' ')}`;
  let classes = ofSignature.get(key);
  if (classes === undefined) {
    if (ofSignature.size >= knownAtMost) ofSignature.clear();
    ofSignature.set(key, (classes = readClasses(signature, sets, by)));
  }
  return classes;
}

function numberOf(set: ReadonlySet<string>): number {
  let number = numbers.get(set);
  if (number === undefined) numbers.set(set, (number = lastNumber += 1));
  return number;
}

function readClasses(
  signature: Signature,
  sets: readonly (ReadonlySet<string> | undefined)[],
  by: ClassesBy,
): readonly TensorClass[] {
  const { places } = anatomyOf(signature);
  const classes = new Map<string, TensorClass>();
  for (const { name, dtype } of signature.tensors) {
    const isFloat = floatTypes.has(dtype);
    const within = sets.map((set) => set?.has(name) === true);
    const place = places.get(name)!;
    const depth = by === 'sets' ? '' : `${place.tower} ${place.layer ?? place.part}`;
    const key = `${within.map(Number).join('')} ${isFloat} ${depth}`;
    if (!classes.has(key)) classes.set(key, { tensor: name, isFloat, within });
  }
  return [...classes.values()];
}
