import { expect, test } from 'vitest';
import { readPositions } from './positions.ts';

const positions = (config: Readonly<Record<string, unknown>>): string | undefined =>
  readPositions([config]);

test('older and newer keys for one thing are one text', () => {
  expect(positions({ rope_theta: 10000, rope_scaling: null })).toBe('rope_theta 10000');
  expect(positions({ rotary_emb_base: 10000, rotary_pct: 0.25 })).toBe(
    positions({ rope_theta: 10000.0, partial_rotary_factor: 0.25 }),
  );
  expect(positions({ rope_parameters: { rope_theta: 10000, rope_type: 'default' } })).toBe(
    positions({ rope_theta: 10000 }),
  );
  expect(positions({ rope_theta: 5e5, rope_scaling: { factor: 8, type: 'linear' } })).toBe(
    positions({ rope_parameters: { rope_type: 'linear', factor: 8, rope_theta: 500000 } }),
  );
});

test('what is other is another text, and what is not said is none', () => {
  expect(positions({})).toBeUndefined();
  expect(positions({ rope_scaling: { rope_type: 'linear', factor: 4 } })).toBe(
    'rope_theta 10000, rope_scaling {"factor":4,"rope_type":"linear"}',
  );
  expect(positions({ rope_parameters: { full_attention: { rope_theta: 1e6 } } })).toBeUndefined();
  expect(positions({ rope_theta: 'many' })).toBeUndefined();
});
