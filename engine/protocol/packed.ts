/**
 * Plain data made ready for a channel that speaks JSON and carries buffers beside it: nothing is lost that decides bytes, such
 * as the sign of a zero or a NaN. Maps, functions and classes are no plain data.
 */
export interface Packed {
  readonly text: string;
  readonly buffers: readonly ArrayBuffer[];
}

/** What JSON has no word for, under a key that no data of ours has. */
const key = '$packed';

type Special =
  | { readonly [key]: 'number'; readonly is: 'NaN' | 'Infinity' | '-Infinity' | '-0' }
  | { readonly [key]: 'undefined' }
  | { readonly [key]: ArrayName; readonly buffer: number };

const arrays = { Uint8Array, Uint32Array, Float64Array, ArrayBuffer: undefined } as const;
type ArrayName = keyof typeof arrays;

export function pack(value: unknown): Packed {
  const buffers: ArrayBuffer[] = [];
  const text = JSON.stringify(packed(value, buffers));
  return { text, buffers };
}

export function unpack<T>({ text, buffers }: Packed): T {
  return unpacked(JSON.parse(text), buffers) as T;
}

function packed(value: unknown, buffers: ArrayBuffer[]): unknown {
  const carried = (name: ArrayName, bytes: ArrayBuffer): Special => ({
    [key]: name,
    buffer: buffers.push(bytes) - 1,
  });
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (Object.is(value, -0)) return { [key]: 'number', is: '-0' } satisfies Special;
      if (Number.isFinite(value)) return value;
      return { [key]: 'number', is: String(value) as 'NaN' } satisfies Special;
    case 'undefined':
      return { [key]: 'undefined' } satisfies Special;
    default:
      break;
  }
  if (value === null) return null;
  if (Array.isArray(value)) return value.map((entry) => packed(entry, buffers));
  // A view may show a part of a larger buffer, and shared memory stays where it is: what travels is a copy of its own.
  if (value instanceof Float64Array) return carried('Float64Array', ownBytes(value));
  if (value instanceof Uint32Array) return carried('Uint32Array', ownBytes(value));
  if (value instanceof Uint8Array) return carried('Uint8Array', ownBytes(value));
  if (isBuffer(value)) return carried('ArrayBuffer', ownBytes(new Uint8Array(value)));
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype)
    throw new Error('only plain data is packed');
  if (key in value) throw new Error(`${key} is the name of what is packed`);
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [name, packed(entry, buffers)]),
  );
}

function unpacked(value: unknown, buffers: readonly ArrayBuffer[]): unknown {
  if (Array.isArray(value)) return value.map((entry) => unpacked(entry, buffers));
  if (typeof value !== 'object' || value === null) return value;
  if (key in value) return special(value as Special, buffers);
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [name, unpacked(entry, buffers)]),
  );
}

function special(value: Special, buffers: readonly ArrayBuffer[]): unknown {
  switch (value[key]) {
    case 'undefined':
      return undefined;
    case 'number':
      return Number(value.is);
    case 'ArrayBuffer':
      return buffers[value.buffer];
    case 'Uint8Array':
    case 'Uint32Array':
    case 'Float64Array':
      return new arrays[value[key]](buffers[value.buffer]!);
  }
}

/** A page that is not isolated has no shared memory, and no name for it. */
function isBuffer(value: unknown): value is ArrayBufferLike {
  if (value instanceof ArrayBuffer) return true;
  return typeof SharedArrayBuffer !== 'undefined' && value instanceof SharedArrayBuffer;
}

function ownBytes({ buffer, byteOffset, byteLength }: ArrayBufferView): ArrayBuffer {
  return Uint8Array.from(new Uint8Array(buffer, byteOffset, byteLength)).buffer;
}
