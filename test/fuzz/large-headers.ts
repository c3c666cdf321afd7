/** Headers of a given size, each of one thing many times: what takes a parser long, or makes it large, shows in these. */

export interface LargeHeader {
  readonly title: string;
  readonly make: (bytes: number) => Buffer;
}

export const largeHeaders: readonly LargeHeader[] = [
  { title: 'spaces', make: (bytes) => filled(bytes, { before: '{', unit: ' ', after: '}' }) },
  { title: 'opening braces', make: (bytes) => filled(bytes, { unit: '{"a":' }) },
  {
    title: 'opening brackets',
    make: (bytes) => filled(bytes, { before: '{"a":{"shape":', unit: '[' }),
  },
  {
    title: 'one name without end',
    make: (bytes) => filled(bytes, { before: '{"', unit: 'a' }),
  },
  {
    title: 'one name of escaped quotation marks',
    make: (bytes) => filled(bytes, { before: '{"', unit: '\\"', after: '":1}' }),
  },
  {
    title: 'one name of escaped characters',
    make: (bytes) => filled(bytes, { before: '{"', unit: '\\u0041', after: '":{}}' }),
  },
  {
    title: 'one number',
    make: (bytes) =>
      filled(bytes, { before: '{"a":{"dtype":"U8","shape":[', unit: '9', after: ']}}' }),
  },
  {
    title: 'one number and a fraction',
    make: (bytes) =>
      filled(bytes, { before: '{"a":{"dtype":"U8","shape":[', unit: '9', after: '.5]}}' }),
  },
  {
    title: 'a long list',
    make: (bytes) => filled(bytes, { before: '{"a":{"shape":[0', unit: ',0', after: ']}}' }),
  },
  {
    title: 'one type',
    make: (bytes) =>
      filled(bytes, {
        before: '{"a":{"shape":[],"data_offsets":[0,4],"dtype":"',
        unit: 'F',
        after: '"}}',
      }),
  },
  {
    title: 'metadata',
    make: (bytes) =>
      numbered(bytes, { before: '{"__metadata__":{', unit: (i) => `"${i}":""`, after: '}}' }),
  },
  {
    title: 'empty tensors',
    make: (bytes) =>
      numbered(bytes, {
        before: '{',
        unit: (i) => `"${i}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`,
        after: '}',
      }),
  },
  {
    title: 'layers of empty tensors',
    make: (bytes) =>
      numbered(bytes, {
        before: '{',
        unit: (i) => `"layers.${i}.w":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`,
        after: '}',
      }),
  },
  { title: 'zero bytes', make: (bytes) => Buffer.alloc(bytes) },
  { title: 'bytes that are no text', make: (bytes) => Buffer.alloc(bytes, 0xff) },
];

function filled(
  bytes: number,
  { before = '', unit, after = '' }: { before?: string; unit: string; after?: string },
): Buffer {
  const count = Math.max(0, Math.floor((bytes - before.length - after.length) / unit.length));
  const middle = Buffer.alloc(count * unit.length, unit);
  return Buffer.concat([Buffer.from(before), middle, Buffer.from(after)]);
}

function numbered(
  bytes: number,
  { before, unit, after }: { before: string; unit: (index: number) => string; after: string },
): Buffer {
  const whole = Buffer.alloc(bytes);
  let length = whole.write(before);
  for (let i = 0; ; i += 1) {
    const text = (i === 0 ? '' : ',') + unit(i);
    if (length + text.length + after.length > bytes) break;
    length += whole.write(text, length, 'latin1');
  }
  length += whole.write(after, length);
  return whole.subarray(0, length);
}
