import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TensorHeader } from '../../grammar/places/signature.ts';
import { byteOrder } from './byte-order.ts';
import { dtypeBytes } from './dtype-size.ts';
import { layoutShards } from './layout.ts';
import { parseHeader } from './parse-header.ts';

const names = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
    fc.constantFrom(
      '1',
      '10',
      '2',
      '__proto__',
      'model.layers.0.mlp.weight',
      '\u{10000}',
      '\ue000',
    ),
  )
  .filter((name) => name !== '__metadata__' && name.isWellFormed());

const tensors: fc.Arbitrary<TensorHeader[]> = fc.uniqueArray(
  fc.record({
    name: names,
    dtype: fc.constantFrom(...(Object.keys(dtypeBytes) as TensorHeader['dtype'][])),
    shape: fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 4 }),
  }),
  { selector: ({ name }) => name, maxLength: 20 },
);

test('byteOrder is the order of UTF-8 bytes', () => {
  fc.assert(
    fc.property(names, names, (a, b) => {
      expect(Math.sign(byteOrder(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
    { numRuns: 2000 },
  );
});

test('what is laid out reads back, in shards of any size', () => {
  fc.assert(
    fc.property(tensors, fc.option(fc.integer({ min: 1, max: 20_000 })), (headers, shardBytes) => {
      const layout = layoutShards(headers, shardBytes === null ? {} : { shardBytes });
      if (!layout.ok) throw new Error(layout.fault.message);
      const read = layout.value.files.flatMap(({ name, size, header }, file) => {
        expect(header.length % 8).toBe(0);
        const parsed = parseHeader(header.subarray(8), {
          file: name,
          dataOffset: header.length,
          fileSize: size,
        });
        if (!parsed.ok) throw new Error(parsed.fault.message);
        expect(parsed.value.metadata).toEqual(new Map([['format', 'pt']]));
        const sum = parsed.value.tensors.reduce((bytes, { byteLength }) => bytes + byteLength, 0);
        if (
          shardBytes !== null &&
          parsed.value.tensors.filter(({ byteLength }) => byteLength > 0).length > 1
        ) {
          expect(sum).toBeLessThanOrEqual(shardBytes);
        }
        return parsed.value.tensors.map(
          ({ name: tensor, ...place }) => [tensor, { ...place, file }] as const,
        );
      });
      expect(new Map(read)).toEqual(layout.value.tensors);
      const sorted = [...headers].sort((a, b) =>
        Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)),
      );
      expect(read.map(([name]) => name)).toEqual(sorted.map(({ name }) => name));
    }),
    { numRuns: 300 },
  );
});

test('a damaged header gives a fault or a proved header, never an exception', () => {
  const damage = fc.record({
    at: fc.nat(),
    kind: fc.constantFrom('set', 'delete', 'insert', 'repeat'),
    byte: fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('{}[]",:0123456789\\'))),
  });
  fc.assert(
    fc.property(
      tensors,
      fc.array(damage, { minLength: 1, maxLength: 4 }),
      fc.nat(64),
      (headers, damages, extra) => {
        const layout = layoutShards(headers);
        if (!layout.ok) throw new Error(layout.fault.message);
        const { header, size } = layout.value.files[0]!;
        let json = [...header.subarray(8)];
        for (const { at, kind, byte } of damages) {
          const place = at % json.length;
          if (kind === 'set') json[place] = byte;
          if (kind === 'delete') json.splice(place, 1);
          if (kind === 'insert') json.splice(place, 0, byte);
          if (kind === 'repeat') json = [...json, ...json.slice(place)];
        }
        const fileSize = size + (extra % 2 === 0 ? 0 : extra - 32);
        const dataOffset = 8 + json.length;
        const parsed = parseHeader(Uint8Array.from(json), { file: 'm', dataOffset, fileSize });
        if (!parsed.ok) {
          expect(parsed.fault.code).toMatch(/^MW45(0[689]|1[01])$/);
          expect(parsed.fault.message.length).toBeLessThan(1000);
          return;
        }
        // Whatever was let through covers the data exactly.
        const places = [...parsed.value.tensors].sort(
          (a, b) => a.offset - b.offset || a.byteLength - b.byteLength,
        );
        let covered = dataOffset;
        for (const { offset, byteLength } of places) {
          expect(offset).toBe(covered);
          covered += byteLength;
        }
        expect(covered).toBe(fileSize);
      },
    ),
    { numRuns: 3000 },
  );
});
