import { isKind } from '../pickle/kinds.ts';
import type { PicklePersistent, PickleValue } from '../pickle/value.ts';
import { storageTypes, untypedStorages } from './vocabulary.ts';
import type { ElementType } from './vocabulary.ts';

/** Bytes that tensors are views of, as the pickle names them. */
export interface Storage {
  /** What its bytes are called in the file. */
  readonly key: string;
  readonly elements: ElementType;
  readonly isUntyped: boolean;
  readonly byteLength: number;
}

/** Reads `('storage', class, key, device, elements)`, in older files with `None` behind it. */
export function readStorage({ id }: PicklePersistent): Storage | undefined {
  if (!isKind(id, 'tuple')) return undefined;
  const [word, type, key, , count, view = null] = id.items;
  if (word !== 'storage' || !isKind(type, 'global') || typeof key !== 'string') return undefined;
  const elements = storageTypes.get(type.name);
  if (elements === undefined || !isSize(count) || id.items.length > 6) return undefined;
  // A storage that is a view of another one was written by the first versions alone.
  if (view !== null) return undefined;
  const byteLength = count * elements.bytes;
  if (!Number.isSafeInteger(byteLength)) return undefined;
  return { key, elements, isUntyped: untypedStorages.has(type.name), byteLength };
}

/** An integer that may count or place something. */
export function isSize(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && value >= 0;
}
