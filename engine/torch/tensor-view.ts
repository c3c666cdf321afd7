import { isKind } from '../pickle/kinds.ts';
import type { PickleCall, PickleValue } from '../pickle/value.ts';
import { elementCount } from '../safetensors/dtype-size.ts';
import { isSize, readStorage } from './storage.ts';
import type { Storage } from './storage.ts';
import { elementTypes, parameterMakers, tensorMakers } from './vocabulary.ts';
import type { ElementType } from './vocabulary.ts';

/** A tensor that is a run of elements in a storage. */
export interface TensorView {
  readonly storage: Storage;
  readonly elements: ElementType;
  readonly shape: readonly number[];
  /** Bytes from the storage's start. */
  readonly begin: number;
  readonly byteLength: number;
}

/** Why a tensor cannot be read; `what` ends a sentence that begins with its name. */
export interface ViewFlaw {
  readonly flaw: 'strided' | 'malformed';
  readonly what: string;
}

/** No network has tensors of more dimensions. */
const mostDimensions = 64;

/** The call that makes a tensor, be it a parameter or not; undefined for any other value. */
export function tensorCall(value: PickleValue): PickleCall | undefined {
  if (!isKind(value, 'call')) return undefined;
  if (tensorMakers.has(value.callee.name)) return value;
  if (!parameterMakers.has(value.callee.name)) return undefined;
  const [of] = value.args;
  return isKind(of, 'call') && tensorMakers.has(of.callee.name) ? of : undefined;
}

/** Reads the arguments of such a call: `(storage, offset, sizes, strides, requires_grad, hooks, …)`. */
export function readView({ callee, args }: PickleCall): TensorView | ViewFlaw {
  const [outside, offset, sizes, strides] = args;
  const storage = isKind(outside, 'persistent') ? readStorage(outside) : undefined;
  const shape = sizesOf(sizes);
  const steps = sizesOf(strides);
  if (storage === undefined) return malformed('has no storage');
  if (shape === undefined || steps === undefined || shape.length !== steps.length) {
    return malformed('has sizes and strides that do not fit each other');
  }
  const version = callee.name.at(-1) === '3' ? 3 : 2;
  const elements = version === 3 ? namedType(args[6], storage) : storage.elements;
  if (elements === undefined) return malformed('is of a type without a name here');
  if (isLazy(args[version === 3 ? 7 : 6])) {
    return { flaw: 'strided', what: 'is a view that negates or conjugates what it shows' };
  }
  const count = elementCount(shape);
  const byteLength = (count ?? Infinity) * elements.bytes;
  if (byteLength === 0) return { storage, elements, shape, begin: 0, byteLength: 0 };
  if (!isRowMajor(shape, steps)) {
    return { flaw: 'strided', what: `is a view with strides [${steps.join(', ')}]` };
  }
  const begin = isSize(offset) ? offset * elements.bytes : Infinity;
  if (begin + byteLength > storage.byteLength) {
    return malformed(`of shape [${shape.join(', ')}] reaches beyond its storage`);
  }
  return { storage, elements, shape, begin, byteLength };
}

function malformed(what: string): ViewFlaw {
  return { flaw: 'malformed', what };
}

function namedType(value: PickleValue | undefined, storage: Storage): ElementType | undefined {
  return storage.isUntyped && isKind(value, 'global') ? elementTypes.get(value.name) : undefined;
}

/** Metadata say that the elements are to be negated or conjugated when they are used. */
function isLazy(metadata: PickleValue | undefined): boolean {
  if (metadata === undefined || metadata === null) return false;
  return !isKind(metadata, 'dict') || metadata.values.some((value) => value !== false);
}

/** A tuple of sizes, or `torch.Size` of one. */
function sizesOf(value: PickleValue | undefined): number[] | undefined {
  const inner = isKind(value, 'call') && value.callee.name === 'torch.Size' ? value.args[0] : value;
  if (!isKind(inner, 'tuple') && !isKind(inner, 'list')) return undefined;
  if (inner.items.length > mostDimensions) return undefined;
  const sizes = inner.items.filter(isSize);
  return sizes.length === inner.items.length ? sizes : undefined;
}

/** Whether elements lie in the order of their indices; the stride of a dimension of one element says nothing. */
function isRowMajor(shape: readonly number[], steps: readonly number[]): boolean {
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i -= 1) {
    if (shape[i] === 1) continue;
    if (steps[i] !== step) return false;
    step *= shape[i]!;
  }
  return true;
}
