import { describe, expect, test } from 'vitest';
import { drawWord } from '../../numeric/threefry.ts';
import { fromBits } from './float-set.ts';
import { oracleSlice } from './oracle-slice.ts';
import { probeVectors } from './probe-vectors.ts';

describe('the words that the probe expects', () => {
  test.each(probeVectors)(
    "$name: the oracle's",
    ({ name, formula, uniforms, rows, firstElement }) => {
      const expected = rows.map((row) => row.at(-1));
      if (name === 'generator') {
        const key = [uniforms[0]!, uniforms[1]!] as const;
        expect(rows.map((_, i) => drawWord(key, firstElement! + i))).toEqual(expected);
        return;
      }
      const operands = formula.operandWidths.map(
        (_, operand) => new Uint8Array(Uint32Array.from(rows, (row) => row[operand]!).buffer),
      );
      const { output } = oracleSlice(formula, {
        uniforms,
        operands,
        elements: rows.length,
        firstElement: 0,
      });
      expect([...new Uint32Array(output.slice().buffer)]).toEqual(expected);
    },
  );
});

describe('a device that does otherwise fails', () => {
  const rows = (name: string) => probeVectors.find((vector) => vector.name === name)!.rows;
  const f = Math.fround;

  test('by fusing', () => {
    for (const [a, b, c, word] of rows('a sum fused with a product')) {
      // The product of two f32 is exact in f64, and so are these sums.
      const fused = f(fromBits(a!) * fromBits(b!) + fromBits(c!));
      expect(fused).not.toBe(fromBits(word!));
    }
  });

  test('by reassociating', () => {
    const [a, b, word] = rows('a sum reassociated')[0]!;
    expect(f(f(fromBits(a!) - fromBits(a!)) + fromBits(b!))).not.toBe(fromBits(word!));
    for (const [value, rounded] of rows('rounding by a large constant folded'))
      expect(fromBits(value!)).not.toBe(fromBits(rounded!));
    for (const [value, product] of rows('products reassociated'))
      expect(f(fromBits(value!) * f(f(1.1) * f(1.3)))).not.toBe(fromBits(product!));
    for (const [x, y, word] of rows('a common factor taken out'))
      expect(f(f(fromBits(x!) - fromBits(y!)) * f(0.1))).not.toBe(fromBits(word!));
  });
});
